package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A slave that was kicked proves the secret again as another: from its address, from another one, and with what it had prepared. */
@Execution(ExecutionMode.CONCURRENT)
class SealedKickSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final SimulatedSource source = SimulatedSource.random(600, 1);
    private SimulatedLan lan;
    private SimulatedMaster master;
    private List<SimulatedSlave> slaves;
    private SimulatedSlave insider;

    private void session(long seed) {
        lan = new SimulatedLan(seed).sealed(SimulatedSeal.of(seed)).linkBitsPerSecond(10_000_000);
        master = lan.startMaster(source, settings -> settings.slaves(3));
        slaves = lan.startSlaves(3, source);
        insider = slaves.get(2);
    }

    private void kick() {
        lan.runUntil(() -> master.sendPosition() > 100, LIMIT);
        SlaveEntry entry = master.slaves().stream()
                .filter(each -> each.nonce() == insider.nonce())
                .findFirst()
                .orElseThrow();
        assertThat(master.kick(entry)).isTrue();
    }

    private void restOfTheSession() {
        lan.runUntil(() -> master.isOver() && slaves.subList(0, 2).stream().allMatch(SimulatedSlave::isOver), LIMIT);
        assertThat(slaves.subList(0, 2)).allSatisfy(slave -> {
            assertThat(slave.result()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
        });
    }

    private static String ip(SimulatedSlave slave) {
        return slave.address().getAddress().getHostAddress();
    }

    private long told(String what) {
        return master.changes().stream().filter(change -> change.equals(what)).count();
    }

    @Test
    void fromItsAddressNobodyGetsTheKeysAgain() {
        session(1);
        kick();
        insider.kill();
        int[] answers = new int[1];
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isAnswer = slave == insider && !isToMaster && command == CommandType.CONFIRM_DOWNLOAD;
            answers[0] += isAnswer ? 1 : 0;
            return false;
        });
        insider.start();

        lan.runUntil(insider::isOver, Duration.ofSeconds(10));
        assertThat(insider.result()).isEqualTo(Result.NOT_AUTHENTIC);
        assertThat(insider.message()).contains("has removed one at this address");
        assertThat(insider.doneTracks()).isZero();
        assertThat(insider.opened()).isBetween(1L, (long) answers[0]);
        restOfTheSession();
        assertThat(told("kept out " + ip(insider))).isEqualTo(1);
        assertThat(master.slaves()).hasSize(3);
    }

    @Test
    void fromAnotherAddressItGetsThemAndTheOperatorIsToldBeforeItJoins() {
        session(2);
        kick();
        insider.kill();
        insider.move();
        insider.start();

        lan.runUntil(() -> master.slaves().size() == 4, LIMIT);

        List<String> changes = master.changes();
        assertThat(changes).containsSubsequence("late keys " + ip(insider), "joined 4");
        assertThat(told("late keys " + ip(insider))).isEqualTo(1);
        restOfTheSession();
        assertThat(told("late keys " + ip(slaves.get(0)))).isZero();
    }

    @Test
    void whoHasProvenTheSecretBeforeAndNotJoinedGetsNoLaterKeyUnlessTheOperatorIsTold() {
        session(3);
        SimulatedSlave spare = lan.startSlave(source);
        boolean[] isQuiet = {true};
        int[] rsvps = new int[1];
        lan.losing((slave, isToMaster, command, datagram) ->
                slave == spare && isToMaster && command == CommandType.RSVP && isQuiet[0] && rsvps[0]++ > 0);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        long reads = spare.opened();
        kick();
        assertThat(spare.opened()).as("it has the key of before").isGreaterThan(reads);

        lan.runFor(Duration.ofMillis(500));
        long opened = spare.opened();
        lan.runFor(Duration.ofMillis(500));
        assertThat(spare.opened()).isEqualTo(opened);
        assertThat(told("late keys " + ip(spare))).isZero();

        isQuiet[0] = false;
        lan.runUntil(() -> spare.opened() > opened + 10, LIMIT);
        assertThat(master.changes()).containsAnyOf("late keys " + ip(spare), "joined 4");
        restOfTheSession();
    }

    @Test
    void whoIsKickedBeforeTheStartIsKeptOutToo() {
        lan = new SimulatedLan(4).sealed(SimulatedSeal.of(4)).linkBitsPerSecond(10_000_000);
        master = lan.startMaster(source, settings -> settings.slaves(4));
        slaves = lan.startSlaves(3, source);
        insider = slaves.get(2);
        lan.runUntil(() -> master.slaves().stream().filter(SlaveEntry::isReady).count() == 3, LIMIT);

        assertThat(master.kick(master.slaves().stream()
                        .filter(each -> each.nonce() == insider.nonce())
                        .findFirst()
                        .orElseThrow()))
                .isTrue();
        insider.kill();
        insider.start();
        lan.runUntil(insider::isOver, Duration.ofSeconds(10));
        master.begin();

        restOfTheSession();
        assertThat(insider.result()).isEqualTo(Result.NOT_AUTHENTIC);
        assertThat(insider.isUntouched()).isTrue();
        assertThat(told("kept out " + ip(insider))).isEqualTo(1);
    }
}
