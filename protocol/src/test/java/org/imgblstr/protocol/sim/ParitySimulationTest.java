package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What repair by parity costs on the wire, the unasked rows included. */
@Execution(ExecutionMode.CONCURRENT)
class ParitySimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Geometry, heartbeats, End of Data, Done and answers to each slave. */
    private static int control(int slaves) {
        return 400 + 20 * slaves;
    }

    @Test
    void withoutLossEveryTrackGoesOnceAndNoRowWithIt() {
        SimulatedLan lan = new SimulatedLan(40);
        SimulatedSource source = SimulatedSource.random(1500, 40);

        long sent = datagramsToCompletion(lan, source, 16);

        assertThat(sent).isLessThan(symbols(source, 0) + control(16));
    }

    @ParameterizedTest(name = "{0} slaves, loss {1}")
    @CsvSource({"1, 0.01", "1, 0.1", "16, 0.001", "16, 0.01", "16, 0.05", "16, 0.1", "64, 0.01"})
    void theOverheadIsNearWhatTheUnluckiestSlaveNeeds(int slaves, double loss) {
        SimulatedLan lan = new SimulatedLan(41).loss(loss).memory(100, 100);
        SimulatedSource source = SimulatedSource.random(Math.min(1500, 24_000 / slaves), 41);

        long sent = datagramsToCompletion(lan, source, slaves);

        double rows = 0;
        for (int track = 0; track < source.trackCount(); track++) {
            rows += expectedWorstLoss(k(source, track), slaves, loss);
        }
        assertThat(sent - symbols(source, 0)).isLessThan((long) (1.5 * rows) + control(slaves));
    }

    @Test
    void rowsStopWhenLossStops() {
        SimulatedLan lan = new SimulatedLan(42).loss(0.05).memory(100, 100);
        SimulatedSource source = SimulatedSource.random(3000, 42);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(16));
        lan.startSlaves(16, source);
        lan.runUntil(() -> master.sendPosition() > 1000, LIMIT);

        lan.loss(0);
        lan.runUntil(() -> master.sendPosition() > 1800, LIMIT);
        int position = master.sendPosition();
        long before = lan.datagramsToSlaves();
        lan.runUntil(master::isOver, LIMIT);

        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(lan.datagramsToSlaves() - before).isLessThan(symbols(source, position) + control(16));
    }

    @Test
    void burstsCostWhatTheyEatAndNoRowsForThoseWhoLostNothing() {
        SimulatedLan lan = new SimulatedLan(43).bursts(0.0001, 600).memory(100, 100);
        SimulatedSource source = SimulatedSource.random(3000, 43);

        long sent = datagramsToCompletion(lan, source, 4);

        // A burst takes 300 datagrams on average: four slaves lose up to 12 % of the pass between them.
        long extra = sent - symbols(source, 0) - control(4);
        assertThat(extra).isBetween(0L, (long) (1.5 * 0.12 * symbols(source, 0)));
    }

    private static long datagramsToCompletion(SimulatedLan lan, SimulatedSource source, int count) {
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(count));
        List<SimulatedSlave> slaves = lan.startSlaves(count, source);
        lan.runUntil(master::isOver, LIMIT);
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        return lan.datagramsToSlaves();
    }

    private static int k(SimulatedSource source, int track) {
        return (source.encoded(track).length + SimulatedSource.SYMBOL_BYTES - 1) / SimulatedSource.SYMBOL_BYTES;
    }

    private static long symbols(SimulatedSource source, int firstTrack) {
        long symbols = 0;
        for (int track = firstTrack; track < source.trackCount(); track++) {
            symbols += k(source, track);
        }
        return symbols;
    }

    /**
     * Rows that the unluckiest of so many slaves needs on average, when any row may be lost too: it needs more than m when fewer than k of the
     * first k + m datagrams came.
     */
    private static double expectedWorstLoss(int k, int slaves, double loss) {
        double atMost = 0;
        double term = Math.pow(1 - loss, k);
        double expected = 0;
        for (int m = 0; m < 10 * k; m++) {
            atMost += term;
            expected += 1 - Math.pow(Math.min(1, atMost), slaves);
            term *= loss * (k + m) / (m + 1);
        }
        return expected;
    }
}
