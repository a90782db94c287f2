package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a slave waits for has a limit in each of its states: the second table in section 6 of docs/protocol.md, row by row. */
@Execution(ExecutionMode.CONCURRENT)
class SlaveLimitsSimulationTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int TRACKS = 200;
    private static final SimulatedSource SOURCE = SimulatedSource.random(TRACKS, 81);

    private final SimulatedLan lan = new SimulatedLan(81).linkBitsPerSecond(20_000_000);

    private SimulatedMaster master(int slaves) {
        return lan.startMaster(SOURCE, settings -> settings.slaves(slaves));
    }

    private void reaches(SimulatedSlave slave, SlaveState state) {
        lan.runUntil(() -> slave.state() == state, SOON);
    }

    /** It does not end before {@code atLeast}, and soon after that it does. */
    private void endsAfter(SimulatedSlave slave, Duration atLeast, Duration more) {
        lan.runFor(atLeast.minusMillis(1500));
        assertThat(slave.isOver()).as(lan.toString()).isFalse();
        lan.runUntil(slave::isOver, more.plusMillis(1500));
    }

    private AtomicInteger countAndLose(CommandType counted, CommandType lost) {
        AtomicInteger count = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            if (command == counted) {
                count.incrementAndGet();
            }
            return command == lost;
        });
        return count;
    }

    @Test
    void hookUpWaitsForAMasterAsLongAsTheOperatorSaid() {
        lan.slavesWait(Duration.ofSeconds(20));
        SimulatedSlave slave = lan.startSlave(SOURCE);
        endsAfter(slave, Duration.ofSeconds(20), Duration.ofSeconds(2));
        assertThat(slave.result()).isEqualTo(Result.NO_MASTER);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"PT3S, 3 s", "PT90S, 90 s", "PT1.5S, 1500 ms", "PT5M, 5 min", "PT2H, 2 h", "PT0S, 0 s"})
    void theEndOfTheWaitIsToldAsTheOperatorHasSaidIt(Duration wait, String told) {
        lan.slavesWait(wait, wait.dividedBy(1000).multipliedBy(999));
        SimulatedSlave slave = lan.startSlave(SOURCE);
        lan.runUntil(slave::isOver, wait.plusSeconds(2));
        assertThat(slave.message()).isEqualTo("no master was heard, within " + told);
    }

    @Test
    void hookUpWaitsForItsOwnDiskOrItsOperatorForEver() {
        lan.slavesWait(Duration.ofSeconds(20));
        SimulatedMaster master = master(2);
        SimulatedSlave slave = lan.startSlave(SOURCE).checkFor(Duration.ofMinutes(10));
        lan.runFor(Duration.ofMinutes(9));
        assertThat(slave.state()).isEqualTo(SlaveState.HOOK_UP);
        lan.runUntil(() -> master.changes().contains("joined 1"), Duration.ofMinutes(2));
    }

    @Test
    void anRsvpIsSaidTwelveTimesBeforeTheSlaveListensAgain() {
        AtomicInteger rsvps = countAndLose(CommandType.RSVP, CommandType.CONFIRM_DOWNLOAD);
        master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE);
        reaches(slave, SlaveState.AWAIT_CONFIRM);
        lan.runUntil(() -> slave.state() == SlaveState.HOOK_UP, Duration.ofMinutes(1));
        assertThat(rsvps).hasValue(12);
    }

    @Test
    void aMasterThatAnnouncesAndNeverAnswersEndsTheWaitOfASlave() {
        lan.slavesWait(Duration.ofSeconds(60));
        countAndLose(CommandType.RSVP, CommandType.CONFIRM_DOWNLOAD);
        master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE);
        // Twelve tries take 21 s and end in the state that looks at the time.
        lan.runUntil(slave::isOver, Duration.ofSeconds(85));
        assertThat(slave.result()).isEqualTo(Result.NO_MASTER);
    }

    @Test
    void whileTheDiskOpensTheMasterGivesTheSlaveUp() {
        SimulatedMaster master = master(2);
        SimulatedSlave slave = lan.startSlave(SOURCE).openFor(Duration.ofMinutes(20));
        lan.runUntil(() -> master.slaves().size() == 1, SOON);
        lan.runFor(Duration.ofSeconds(24));
        assertThat(master.slaves()).hasSize(1);
        lan.runUntil(() -> master.slaves().isEmpty(), Duration.ofSeconds(2));
        assertThat(slave.state()).isEqualTo(SlaveState.AWAIT_CONFIRM);
    }

    @Test
    void whileTheDiskOpensAMasterThatFallsSilentIsLost() {
        SimulatedMaster master = master(2);
        SimulatedSlave slave = lan.startSlave(SOURCE).openFor(Duration.ofMinutes(20));
        lan.runUntil(() -> master.slaves().size() == 1, SOON);
        master.kill();
        lan.runFor(Duration.ofMillis(28_500));
        assertThat(slave.state()).as(lan.toString()).isEqualTo(SlaveState.AWAIT_CONFIRM);
        lan.runUntil(() -> slave.state() == SlaveState.HOOK_UP, Duration.ofMillis(3500));
        assertThat(slave.isOver())
                .as("the session had not begun, so the slave listens again")
                .isFalse();
        assertThat(slave.isUntouched()).isTrue();
    }

    @Test
    void aDownloadWaitsThirtySecondsForAWordOfTheMaster() {
        SimulatedMaster master = master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE);
        lan.runUntil(() -> slave.doneTracks() > TRACKS / 4, SOON);
        master.kill();
        endsAfter(slave, Duration.ofSeconds(30), Duration.ofSeconds(2));
        assertThat(slave.result()).isEqualTo(Result.MASTER_LOST);
    }

    @Test
    void aDownloadWhoseDiskHangsIsSentAwayByTheMaster() {
        master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE);
        lan.runUntil(() -> slave.doneTracks() > TRACKS / 4, SOON);
        slave.pauseDisk(Duration.ofMinutes(20));
        lan.runUntil(slave::isOver, Duration.ofSeconds(90));
        assertThat(slave.result()).isEqualTo(Result.TOO_SLOW);
    }

    @Test
    void aFarewellWaitsThirtySecondsForAWordOfTheMaster() {
        SimulatedMaster master = master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE);
        countAndLose(CommandType.DONE, CommandType.DONE);
        reaches(slave, SlaveState.FAREWELL);
        master.kill();
        endsAfter(slave, Duration.ofSeconds(30), Duration.ofSeconds(2));
        assertThat(slave.result()).isEqualTo(Result.MASTER_LOST);
        assertThat(slave.message()).contains("every track is here");
    }

    @Test
    void aGoodbyeSaysDisconnectEightTimes() {
        SimulatedMaster master = master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE);
        reaches(slave, SlaveState.FAREWELL);
        AtomicInteger disconnects = countAndLose(CommandType.DISCONNECT, CommandType.DISCONNECT);
        reaches(slave, SlaveState.GOODBYE);
        master.kill();
        lan.runUntil(slave::isOver, Duration.ofSeconds(20));
        assertThat(disconnects).hasValue(8);
        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void aGoodbyeOfASlaveThatCannotTakePartSaysWhyFourTimes() {
        AtomicInteger reasons = countAndLose(CommandType.RSVP, CommandType.RSVP);
        master(1);
        SimulatedSlave slave = lan.startSlave(SOURCE).refuse(Result.DOES_NOT_FIT);
        reaches(slave, SlaveState.GOODBYE);
        lan.runUntil(slave::isOver, Duration.ofSeconds(20));
        assertThat(reasons).hasValue(4);
        assertThat(slave.result()).isEqualTo(Result.DOES_NOT_FIT);
    }
}
