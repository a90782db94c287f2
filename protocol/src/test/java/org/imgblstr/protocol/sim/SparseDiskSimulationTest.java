package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A large disk of which little is used takes as long as what is used of it. */
@Execution(ExecutionMode.CONCURRENT)
class SparseDiskSimulationTest {
    private static final int DATA_TRACKS = 60;

    /** More tracks between two data tracks than a slave has slots. */
    private static final int APART = 50;

    /** Less than a tenth of what it takes to wait for a report after each gap. */
    private static final Duration ALLOWANCE = Duration.ofMillis(100);

    @ParameterizedTest(name = "{0} between the data")
    @EnumSource(names = {"UNUSED", "ZERO"})
    void gapsBetweenDataTakeNoTime(TrackKind gap) {
        long dense = transferNs(SimulatedSource.random(DATA_TRACKS, 31));
        long sparse = transferNs(SimulatedSource.islands(DATA_TRACKS, APART, gap, 31));

        assertThat(Duration.ofNanos(sparse - dense)).isLessThan(ALLOWANCE);
    }

    private static long transferNs(SimulatedSource source) {
        SimulatedLan lan = new SimulatedLan(31);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(master::isOver, Duration.ofMinutes(1));
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        return lan.nowNs();
    }
}
