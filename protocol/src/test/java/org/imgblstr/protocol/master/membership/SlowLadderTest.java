package org.imgblstr.protocol.master.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.master.MasterParts.MS;
import static org.imgblstr.protocol.master.MasterParts.SECOND;

import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.MasterParts;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When a slave is postponed, removed or waited for again, to the nanosecond where there is an edge. */
class SlowLadderTest {
    private static final int PASS_OVER = Integer.MAX_VALUE;

    private MasterParts parts = new MasterParts();
    /** What {@link #judgeAfter} counts from: the start, or the last progress. */
    private long fromNs;

    @ParameterizedTest(name = "held back for {0} ms of 5 s: postponed {1}")
    @CsvSource({"2000, false", "2001, true", "5000, true", "0, false"})
    void whoHoldsTheOthersBackForMoreThanTwoFifthsIsPostponed(long heldMs, boolean isPostponed) {
        SlaveEntry slow = room(3);

        hold(slow, heldMs, 5_000 - heldMs);

        assertThat(slow.isPostponed()).isEqualTo(isPostponed);
        assertThat(slow.isEnded()).isFalse();
        assertThat(parts.told.contains("1 POSTPONED_AS_TOO_SLOW")).isEqualTo(isPostponed);
    }

    @Test
    void aRoomOfWhichHalfIsSlowIsWaitedFor() {
        SlaveEntry slow = room(4);
        SlaveEntry other = parts.slaves.all().get(1);
        other.blocking(true);

        hold(slow, 5_000, 0);

        assertThat(slow.isPostponed()).isFalse();
        assertThat(other.isPostponed()).isFalse();
    }

    @Test
    void theTimeOfASlaveStaysThatOfItsWorkWhenTheSessionGoesOnAfterAPause() {
        SlaveEntry ended = room(3);
        parts.ladder.start(parts.nowNs);
        parts.nowNs += 8 * SECOND;
        parts.disconnectCame(ended, 1, false, Result.COMPLETE);
        parts.nowNs += 4 * SECOND;

        parts.ladder.resume(parts.nowNs);

        assertThat(ended.elapsedNs(parts.nowNs)).isEqualTo(8 * SECOND);
    }

    @Test
    void whoSaysNothingIsNotCalledSlow() {
        SlaveEntry slow = room(3);
        parts.nowNs += 251 * MS;
        slow.blocking(true);
        parts.ladder.note(true, parts.nowNs);
        for (int i = 0; i < 20; i++) {
            parts.nowNs += 250 * MS;
            parts.ladder.note(true, parts.nowNs);
        }
        parts.ladder.judge(PASS_OVER, parts.nowNs);

        assertThat(slow.isPostponed()).isFalse();
    }

