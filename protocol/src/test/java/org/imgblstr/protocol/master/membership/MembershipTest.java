package org.imgblstr.protocol.master.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.master.MasterParts.MS;
import static org.imgblstr.protocol.master.MasterParts.SECOND;

import java.util.UUID;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterParts;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who takes part: joining once, falling silent, leaving, and lives of one slave. */
class MembershipTest {
    private final MasterParts parts = new MasterParts();

    @Test
    void aRepeatedRsvpIsConfirmedAgainAndGivesNoSecondIndex() {
        SlaveEntry first = parts.join(1, 1);
        SlaveEntry again = parts.join(1, 1);

        assertThat(again).isSameAs(first);
        assertThat(parts.slaves.size()).isOne();
        assertThat(parts.commands).containsExactly(CommandType.CONFIRM_DOWNLOAD, CommandType.CONFIRM_DOWNLOAD);
        assertThat(parts.told).containsExactly("joined 1");
    }

    @Test
    void whoSaysNothingForOneAndAHalfSecondsIsSilentAndAReportEndsThat() {
        SlaveEntry slave = parts.follower(1);
        watchAt(slave.lastHeardNs() + 1500 * MS - 1);
        assertThat(slave.isSilent()).isFalse();

        watchAt(slave.lastHeardNs() + 1600 * MS);
        assertThat(slave.isSilent()).isTrue();
        assertThat(slave.isEnded()).isFalse();

        parts.report(slave, request -> request);
        assertThat(slave.isSilent()).isFalse();
        assertThat(parts.told).endsWith("1 SILENT", "1 BACK");
        assertThat(SlaveChange.BACK.isReturn()).isTrue();
        assertThat(SlaveChange.SILENT.isReturn()).isFalse();
    }

    @Test
    void whoSaysNothingFor25SecondsIsLostAndStaysSoWhateverItSaysThen() {
        SlaveEntry slave = parts.follower(1);
        watchAt(slave.lastHeardNs() + 25 * SECOND - 1);
        assertThat(slave.isGivenUp()).isFalse();

        watchAt(slave.lastHeardNs() + 25 * SECOND + 100 * MS);
        assertThat(slave.isGivenUp()).isTrue();
        parts.report(slave, request -> request);
        watchAt(parts.nowNs + 60 * SECOND);

        assertThat(slave.isGivenUp()).isTrue();
        assertThat(parts.told.stream().filter("ended 1"::equals)).hasSize(1);
    }

    @Test
    void beforeThePassWhoSaysNothingIsForgottenAndCountsForNothing() {
        SlaveEntry slave = parts.follower(1);
        parts.nowNs = slave.lastHeardNs() + 25 * SECOND;
        parts.membership.watch(true, parts.nowNs);

        assertThat(parts.slaves.size()).isZero();
        assertThat(parts.told).endsWith("1 LEFT_WITHOUT_A_WORD").doesNotContain("ended 1");
    }

    @Test
    void aDisconnectIsAcknowledgedEachTimeAndCountsOnce() {
        SlaveEntry slave = parts.follower(1);
        parts.commands.clear();

        parts.disconnectCame(slave, 1, false, Result.DISK_ERROR);
        parts.disconnectCame(slave, 1, false, Result.COMPLETE);

        assertThat(parts.commands)
                .containsExactly(CommandType.DISCONNECT_ACKNOWLEDGE, CommandType.DISCONNECT_ACKNOWLEDGE);
        assertThat(slave.result()).isEqualTo(Result.DISK_ERROR);
        assertThat(parts.told.stream().filter("ended 1"::equals)).hasSize(1);
    }

    @Test
    void aDisconnectWithAnotherNonceEndsNobody() {
        SlaveEntry slave = parts.follower(1);
        parts.commands.clear();

        parts.disconnectCame(slave, 2, false, Result.COMPLETE);

        assertThat(slave.isEnded()).isFalse();
        assertThat(parts.commands).isEmpty();
    }

    @Test
    void anEarlierLifeIsOverOnlyWhenTheLaterOneHasReported() {
        SlaveEntry earlier = parts.follower(1);
        SlaveEntry later = parts.join(2, 1);
        assertThat(parts.slaves.all()).containsExactly(earlier, later);
        assertThat(later.isResumed()).isTrue();

        parts.report(later, request -> request);

        assertThat(parts.slaves.all()).containsExactly(later);
        assertThat(parts.told).endsWith("1 STARTED_ANEW");
    }

