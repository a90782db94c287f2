package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Independent loss is mended by parity and is no reason to send more slowly. */
@Execution(ExecutionMode.CONCURRENT)
class FlatSimulationTest {
    private static final long LINK = 50_000_000;

    @ParameterizedTest(name = "{0} slaves, loss {1}")
    @CsvSource({"16, 0", "16, 0.01", "16, 0.05", "16, 0.1", "2, 0.05"})
    void theLinkIsBusyFromTheFirstTrackToTheLast(int slaves, double loss) {
        SimulatedLan lan =
                new SimulatedLan(80).linkBitsPerSecond(LINK).loss(loss).memory(250, 250);
        SimulatedSource source = SimulatedSource.random(1000, 80);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(slaves));
        lan.startSlaves(slaves, source);
        lan.runUntil(() -> master.sendPosition() > 0, Duration.ofMinutes(1));
        long before = lan.datagramsToSlaves();

        lan.runUntil(master::isOver, Duration.ofMinutes(5));

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        double busySeconds = (lan.datagramsToSlaves() - before) * 1538 * 8.0 / LINK;
        assertThat(master.seconds()).isLessThan(busySeconds * 1.1 + 0.5);
        assertThat(master.rate()).isGreaterThan(LINK);
    }
}
