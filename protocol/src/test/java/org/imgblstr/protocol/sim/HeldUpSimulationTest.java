package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.slave.SlaveState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that did not run for a while judges no peer by that time: a master, a slave, or both, as on one machine that was suspended. */
@Execution(ExecutionMode.CONCURRENT)
class HeldUpSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int TRACKS = 300;
    private static final SimulatedSource SOURCE = SimulatedSource.random(TRACKS, 71);

    private enum Sleeper {
        MASTER,
        SLAVE,
        BOTH
    }

    private enum When {
        JOINED,
        STARTING,
        PASS,
        CATCH_UP,
        FAREWELL
    }

    static Stream<Arguments> shortSleeps() {
        return sleeps(Sleeper.values());
    }

    static Stream<Arguments> sleepsOfOne() {
        return sleeps(Sleeper.MASTER, Sleeper.SLAVE);
    }

    static Stream<Arguments> sleepsOfAll() {
        return sleeps(Sleeper.BOTH);
    }

    private static Stream<Arguments> sleeps(Sleeper... sleepers) {
        return Arrays.stream(sleepers).flatMap(who -> Arrays.stream(When.values())
                .flatMap(when -> Stream.of(1, 2).map(seed -> Arguments.of(who, when, seed))));
    }

    /** Two slaves, and a master that waits for 15 s: the sleep begins 7 s after it has opened, or later. */
    private static final class Session {
        final SimulatedLan lan;
        final SimulatedMaster master;
        final List<SimulatedSlave> slaves;

        Session(Sleeper who, When when, int seed) {
            lan = new SimulatedLan(seed)
                    .linkBitsPerSecond(20_000_000)
                    .loss(when == When.CATCH_UP ? 0.3 : 0.01)
                    .memory(60, 60);
            int least = who == Sleeper.SLAVE ? 1 : 2;
            master = lan.startMaster(SOURCE, settings -> settings.waitTime(Duration.ofSeconds(15), least));
            slaves = lan.startSlaves(2, SOURCE);
            switch (when) {
                case JOINED -> lan.runFor(Duration.ofSeconds(7));
                case STARTING -> runUntil(MasterState.SEND_ALL_TRACKS);
                case PASS -> lan.runUntil(() -> master.sendPosition() > TRACKS / 3, LIMIT);
                case CATCH_UP -> runUntil(MasterState.CATCH_UP);
                case FAREWELL -> runUntil(MasterState.FAREWELL);
            }
            lan.loss(0.01);
        }

        private void runUntil(MasterState state) {
            lan.runUntil(() -> master.state() == state, LIMIT);
        }

        void sleep(Sleeper who, int seconds) {
            Duration time = Duration.ofSeconds(seconds);
            if (who != Sleeper.SLAVE) {
                master.process().stopFor(time);
            }
            if (who != Sleeper.MASTER) {
                slaves.subList(0, who == Sleeper.SLAVE ? 1 : 2)
                        .forEach(slave -> slave.process().stopFor(time));
            }
            lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        }

        void hasCompleted() {
            assertThat(master.saysComplete()).as(lan + " " + master.changes()).isTrue();
            assertThat(slaves).allMatch(slave -> slave.result() == Result.COMPLETE && slave.hasSourcesBytes());
        }
    }

    @ParameterizedTest(name = "{0}, {1}, seed {2}")
    @MethodSource("shortSleeps")
    void whoSleepsForTenSecondsLosesNobodyAndIsNotLost(Sleeper who, When when, int seed) {
        Session session = new Session(who, when, seed);
        session.sleep(who, 10);
        session.hasCompleted();
        if (who != Sleeper.SLAVE) {
            assertThat(session.master.changes()).noneMatch(change -> change.contains("silent"));
        }
    }

    /** Longer than either waits for the other. */
    @ParameterizedTest(name = "{0}, {1}, seed {2}")
    @MethodSource("sleepsOfAll")
    void aMachineThatWasSuspendedWithAllOnItGoesOn(Sleeper who, When when, int seed) {
        Session session = new Session(who, when, seed);
        session.sleep(who, 40);
        session.hasCompleted();
        assertThat(session.master.changes()).noneMatch(change -> change.contains("silent"));
    }

    /** Those that were awake have given up by right. */
    @ParameterizedTest(name = "{0}, {1}, seed {2}")
    @MethodSource("sleepsOfOne")
    void whoSleepsLongerThanTheOthersWaitSaysNothingFalse(Sleeper who, When when, int seed) {
        Session session = new Session(who, when, seed);
        session.sleep(who, 40);
        for (SimulatedSlave slave : session.slaves) {
            assertThat(slave.result() != Result.COMPLETE || slave.hasSourcesBytes())
                    .isTrue();
        }
        boolean areAllThere = session.slaves.stream().allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(session.master.saysComplete() && session.master.slaves().size() == 2 && !areAllThere)
                .isFalse();
        if (who == Sleeper.SLAVE) {
            assertThat(session.slaves.get(1).result()).isEqualTo(Result.COMPLETE);
        }
    }

    @ParameterizedTest(name = "{0} s")
    @ValueSource(ints = {10, 40})
    void whatASlaveWaitsForAMasterIsTimeInWhichItListens(int seconds) {
        SimulatedLan lan = new SimulatedLan(3).slavesWait(Duration.ofSeconds(5));
        SimulatedSlave slave = lan.startSlave(SOURCE);
        lan.runFor(Duration.ofSeconds(1));
        slave.process().stopFor(Duration.ofSeconds(seconds));
        lan.runFor(Duration.ofSeconds(seconds));
        SimulatedMaster master = lan.startMaster(SOURCE, settings -> settings.slaves(1));
        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);
        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
    }

    /** It has been confirmed, its disk is not open yet, and the machine sleeps with its master on it. */
    @Test
    void aSlaveThatWaitsForItsDiskLosesNoMasterInItsSleep() {
        SimulatedLan lan = new SimulatedLan(4);
        SimulatedMaster master = lan.startMaster(SOURCE, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(SOURCE).openFor(Duration.ofSeconds(3));
        lan.runUntil(() -> slave.state() == SlaveState.AWAIT_CONFIRM, LIMIT);
        lan.runFor(Duration.ofSeconds(1));
        master.process().stopFor(Duration.ofSeconds(40));
        slave.process().stopFor(Duration.ofSeconds(40));
        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);
        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(master.saysComplete()).isTrue();
    }

    /** A crowded machine: no processor for two seconds, then a moment, time and again. */
    @Test
    void aMasterThatHardlyRunsLosesNobody() {
        SimulatedLan lan = new SimulatedLan(5).linkBitsPerSecond(20_000_000);
        SimulatedMaster master = lan.startMaster(SOURCE, settings -> settings.waitTime(Duration.ofSeconds(5), 2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, SOURCE);
        for (int i = 0; i < 60 && !master.isOver(); i++) {
            lan.runFor(Duration.ofMillis(300));
            master.process().stopFor(Duration.ofSeconds(2));
            lan.runFor(Duration.ofSeconds(2));
        }
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        assertThat(master.saysComplete()).as(lan + " " + master.changes()).isTrue();
    }
}
