package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracks that are links of chains, and so must be decoded in order, on a wire and at disks that get in the way of that. */
@Execution(ExecutionMode.CONCURRENT)
class ChainSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int TRACKS = 640;

    private final SimulatedSource source = SimulatedSource.text(TRACKS, 3);

    /** Datagrams of the pass if nothing is sent twice. */
    private long passDatagrams() {
        long count = 0;
        for (int track = 0; track < TRACKS; track++) {
            count += (source.encoded(track).length + SimulatedSource.SYMBOL_BYTES - 1) / SimulatedSource.SYMBOL_BYTES;
        }
        return count;
    }

    /** Datagrams of any kind to slaves, as a part of those of the pass. */
    private double cost(SimulatedLan lan) {
        return (double) lan.datagramsToSlaves() / passDatagrams();
    }

    private static void assertComplete(SimulatedLan lan, SimulatedMaster master, List<SimulatedSlave> slaves) {
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(slave -> slave.result() == Result.COMPLETE);
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    /** The simulated master holds so many tracks whatever their length, so links make a slave believe that it holds more. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {20, 22})
    void aMasterThatHoldsLessThanItsSlaveBelievesStopsNobody(long seed) {
        SimulatedLan lan = new SimulatedLan(seed).linkBitsPerSecond(40_000_000).loss(0.02);
        SimulatedSource mixed = SimulatedSource.mixed(1_100, seed);
        SimulatedMaster master = lan.startMaster(mixed, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(mixed);
        master.mayRepeat();
        slave.mayRepeat();

        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertComplete(lan, master, List.of(slave));
    }

    @ParameterizedTest(name = "loss {0}, reordering {1} ms, {2} slots: at most {3} times the pass")
    @CsvSource({
        "0, 0, 20, 1.02",
        "0, 5, 20, 1.4",
        "0.01, 0, 60, 1.15",
        "0.05, 0, 60, 1.3",
        "0.1, 1, 20, 1.5",
        "0.05, 0, 3, 1.3"
    })
    void linksAreDecodedInOrderWhateverIsLost(double loss, double reorderingMs, int slots, double most) {
        SimulatedLan lan =
                new SimulatedLan(21).loss(loss).reorderingMs(reorderingMs).memory(slots, 120);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(4));
        List<SimulatedSlave> slaves = lan.startSlaves(4, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(lan, master, slaves);
        assertThat(slaves).allMatch(slave -> loss == 0 || slave.waited() > 0);
        assertThat(cost(lan)).isLessThan(most);
        assertThat(slaves).allMatch(slave -> slave.mostWritesOfATrack() == 1);
    }

    @ParameterizedTest(name = "bursts of up to {0}")
    @CsvSource({"12, 0.004", "60, 0.001", "1000, 0.0001"})
    void wholeLinksThatAreLostCostFewOthers(int datagrams, double probability) {
        SimulatedLan lan = new SimulatedLan(22).bursts(probability, datagrams).memory(60, 120);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(4));
        List<SimulatedSlave> slaves = lan.startSlaves(4, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(lan, master, slaves);
        assertThat(cost(lan)).isLessThan(1.4);
    }

    /** The master holds few tracks that it has read again, and what is asked for comes in no order. */
    @ParameterizedTest(name = "seed {0}, room for {1} tracks")
    @CsvSource({"31, 4", "32, 20", "33, 40", "34, 70", "35, 100", "36, 150"})
    void tracksThatAreReadAgainAreNotInTheWayOfEachOther(int seed, int held) {
        SimulatedLan lan = new SimulatedLan(seed).bursts(0.0008, 800).memory(40, held);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(12));
        List<SimulatedSlave> slaves = lan.startSlaves(12, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(lan, master, slaves);
    }

    @Test
    void aSlaveThatJoinsInTheMiddleOfAGroupGetsWhatItCannotDecodeAlone() {
        SimulatedLan lan = new SimulatedLan(23).linkBitsPerSecond(2_000_000).memory(60, 120);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 300, LIMIT);
        SimulatedSlave late = lan.startSlave(source);

        lan.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertComplete(lan, master, List.of(late));
        assertThat(cost(lan)).isLessThan(1.9);
    }

    @Test
    void aSlaveThatHasMostTracksAlreadyGetsTheOthersAlone() {
        SimulatedLan lan = new SimulatedLan(24).memory(60, 120);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(1).delta());
        SimulatedSlave slave = lan.startSlave(source).holdsAllBut(10);

        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertComplete(lan, master, List.of(slave));
        assertThat(cost(lan)).isLessThan(0.15);
    }

    @Test
    void aSlaveThatIsRestartedGetsTheRest() {
        SimulatedLan lan = new SimulatedLan(25).linkBitsPerSecond(2_000_000).memory(60, 120);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 200, LIMIT);
        slaves.get(1).kill();
        lan.runUntil(() -> master.sendPosition() > 300, LIMIT);
        slaves.get(1).start();

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(lan, master, slaves);
        assertThat(cost(lan)).isLessThan(1.45);
    }
}
