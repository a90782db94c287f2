package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the master tells in the end of each slave's datagrams and repairs. */
class CountersSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int TRACKS = 150;

    private static List<SlaveCounters> counted(SimulatedLan lan, boolean isOneKilled) {
        SimulatedSource source = SimulatedSource.random(TRACKS, 31);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        if (isOneKilled) {
            lan.runUntil(() -> slaves.get(0).doneTracks() > TRACKS / 2, LIMIT);
            slaves.get(0).kill();
        }
        lan.runUntil(master::isOver, LIMIT);
        return master.slaves().stream().map(SlaveEntry::counters).toList();
    }

    @Test
    void whereNothingIsLostNothingIsRepaired() {
        assertThat(counted(new SimulatedLan(31), false)).hasSize(3).allSatisfy(counters -> {
            assertThat(counters.receivedDatagrams()).isGreaterThan(TRACKS);
            assertThat(counters.lostDatagrams()).isZero();
            assertThat(counters.droppedDatagrams()).isZero();
            assertThat(counters.repairedTracks()).isZero();
        });
    }

    @Test
    void theMasterHearsWhyADiskFailedInTheWordsOfTheSlave() {
        SimulatedLan lan = new SimulatedLan(35);
        SimulatedSource source = SimulatedSource.random(TRACKS, 35);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source).failAt(30);

        lan.runUntil(master::isOver, LIMIT);

        assertThat(slave.message()).isNotEmpty();
        assertThat(master.slaves()).extracting(SlaveEntry::why).containsExactly(slave.message());
    }

    @ParameterizedTest(name = "every {0}th track is lacking")
    @ValueSource(ints = {0, 50})
    void whereLittleIsSentNothingIsLostEither(int everyNth) {
        // given slaves that are complete one after the other, so that Done goes out between other datagrams
        SimulatedLan lan = new SimulatedLan(34);
        SimulatedSource source = SimulatedSource.random(TRACKS, 34);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(3).delta());
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        for (int i = 0; i < 3; i++) {
            slaves.get(i).diskRate(10_000_000L << (2 * i)).holdsAllBut(everyNth);
        }
        // when
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        // then
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(master.slaves()).extracting(SlaveEntry::counters).allSatisfy(counters -> {
            assertThat(counters.receivedDatagrams()).isPositive();
            assertThat(counters.lostDatagrams()).isZero();
        });
    }

    @Test
    void aLossyPathShowsItsLossAndItsRepairs() {
        assertThat(counted(new SimulatedLan(32).loss(0.05), false)).hasSize(3).allSatisfy(counters -> {
            assertThat(counters.lossRate()).isBetween(0.03, 0.07);
            assertThat(counters.repairedTracks()).isBetween(TRACKS / 2L, (long) TRACKS);
        });
    }

    @Test
    void ofASlaveThatToldNoEndItsLastReportCounts() {
        assertThat(counted(new SimulatedLan(33).loss(0.05), true)).hasSize(3).anySatisfy(counters -> {
            assertThat(counters.receivedDatagrams()).isPositive();
            assertThat(counters.lostDatagrams()).isPositive();
            assertThat(counters.repairedTracks()).isBetween(1L, TRACKS - 1L);
        });
    }
}
