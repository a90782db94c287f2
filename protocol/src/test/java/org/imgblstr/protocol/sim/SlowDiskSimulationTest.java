package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Slaves whose disks do not keep up, by what the operator wants done with them. */
@Execution(ExecutionMode.CONCURRENT)
class SlowDiskSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Test
    void aSlowDiskHoldsTheMasterBackByTheWindowAndLosesNothing() {
        SimulatedLan lan = new SimulatedLan(15);
        SimulatedSource source = SimulatedSource.random(300, 15);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        SimulatedSlave fast = lan.startSlave(source);
        SimulatedSlave slow = lan.startSlave(source).diskRate(2_000_000);

        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(fast.hasSourcesBytes() && slow.hasSourcesBytes()).isTrue();
        // 300 tracks of 32 symbols: the window let nothing be sent that had to be sent again.
        assertThat(lan.datagramsToSlaves()).isLessThan(300 * 33 + 2000);
    }

    @Test
    void withCatchupTheOthersDoNotWaitForASlowDiskWhichEndsVerified() {
        Duration alone = secondsOfSeven(30, SlowPolicy.CATCHUP, false);
        Duration withSlow = secondsOfSeven(30, SlowPolicy.CATCHUP, true);

        assertThat(withSlow.toMillis()).isLessThan(alone.toMillis() * 110 / 100);
    }

    /** Virtual time until the seven fast slaves have ended; the slow one, when there is one, must then end complete as well. */
    private static Duration secondsOfSeven(long seed, SlowPolicy policy, boolean isSlowThere) {
        SimulatedLan lan = new SimulatedLan(seed).linkBitsPerSecond(50_000_000).memory(60, 60);
        SimulatedSource source = SimulatedSource.random(8000, seed);
        int count = isSlowThere ? 8 : 7;
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(count).slow(policy));
        List<SimulatedSlave> fast = lan.startSlaves(7, source);
        if (isSlowThere) {
            lan.startSlave(source).diskRate(1_250_000);
        }
        lan.runUntil(() -> master.sendPosition() > 0, LIMIT);
        long startNs = lan.nowNs();
        lan.runUntil(() -> fast.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        Duration taken = Duration.ofNanos(lan.nowNs() - startNs);
        lan.runUntil(master::isOver, LIMIT);
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(fast).allMatch(SimulatedSlave::hasSourcesBytes);
        return taken;
    }

    @Test
    void withDropASlowDiskIsSentAwayAndNamed() {
        SimulatedLan lan = new SimulatedLan(31).linkBitsPerSecond(50_000_000).memory(60, 60);
        SimulatedSource source = SimulatedSource.random(3000, 31);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(3).slow(SlowPolicy.DROP));
        List<SimulatedSlave> fast = lan.startSlaves(2, source);
        SimulatedSlave slow = lan.startSlave(source).diskRate(300_000);

        lan.runUntil(() -> master.isOver() && slow.isOver(), LIMIT);

        assertThat(slow.result()).isEqualTo(Result.TOO_SLOW);
        assertThat(master.slaves())
                .filteredOn(slave -> slave.result() == Result.TOO_SLOW)
                .extracting(SlaveEntry::label)
                .containsExactly("slave 3");
        assertThat(fast).allMatch(SimulatedSlave::hasSourcesBytes).allMatch(slave -> slave.result() == Result.COMPLETE);
    }

    @Test
    void withWaitAllEndTogether() {
        SimulatedLan lan = new SimulatedLan(32).linkBitsPerSecond(50_000_000).memory(60, 60);
        SimulatedSource source = SimulatedSource.random(1000, 32);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(3).slow(SlowPolicy.WAIT));
        List<SimulatedSlave> fast = lan.startSlaves(2, source);
        lan.startSlave(source).diskRate(600_000);

        lan.runUntil(() -> fast.get(0).doneTracks() == 1000, LIMIT);

        assertThat(master.sendPosition()).isEqualTo(1000);
        assertThat(master.slaves()).allMatch(slave -> slave.doneTracks() > 850);
        lan.runUntil(master::isOver, LIMIT);
        assertThat(master.saysComplete()).isTrue();
    }

    @Test
    void aSlaveWhoseDiskStallsForEverIsSentAwayInTheEnd() {
        SimulatedLan lan = new SimulatedLan(33);
        SimulatedSource source = SimulatedSource.random(200, 33);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        SimulatedSlave good = lan.startSlave(source);
        SimulatedSlave stuck = lan.startSlave(source).diskRate(10);

        lan.runUntil(() -> master.isOver() && good.isOver() && stuck.isOver(), LIMIT);

        assertThat(good.result()).isEqualTo(Result.COMPLETE);
        assertThat(stuck.result()).isEqualTo(Result.TOO_SLOW);
        assertThat(master.saysComplete()).isFalse();
    }
}