    @Test
    void dropRemovesAndWaitDoesNothing() {
        parts = new MasterParts(SlowPolicy.DROP);
        SlaveEntry slow = room(3);
        hold(slow, 1_000, 0);
        assertThat(slow.result()).isEqualTo(Result.TOO_SLOW);

        parts = new MasterParts(SlowPolicy.WAIT);
        slow = room(3);
        hold(slow, 5_000, 0);
        assertThat(slow.isEnded()).isFalse();
        assertThat(slow.isPostponed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(SlowPolicy.class)
    void whoMakesNoProgressIsRemovedAtItsLimitAndNotBefore(SlowPolicy policy) {
        long limitNs = policy == SlowPolicy.WAIT ? 600 * SECOND : 60 * SECOND;

        assertThat(isRemovedAfter(policy, limitNs - 1)).isFalse();
        assertThat(isRemovedAfter(policy, limitNs)).isTrue();
    }

    private boolean isRemovedAfter(SlowPolicy policy, long ns) {
        parts = new MasterParts(policy);
        SlaveEntry stuck = room(1);
        judgeAfter(ns);
        return stuck.result() == Result.TOO_SLOW && parts.told.contains("ended 1");
    }

    @Test
    void aNewTrackStartsTheLimitAnewAndAnOldCountDoesNot() {
        SlaveEntry slave = room(1);
        parts.nowNs += 59 * SECOND;
        parts.report(slave, request -> request.tracksDone(1));
        fromNs = parts.nowNs;
        parts.nowNs += 59 * SECOND;
        parts.report(slave, request -> request.tracksDone(0));
        parts.report(slave, request -> request.tracksDone(1));

        judgeAfter(60 * SECOND - 1);
        assertThat(slave.isEnded()).isFalse();
        parts.nowNs += SECOND;
        parts.ladder.judge(PASS_OVER, parts.nowNs);
        assertThat(slave.isEnded()).isTrue();
    }

    @Test
    void whoHasAllThatWasSentWaitsForTheMasterAndIsNotJudged() {
        parts.holdSent(3);
        SlaveEntry slave = room(1);
        parts.report(slave, request -> request.tracksDone(3));

        parts.nowNs += 500 * SECOND;
        parts.ladder.judge(3, parts.nowNs);
        assertThat(slave.isEnded()).isFalse();

        fromNs = parts.nowNs;
        judgeAfter(59 * SECOND);
        assertThat(slave.isEnded()).isFalse();
        judgeAfter(60 * SECOND);
        assertThat(slave.isEnded()).isTrue();
    }

    @Test
    void whoVerifiesIsNotStuckForTenMinutesWhateverItSays() {
        SlaveEntry slave = room(1);
        parts.report(slave, request -> request.status(ResendRequestFlyweight.VERIFYING));

        judgeAfter(599 * SECOND);
        assertThat(slave.isEnded()).isFalse();
        judgeAfter(600 * SECOND);
        assertThat(slave.isEnded()).isTrue();
    }

    @Test
    void theLastOneThatIsLeftIsWaitedForAgain() {
        SlaveEntry slow = room(3);
        hold(slow, 5_000, 0);
        assertThat(slow.isPostponed()).isTrue();

        parts.slaves
                .all()
                .subList(1, 3)
                .forEach(other ->
                        parts.report(other, request -> request.status(ResendRequestFlyweight.NOTHING_MISSING)));
        judgeAfter(6 * SECOND);

        assertThat(slow.isPostponed()).isFalse();
        assertThat(parts.told).endsWith("1 AWAITED_AGAIN");
    }

    @Test
    void aSourceIsLostAfterTenMinutesWithoutATrack() {
        parts.ladder.onSource(false, parts.nowNs);
        parts.nowNs += 600 * SECOND - 1;
        parts.ladder.onSource(false, parts.nowNs);
        assertThat(parts.ladder.isSourceLost(parts.nowNs)).isFalse();
        assertThat(parts.ladder.isSourceLost(parts.nowNs + 1)).isTrue();

        parts.ladder.onSource(true, parts.nowNs + 1);
        assertThat(parts.ladder.isSourceLost(parts.nowNs + 1)).isFalse();
    }

    /** So many slaves that follow, and progress is judged from now on. Returns the first of them. */
    private SlaveEntry room(int count) {
        for (int nonce = 1; nonce <= count; nonce++) {
            parts.follower(nonce);
        }
        fromNs = parts.nowNs;
        parts.ladder.start(parts.nowNs);
        return parts.slaves.all().get(0);
    }

    /** The others wait for {@code slow} so long, and then for nobody so long; all report. */
    private void hold(SlaveEntry slow, long heldMs, long freeMs) {
        parts.ladder.note(false, parts.nowNs);
        parts.ladder.judge(PASS_OVER, parts.nowNs);
        slow.blocking(true);
        for (long ms = 0; ms < heldMs + freeMs; ms++) {
            parts.nowNs += MS;
            if (ms % 20 == 0) {
                parts.slaves.all().forEach(slave -> parts.report(slave, request -> request));
            }
            parts.ladder.note(ms < heldMs, parts.nowNs);
        }
        parts.ladder.judge(PASS_OVER, parts.nowNs);
    }

    /** Judges so long after {@link #fromNs}. */
    private void judgeAfter(long ns) {
        parts.nowNs = fromNs + ns;
        parts.ladder.judge(PASS_OVER, parts.nowNs);
    }
}