    @Test
    void inASealedSessionAnEarlierLifeIsOverWhenItIsSilentForOneAndAHalfSeconds() {
        MasterParts sealed = MasterParts.ofSealedSession();
        SlaveEntry earlier = sealed.follower(1);
        sealed.nowNs += 100 * MS;
        SlaveEntry later = sealed.join(2, 1);
        sealed.report(later, request -> request);
        assertThat(sealed.slaves.all()).containsExactly(earlier, later);

        sealed.nowNs = earlier.lastHeardNs() + 1_500 * MS - 1;
        sealed.membership.watch(false, sealed.nowNs);
        assertThat(sealed.slaves.all()).containsExactly(earlier, later);
        sealed.report(later, request -> request);
        sealed.nowNs += 100 * MS;
        sealed.membership.watch(false, sealed.nowNs);

        assertThat(sealed.slaves.all()).containsExactly(later);
        assertThat(sealed.told).endsWith("1 STARTED_ANEW");
        assertThat(sealed.excluded).containsExactly(1L);
    }

    @Test
    void inASealedSessionALifeThatStillReportsGoesOnForGood() {
        MasterParts sealed = MasterParts.ofSealedSession();
        SlaveEntry slave = sealed.follower(1);
        SlaveEntry pretender = sealed.join(2, 1);
        sealed.report(pretender, request -> request);
        sealed.nowNs += 1_400 * MS;
        sealed.report(slave, request -> request);
        assertThat(sealed.told).endsWith("2 warning");

        sealed.nowNs += 3 * SECOND;
        sealed.membership.watch(false, sealed.nowNs);

        assertThat(sealed.slaves.all()).containsExactly(slave, pretender);
        assertThat(sealed.excluded).isEmpty();
    }

    @Test
    void inASealedSessionWhoWasGivenUpIsToldSoWhenItComesBack() {
        MasterParts sealed = MasterParts.ofSealedSession();
        SlaveEntry slave = sealed.follower(1);
        sealed.nowNs = slave.lastHeardNs() + 26 * SECOND;
        sealed.membership.watch(false, sealed.nowNs);
        assertThat(sealed.excluded).containsExactly(1L);
        sealed.commands.clear();

        sealed.report(slave, request -> request);

        assertThat(sealed.commands).containsOnly(CommandType.DONE).hasSize(3);
        assertThat(sealed.membership.areAllLeaving(false, sealed.nowNs))
                .as("nobody waits for it")
                .isFalse();
    }

    @Test
    void whoIsRemovedIsToReadNothingMore() {
        SlaveEntry kicked = parts.follower(1);
        SlaveEntry removed = parts.follower(2);
        SlaveEntry left = parts.follower(3);
        parts.disconnectCame(left, 3, false, Result.COMPLETE);

        parts.membership.kick(kicked, false, parts.nowNs);
        parts.membership.remove(removed, "it is slow", parts.nowNs);

        assertThat(parts.excluded).containsExactly(1L, 2L);
    }

