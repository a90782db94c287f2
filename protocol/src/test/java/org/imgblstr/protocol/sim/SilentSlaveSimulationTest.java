package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imgblstr.protocol.master.MasterState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A slave that takes a tenth of what the link does, with the socket of a program without privileges, and that is stopped for some seconds. */
@Execution(ExecutionMode.CONCURRENT)
class SilentSlaveSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int TRACKS = 1500;
    private static final int LINK = 500_000_000;
    private static final int SOCKET = 200 << 10;
    private static final long TAKES = LINK / 8 / 10;

    /** Symbols of a pass; two of three tracks do not shrink. */
    private static final int PASS = 38_500;

    private static final SimulatedSource SOURCE = SimulatedSource.random(TRACKS, 5);

    /** What the slave needs when nothing happens to it, with the headers of 284 byte datagrams. */
    private static final double SECONDS = PASS * 284.0 / TAKES;

    /** When the slave is stopped. */
    private enum Stop {
        NEVER,
        BEFORE_THE_START,
        AT_THE_START,
        BEFORE_AND_AT_THE_START,
        IN_THE_PASS,
        IN_THE_CATCH_UP
    }

    static Stream<Arguments> stopsAndSeeds() {
        return Arrays.stream(Stop.values())
                .flatMap(stop -> IntStream.rangeClosed(1, 5).mapToObj(seed -> Arguments.of(stop, seed)));
    }

    @ParameterizedTest(name = "stopped {0}, seed {1}")
    @MethodSource("stopsAndSeeds")
    void whatASlaveHasYetToSeeIsLimitedAndItsPaceIsFoundAgain(Stop stop, int seed) {
        SimulatedLan lan = new SimulatedLan(seed).linkBitsPerSecond(LINK).memory(TRACKS, 300);
        SimulatedMaster master = lan.startMaster(
                SOURCE,
                settings -> stop == Stop.IN_THE_CATCH_UP ? settings.slaves(2).delta() : settings.slaves(2));
        SimulatedSlave slave = lan.startSlave(SOURCE);
        slave.process().takes(SOCKET, TAKES);
        // Longer than a slave may be deaf: nothing is sent before the start that it could have seen.
        lan.runFor(Duration.ofMillis(3500 + seed * 130L));
        if (stop == Stop.BEFORE_THE_START || stop == Stop.BEFORE_AND_AT_THE_START) {
            slave.process().stopFor(Duration.ofMillis(4000 + seed * 300L));
            lan.runFor(Duration.ofMillis(4100 + seed * 300L));
        }
        master.begin();
        lan.runUntil(() -> master.state() != MasterState.SEND_GEOMETRY, LIMIT);
        long startNs = lan.nowNs();
        Duration stopped = stopOnceUnderWay(lan, slave, stop, seed);

        lan.runUntil(() -> isOverWithoutAFalseFarewell(master), LIMIT);

        double seconds = (lan.nowNs() - startNs) / 1e9;
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
        assertThat(slave.hasSourcesBytes()).isTrue();
        // In the catch-up what is sent for one who does not hear is lost as well: half a pass, and no pace is held at
        // first.
        boolean isLate = stop == Stop.IN_THE_CATCH_UP;
        assertThat(slave.process().dropped()).isLessThan(isLate ? PASS * 5 / 8 : PASS / 3);
        assertThat(seconds).isLessThan(stopped.toMillis() / 1e3 + SECONDS * 10 / 9 + (isLate ? 1.2 : 0.7));
    }

    private static Duration stopOnceUnderWay(SimulatedLan lan, SimulatedSlave slave, Stop stop, int seed) {
        Duration time = Duration.ofMillis(1500 + seed * 500L);
        switch (stop) {
            case AT_THE_START, BEFORE_AND_AT_THE_START -> {
                lan.runFor(Duration.ofMillis(5));
                slave.process().stopFor(time);
            }
            case IN_THE_PASS, IN_THE_CATCH_UP -> {
                lan.runFor(Duration.ofMillis(900));
                slave.process().stopFor(time);
            }
            case NEVER, BEFORE_THE_START -> {
                return Duration.ZERO;
            }
        }
        return time;
    }

    private static boolean isOverWithoutAFalseFarewell(SimulatedMaster master) {
        boolean isFarewell = master.state() == MasterState.FAREWELL;
        assertThat(isFarewell && !master.slaves().get(0).isComplete())
                .as("farewell although the slave lacks tracks")
                .isFalse();
        return master.isOver();
    }

    /** Nobody is there to whom the others' farewell could be said: that the only slave is gone does not mean that it is complete. */
    @Test
    void aSlaveThatNeverComesBackIsGivenUpWithoutAFarewell() {
        SimulatedLan lan = new SimulatedLan(6).linkBitsPerSecond(LINK).memory(TRACKS, 300);
        SimulatedMaster master = lan.startMaster(SOURCE, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(SOURCE);
        lan.runUntil(() -> master.state() == MasterState.CATCH_UP || master.sendPosition() == TRACKS, LIMIT);
        slave.kill();

        lan.runUntil(() -> isOverWithoutAFalseFarewell(master), Duration.ofSeconds(30));

        assertThat(master.saysComplete()).isFalse();
    }

    /** One that joined and has not reported yet sees no more than its socket may hold, but delays the others for a moment only. */
    @Test
    void beforeItsFirstReportASlaveIsSparedForASecond() {
        SimulatedLan lan = new SimulatedLan(7).linkBitsPerSecond(LINK / 5).memory(TRACKS, 300);
        SimulatedMaster master = lan.startMaster(SOURCE, settings -> settings.slaves(1));
        List<SimulatedSlave> slaves = lan.startSlaves(1, SOURCE);
        lan.runUntil(() -> master.sendPosition() > 10, LIMIT);
        lan.startSlave(SOURCE).openFor(Duration.ofSeconds(20));
        lan.runUntil(() -> master.changes().contains("joined 2"), LIMIT);
        int before = master.sendPosition();
        lan.runFor(Duration.ofMillis(900));
        int sentInVain = master.sendPosition() - before;
        lan.runFor(Duration.ofSeconds(2));

        // A quarter of 6 MiB, and the tracks that were begun before.
        assertThat(sentInVain * 26 * 284).isLessThan((6 << 20) / 4 + (64 << 10));
        assertThat(master.sendPosition()).isEqualTo(TRACKS);
        lan.runUntil(() -> slaves.get(0).isOver(), Duration.ofSeconds(5));
        lan.runUntil(master::isOver, LIMIT);
        assertThat(master.saysComplete()).as(lan.toString()).isTrue();
    }
}
