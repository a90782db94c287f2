package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.membership.MasterEvents.MasterEnd;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator of a master orders while the session runs: pause, resume, kick, rate, and to give up before the start. */
class OrdersSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    static LongStream seeds() {
        return Seeds.random(7100).longs(4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPausedSessionSendsNoDataLosesNobodyAndGoesOn(long seed) {
        // given
        var source = SimulatedSource.random(60, seed);
        var lan = new SimulatedLan(seed).loss(0.05).reorderingMs(2);
        var master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        // when
        boolean isPaused = master.pause();
        long before = master.wireBytes();
        lan.runFor(Duration.ofMinutes(20));
        long after = master.wireBytes();
        MasterState state = master.state();
        boolean isResumed = master.resume();
        lan.runUntil(master::isOver, LIMIT);
        // then
        assertThat(isPaused).isTrue();
        assertThat(isResumed).isTrue();
        assertThat(after).isEqualTo(before);
        assertThat(state).isEqualTo(MasterState.SEND_ALL_TRACKS);
        assertThat(master.saysComplete()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(slaves)
                .allSatisfy(
                        slave -> assertThat(slave.warnings()).first().asString().contains("paused"));
        assertThat(master.changes()).noneMatch(change -> change.contains("postponed") || change.contains("silent"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPausedSessionThatIsAbortedEndsAtOnce(long seed) {
        var source = SimulatedSource.random(60, seed);
        var lan = new SimulatedLan(seed);
        var master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        master.pause();
        lan.runFor(Duration.ofSeconds(5));

        master.abort(130);
        lan.runFor(Duration.ofSeconds(5));

        assertThat(master.end()).isEqualTo(MasterEnd.ABORTED);
        assertThat(slaves).allMatch(slave -> slave.result() == Result.MASTER_ABORTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEND_ALL_TRACKS", "CATCH_UP"})
    void aSlaveIsKickedWhileOthersAreServed(MasterState at) {
        // given
        var source = SimulatedSource.random(60, 71);
        var lan = new SimulatedLan(71).loss(0.05);
        var master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.state() == at, LIMIT);
        // when
        boolean isKicked = master.kick(master.slaves().get(1));
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        // then
        assertThat(isKicked).isTrue();
        assertThat(master.end()).isEqualTo(MasterEnd.FINISHED);
        assertThat(master.saysComplete()).isFalse();
        assertThat(master.slaves().stream().filter(slave -> slave.result() == Result.KICKED))
                .hasSize(1);
        assertThat(slaves.stream().filter(slave -> slave.result() == Result.KICKED))
                .hasSize(1);
        assertThat(slaves.stream().filter(SimulatedSlave::hasSourcesBytes).count())
                .isGreaterThanOrEqualTo(2);
        assertThat(master.kick(master.slaves().get(0))).isFalse();
    }

    /** In the pass nobody says a farewell: the master stays until the slave has heard what became of it, whatever is lost. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLastSlaveLearnsAtOnceThatItWasKickedAndTheSessionEnds(long seed) {
        // given
        var source = SimulatedSource.random(400, seed);
        var lan = new SimulatedLan(seed).loss(0.2);
        var master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        // when
        master.kick(master.slaves().get(0));
        lan.runUntil(() -> master.isOver() && slave.isOver(), Duration.ofSeconds(4));
        // then
        assertThat(master.end()).isEqualTo(MasterEnd.FINISHED);
        assertThat(slave.result()).isEqualTo(Result.KICKED);
    }

    /** The machine of the slave is off: that it was removed cannot be told, and nobody waits for it long. */
    @Test
    void aKickedSlaveThatIsGoneHoldsTheEndUpForThreeSeconds() {
        var source = SimulatedSource.random(400, 78);
        var lan = new SimulatedLan(78);
        var master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        slave.kill();

        master.kick(master.slaves().get(0));
        lan.runUntil(master::isOver, Duration.ofMillis(3200));

        assertThat(master.slaves().get(0).result()).isEqualTo(Result.KICKED);
    }

    /** What a slave that makes no progress is told may be lost as well. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLastSlaveLearnsAtOnceThatItIsTooSlow(long seed) {
        var source = SimulatedSource.random(60, seed);
        var lan = new SimulatedLan(seed).loss(0.2);
        var master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        slave.pauseDisk(Duration.ofMinutes(5));

        lan.runUntil(() -> master.slaves().get(0).isEnded(), LIMIT);
        lan.runUntil(() -> master.isOver() && slave.isOver(), Duration.ofSeconds(4));

        assertThat(slave.result()).isEqualTo(Result.TOO_SLOW);
    }

    /** The answer to a Disconnect is lost, and the slave that asks again is the last one. */
    @Test
    void theLastSlaveHearsThatItsDisconnectHasComeAlsoInThePass() {
        var source = SimulatedSource.random(400, 79);
        AtomicInteger answers = new AtomicInteger();
        var lan = new SimulatedLan(79)
                .losing((to, isToMaster, command, datagram) ->
                        command == CommandType.DISCONNECT_ACKNOWLEDGE && answers.incrementAndGet() <= 2);
        var master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source).failAt(30);

        lan.runUntil(() -> master.slaves().stream().anyMatch(SlaveEntry::isEnded), LIMIT);
        lan.runUntil(() -> master.isOver() && slave.isOver(), Duration.ofSeconds(2));

        assertThat(slave.result()).isEqualTo(Result.DISK_ERROR);
        assertThat(answers).hasValue(3);
    }

    /** The master does not stay to answer: the slave does not ask for that. */
    @Test
    void aSlaveThatIsLeavingEndsAtOnceWhenTheMasterGivesUp() {
        var source = SimulatedSource.random(400, 80);
        var lan = new SimulatedLan(80)
                .losing((to, isToMaster, command, datagram) -> command == CommandType.DISCONNECT_ACKNOWLEDGE);
        var master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        master.kick(master.slaves().get(0));
        lan.runFor(Duration.ofMillis(100));

        master.abort(130);
        lan.runUntil(() -> slaves.stream().allMatch(SimulatedSlave::isOver), Duration.ofSeconds(1));

        assertThat(slaves.stream().map(SimulatedSlave::result))
                .containsExactlyInAnyOrder(Result.KICKED, Result.MASTER_ABORTED);
    }

    /** All that a kicked slave is told at once may be lost: it is told again when it reports. */
    @Test
    void aSlaveThatIsKickedBeforeTheStartDoesNotCountAndHearsOfItInSpiteOfLoss() {
        var source = SimulatedSource.random(20, 72);
        var lan = new SimulatedLan(72).loss(0.5);
        var master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.slaves().size() == 2, LIMIT);
        lan.runFor(Duration.ofSeconds(5));

        assertThat(master.kick(master.slaves().get(0))).isTrue();
        lan.runUntil(() -> slaves.stream().anyMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(master.slaves()).hasSize(1);
        assertThat(slaves.stream().filter(slave -> slave.result() == Result.KICKED))
                .hasSize(1);
        assertThat(slaves).allMatch(SimulatedSlave::isUntouched);
        assertThat(master.changes()).anyMatch(change -> change.contains("was removed by the operator"));
    }

    @Test
    void theRateIsChangedInTheMiddle() {
        var source = SimulatedSource.random(400, 73);
        var lan = new SimulatedLan(73);
        var master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);

        master.rate(5_000_000);
        long before = master.wireBytes();
        lan.runFor(Duration.ofSeconds(1));
        long bits = (master.wireBytes() - before) * 8;
        long fixed = master.rate();
        master.rate(0);
        lan.runUntil(master::isOver, LIMIT);

        assertThat(fixed).isEqualTo(5_000_000);
        assertThat(bits).isBetween(3_000_000L, 6_500_000L);
        assertThat(master.rate()).isGreaterThan(5_000_000);
        assertThat(slave.hasSourcesBytes()).isTrue();
    }

    @Test
    void aPauseBeforeTheStartAndAResumeWithoutAPauseAreRefused() {
        var source = SimulatedSource.random(20, 74);
        var lan = new SimulatedLan(74);
        var master = lan.startMaster(source, settings -> settings.slaves(2));
        lan.startSlaves(1, source);
        lan.runFor(Duration.ofSeconds(3));

        assertThat(master.pause()).isFalse();
        assertThat(master.resume()).isFalse();
    }

    /** By order, for lack of slaves, and because the master died. */
    @ParameterizedTest
    @EnumSource
    void slavesListenAgainWhenTheSessionEndsBeforeItsStart(Ending how) {
        // given
        var source = SimulatedSource.random(20, 75);
        var lan = new SimulatedLan(75).loss(0.1);
        var first = lan.startMaster(
                source,
                settings -> how == Ending.TOO_FEW ? settings.waitTime(Duration.ofSeconds(8), 3) : settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> first.slaves().size() == 2, LIMIT);
        lan.runFor(Duration.ofSeconds(2));
        // when
        switch (how) {
            case ABORTED -> first.abort(130);
            case KILLED -> first.kill();
            case TOO_FEW -> lan.runUntil(first::isOver, LIMIT);
        }
        lan.runUntil(() -> slaves.stream().allMatch(slave -> slave.withdrawals() == 1), LIMIT);
        boolean areUntouched = slaves.stream().allMatch(SimulatedSlave::isUntouched);
        var second = lan.startMaster(source, settings -> settings.slaves(2));
        lan.runUntil(second::isOver, LIMIT);
        // then
        assertThat(areUntouched).isTrue();
        assertThat(second.saysComplete()).isTrue();
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
    }

    enum Ending {
        ABORTED,
        TOO_FEW,
        KILLED
    }

    @ParameterizedTest(name = "{0} bit/s")
    @ValueSource(longs = {0, 20_000_000})
    void onlyARateThatTheOperatorSetIsSaidToLimit(long bitsPerSecond) {
        var source = SimulatedSource.random(400, 77);
        var lan = new SimulatedLan(77).linkBitsPerSecond(100_000_000);
        var master = lan.startMaster(source, settings -> settings.slaves(1).rate(bitsPerSecond));
        lan.startSlaves(1, source);

        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);

        assertThat(master.holdUp() == HoldUp.RATE).isEqualTo(bitsPerSecond > 0);
    }
}