    @Test
    void whereASlaveWasKickedNobodyGetsTheKeysButThoseThatTakePart() {
        SlaveEntry slow = parts.follower(1);
        SlaveEntry kicked = parts.follower(2);
        parts.follower(3);
        SlaveEntry left = parts.follower(4);
        parts.disconnectCame(left, 4, false, Result.COMPLETE);

        parts.membership.remove(slow, "it is slow", parts.nowNs);
        assertThat(parts.barred).isEmpty();
        parts.membership.kick(kicked, false, parts.nowNs);

        assertThat(parts.barred).containsExactly(2L);
        assertThat(parts.partakers).containsExactly(3L);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"INTERRUPTED", "DISK_ERROR", "VERIFY_FAILED", "TOO_SLOW", "INCOMPLETE"})
    void aLifeThatEndedOtherThanCompleteIsReplacedByTheLaterOne(Result end) {
        SlaveEntry earlier = parts.follower(1);
        parts.disconnectCame(earlier, 1, false, end);
        SlaveEntry later = parts.join(2, 1);
        assertThat(parts.slaves.all()).containsExactly(earlier, later);

        parts.report(later, request -> request);

        assertThat(parts.slaves.all()).containsExactly(later);
        assertThat(parts.told).endsWith("1 STARTED_ANEW");
    }

    @Test
    void aLifeThatWasGivenUpIsReplacedByTheLaterOne() {
        SlaveEntry earlier = parts.follower(1);
        watchAt(earlier.lastHeardNs() + 26 * SECOND);
        assertThat(earlier.isGivenUp()).isTrue();

        SlaveEntry later = parts.join(2, 1);
        parts.report(later, request -> request);

        assertThat(parts.slaves.all()).containsExactly(later);
    }

    @Test
    void aLifeThatEndedCompleteIsKept() {
        SlaveEntry earlier = parts.follower(1);
        parts.disconnectCame(earlier, 1, false, Result.COMPLETE);
        SlaveEntry later = parts.join(2, 1);

        parts.report(later, request -> request);

        assertThat(parts.slaves.all()).containsExactly(earlier, later);
    }

    @Test
    void aSlaveThatCannotTakePartNoLongerCountsUnlessItHasReported() {
        SlaveEntry waiting = parts.join(1, 1);
        SlaveEntry ready = parts.follower(2);

        decline(1);
        decline(2);

        assertThat(parts.slaves.all()).doesNotContain(waiting).containsExactly(ready);
        assertThat(parts.told).contains("1 CANNOT_TAKE_PART").doesNotContain("2 CANNOT_TAKE_PART");
    }

    @Test
    void whoIsKickedBeforeTheStartIsNamedAsSuchUntilItComesBack() {
        SlaveEntry slave = parts.follower(1);

        parts.membership.kick(slave, true, parts.nowNs);
        assertThat(parts.slaves.size()).isZero();
        assertThat(parts.membership.refused()).singleElement().satisfies(refused -> assertThat(refused.reason())
                .isEqualTo("the operator kicked it before the start; nothing was written"));

        parts.join(2, 1);
        assertThat(parts.membership.refused()).isEmpty();
    }

    /** Anybody may send from any address: those without a name are bounded by themselves. */
    @Test
    void whoHasNotTheSecretIsNamedByItsAddressUntilASlaveJoinsFromThere() {
        for (int i = 1; i <= 200; i++) {
            String address = MasterParts.address(i).getAddress().getHostAddress();
            parts.membership.refuse(new RefusedSlave(new UUID(0, i), new SlaveName(0, "", address), "wrong join code"));
        }
        assertThat(parts.membership.refused()).hasSize(64);

        parts.join(1, 1);
        assertThat(parts.membership.refused())
                .hasSize(63)
                .extracting(RefusedSlave::address)
                .doesNotContain(MasterParts.address(1).getAddress().getHostAddress());
    }

    @Test
    void aDiskOfOtherSectorsIsRefusedAndToldOnce() {
        for (int i = 0; i < 2; i++) {
            parts.membership.onRsvp(
                    parts.rsvp(1, 1, wish -> wish.sectorBytes(4096)),
                    MasterParts.address(1),
                    parts.kinds,
                    true,
                    parts.nowNs);
        }

        assertThat(parts.slaves.size()).isZero();
        assertThat(parts.commands).containsExactly(CommandType.CONFIRM_DOWNLOAD, CommandType.CONFIRM_DOWNLOAD);
        assertThat(parts.told).containsExactly("refused pc-1");
        assertThat(parts.membership.refused()).singleElement().satisfies(slave -> assertThat(slave.reason())
                .contains("4096", "512"));
    }

    @Test
    void aFullRoomRefusesWhoComesNextAndSaysSo() {
        for (int i = 1; i <= SlaveTable.MAX_SLAVES; i++) {
            rsvp(i);
        }
        assertThat(parts.slaves.size()).isEqualTo(SlaveTable.MAX_SLAVES);

        rsvp(5000);

        assertThat(parts.slaves.size()).isEqualTo(SlaveTable.MAX_SLAVES);
        assertThat(parts.membership.refused()).singleElement().satisfies(slave -> assertThat(slave.reason())
                .isEqualTo("there are 4096 slaves already; let it join the next session"));
    }

    private void rsvp(long nonce) {
        parts.membership.onRsvp(
                parts.rsvp(nonce, nonce, wish -> wish), MasterParts.address(1), parts.kinds, true, parts.nowNs);
    }

    @Test
    void droppedDatagramsAreToldOnceFromAHundredOn() {
        SlaveEntry slave = parts.follower(1);
        parts.report(slave, request -> request.dropped(99));
        assertThat(parts.told).doesNotContain("1 warning");

        parts.report(slave, request -> request.dropped(100));
        parts.report(slave, request -> request.dropped(5000));
        assertThat(parts.told.stream().filter("1 warning"::equals)).hasSize(1);
    }

    @Test
    void anOlderReportThanTheLastChangesNothing() {
        parts.holdSent(5);
        SlaveEntry slave = parts.follower(1);
        var older = parts.request(slave, request -> request.goodUpTo(2));
        parts.report(slave, request -> request.goodUpTo(4));

        assertThat(parts.membership.onReport(older, slave.address(), parts.kinds, parts.nowNs))
                .isNull();
        assertThat(slave.goodUpTo()).isEqualTo(4);
    }

    @Test
    void whoJoinsAgainAndAgainIsSparedForATenthOfTheTime() {
        parts.follower(9);
        long first = parts.nowNs;
        SlaveEntry one = parts.join(1, 1);
        parts.nowNs = first + 10 * SECOND - 1;
        SlaveEntry two = parts.join(2, 2);
        parts.nowNs = first + 10 * SECOND;
        SlaveEntry three = parts.join(3, 3);

        assertThat(one.isExpected(first)).isFalse();
        assertThat(two.isExpected(parts.nowNs)).isFalse();
        assertThat(three.isExpected(parts.nowNs)).isTrue();
    }

    private void watchAt(long ns) {
        parts.nowNs = ns;
        parts.membership.watch(false, ns);
    }

    private void decline(long nonce) {
        parts.membership.onRsvp(
                parts.rsvp(nonce, nonce, wish -> wish.cannot(ConfirmDownloadFlyweight.Result.GEOMETRY, "too small")),
                MasterParts.address(nonce),
                parts.kinds,
                false,
                parts.nowNs);
    }
}
