package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One slave of a room alone loses many datagrams, both ways, and its window is small: 100 MiB take it seconds, and not minutes. */
@Execution(ExecutionMode.CONCURRENT)
class LossyPathSimulationTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TRACKS = 400;

    private SimulatedMaster session(long seed, int slaveCount, double loss, SlowPolicy policy) {
        SimulatedSource source = SimulatedSource.random(TRACKS, seed);
        SimulatedLan lan = new SimulatedLan(seed).sealed(SimulatedSeal.of(1));
        List<SimulatedSlave> slaves = lan.startSlaves(slaveCount, source);
        SplittableRandom random = new SplittableRandom(seed);
        lan.losing((slave, isToMaster, command, datagram) -> slave == slaves.get(0) && random.nextDouble() < loss);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(slaveCount).slow(policy));
        lan.runUntil(master::isOver, LIMIT);
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(master.saysComplete()).isTrue();
        return master;
    }

    @ParameterizedTest(name = "seed {0}, {1} slaves, loss {2}")
    @CsvSource({
        "1, 2, 0.10, 5",
        "1, 4, 0.15, 5",
        "3, 2, 0.20, 6",
        "1, 4, 0.20, 6",
        "2, 4, 0.20, 6",
        "1, 16, 0.20, 6",
        "1, 2, 0.30, 8",
        "1, 4, 0.30, 8"
    })
    void whatOneSlaveAloneLosesIsRepairedWithinSeconds(long seed, int slaveCount, double loss, double mostSeconds) {
        SimulatedMaster master = session(seed, slaveCount, loss, SlowPolicy.LADDER);

        assertThat(master.seconds()).isLessThan(mostSeconds);
    }

    @Test
    void withNoOtherSlaveTheRateDoesNotFallToTheLowest() {
        SimulatedMaster master = session(5, 1, 0.3, SlowPolicy.LADDER);

        assertThat(master.seconds()).isLessThan(8);
        assertThat(master.rate()).isGreaterThan(10_000_000);
    }

    @Test
    void whereAllAreToWaitForItTheRateDoesNotFallToTheLowest() {
        SimulatedMaster master = session(7, 3, 0.3, SlowPolicy.WAIT);

        assertThat(master.seconds()).isLessThan(10);
        assertThat(master.changes()).noneMatch(told -> told.contains("postponed"));
    }
}
