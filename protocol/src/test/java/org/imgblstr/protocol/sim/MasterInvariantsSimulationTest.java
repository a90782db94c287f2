package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Sessions in which a master comes to the bounds that {@link MasterInvariants} holds it to. */
@Execution(ExecutionMode.CONCURRENT)
class MasterInvariantsSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long RATE = 20_000_000;

    @Test
    void aRateThatWasSetIsKeptAndReachedThroughPassAndRepairs() {
        SimulatedLan lan = new SimulatedLan(81).linkBitsPerSecond(1_000_000_000).loss(0.03);
        SimulatedSource source = SimulatedSource.random(300, 81);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(3).rate(RATE));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        double leastSeconds = 300 * 26 * 350 * 8.0 / RATE;
        assertThat(master.seconds()).isBetween(leastSeconds, 2 * leastSeconds);
    }

    @Test
    void aSlaveThatJoinsLateIsServedByAFewTracksAtATime() {
        SimulatedLan lan = new SimulatedLan(82).linkBitsPerSecond(20_000_000).memory(100, 24);
        SimulatedSource source = SimulatedSource.mixed(900, 82);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 700, LIMIT);

        SimulatedSlave late = lan.startSlave(source);
        lan.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(late.hasSourcesBytes()).isTrue();
    }
}
