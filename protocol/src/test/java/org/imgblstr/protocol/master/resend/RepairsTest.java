package org.imgblstr.protocol.master.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.master.MasterParts.K;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.master.MasterParts;
import org.imgblstr.protocol.master.MasterParts.Symbol;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.junit.jupiter.api.Test;

/** What becomes of what slaves ask for: which of it is sent, in which order, and what never. */
class RepairsTest {
    private static final int ALONE = SectorDataFlyweight.ALONE;

    private final MasterParts parts = new MasterParts();
    private final SlaveEntry slave = parts.follower(1);

    @Test
    void repairsGoInAscendingOrderAndThenFromTheStart() {
        parts.holdSent(10);
        ask(request -> request.add(5, 1, 2, ALONE).add(7, 1, 2, ALONE));
        next();
        ask(request -> request.add(2, 1, 2, ALONE));
        next();
        next();

        assertThat(tracksSent()).containsExactly(5, 7, 2);
        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();
    }

    @Test
    void aRequestThatCrossedTheRepairOnItsWayIsDroppedAndOneThatHasSeenItIsTaken() {
        parts.holdSent(1);
        ask(request -> request.add(0, 1, 2, ALONE));
        next();
        int last = parts.sender.sequence();

        assertThat(ask(request -> request.sequenceSeen(last - 1).add(0, 1, 1, ALONE)))
                .isFalse();
        assertThat(ask(request -> request.sequenceSeen(last).add(0, 1, 1, ALONE)))
                .isTrue();
    }

    @Test
    void aRequestForTheTrackUnderWayIsDropped() {
        parts.holdSent(2);
        ask(request -> request.add(1, 1, 16, ALONE));
        parts.repairs.begin(parts.nowNs);

        assertThat(ask(request -> request.add(1, 1, 16, ALONE))).isFalse();
        assertThat(parts.repairs.isAny()).isFalse();
    }

    @Test
    void aRequestThatCrossedADigestTrackOfThePassIsDroppedAndOneThatHasSeenItIsTaken() {
        parts.kinds.append(DigestTracks.CHUNK_TRACKS, TrackKind.ZERO);
        int digest = parts.space.trackCount();
        UnaryOperator<ResendRequestFlyweight> all =
                request -> request.add(digest, 1, ResendRequestFlyweight.ALL_NOW, ALONE);

        parts.sender.beginTrack(digest);
        assertThat(ask(all)).isFalse();
        parts.sendAll();
        int last = parts.sender.sequence();

        assertThat(ask(request -> all.apply(request.sequenceSeen(last - 1)))).isFalse();
        assertThat(ask(request -> all.apply(request.sequenceSeen(last)))).isTrue();
    }

    @Test
    void whatIsNotHeldWaitsForTheCatchUpAndIsReadAgainThen() {
        parts.sendAndForget(3);
        assertThat(ask(request -> request.add(1, 1, 0, ALONE))).isFalse();
        assertThat(parts.requested).isEmpty();

        parts.repairs.onPassEnded();
        assertThat(ask(request -> request.add(1, 1, 0, ALONE))).isTrue();
        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();
        assertThat(parts.requested).containsExactly(1);

        parts.supplied.put(1, MasterParts.encoded(1));
        next();
        assertThat(tracksSent()).hasSize(K).containsOnly(1);
    }

    @Test
    void neverMoreThan128TracksAreAwaited() {
        assertThat(mostAwaited(2)).isEqualTo(128);
    }

    @Test
    void neverMoreThan64WholeTracksAreAwaited() {
        assertThat(mostAwaited(0)).isEqualTo(64);
    }

    /** When a slave needs so many symbols of each of a thousand tracks; 0: all. */
    private int mostAwaited(int symbols) {
        parts.sendAndForget(1000);
        parts.repairs.onPassEnded();
        ask(request -> request.add(0, 1000, symbols, ALONE));

        int most = 0;
        for (int last = 63; last < 1000; last += 64) {
            assertThat(parts.repairs.begin(parts.nowNs)).isFalse();
            parts.supplied.put(last, MasterParts.encoded(last));
            parts.repairs.begin(parts.nowNs);
            parts.sendAll();
            Set<Integer> awaited = new HashSet<>(parts.requested);
            parts.released.forEach(awaited::remove);
            most = Math.max(most, awaited.size());
        }
        return most;
    }

    @Test
    void whatHalfReceivedTracksLackGoesHoweverManyWholeTracksWaitForRoom() {
        parts.sendAndForget(300);
        parts.repairs.onPassEnded();
        parts.report(slave, request -> request.windowEnd(parts.kinds.endTrack()));
        ask(request -> request.add(0, 200, 0, ALONE).add(250, 1, 2, ALONE));
        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();
        parts.supplied.put(0, MasterParts.encoded(0));
        next();

        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();
        assertThat(parts.requested)
                .as("no more whole tracks than there is room for")
                .containsOnly(0, 250);
        parts.supplied.put(250, MasterParts.encoded(250));
        next();

        assertThat(tracksSent()).containsExactly(0, 250);
    }

    @Test
    void whatWasReadAgainAndNobodyLacksAnyMoreIsReleasedUnsent() {
        parts.sendAndForget(2);
        parts.repairs.onPassEnded();
        ask(request -> request.add(1, 1, 0, ALONE));
        parts.repairs.begin(parts.nowNs);

        parts.repairs.onPassEnded();
        parts.supplied.put(1, MasterParts.encoded(1));
        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();

        assertThat(parts.released).containsExactly(1);
        assertThat(parts.symbols).isEmpty();
    }

    @Test
    void skippedTracksAreAnsweredByTheirRangesAndNeverByData() {
        parts.holdSent(2);
        parts.kinds.append(50, TrackKind.ZERO);
        parts.kinds.append(50, TrackKind.UNUSED);

        ask(request -> request.add(2, 100, 0, ALONE));
        assertThat(parts.repairs.begin(parts.nowNs)).isTrue();

        assertThat(parts.commands).endsWith(CommandType.SKIP_TRACK);
        assertThat(parts.sender.isBusy()).isFalse();
        assertThat(parts.repairs.isAny()).isFalse();
    }

    @Test
    void nothingBeyondThePassIsQueued() {
        parts.holdSent(3);

        assertThat(ask(request -> request.add(3, 1000, 0, ALONE))).isFalse();
        assertThat(parts.repairs.isAny()).isFalse();
    }

    @Test
    void oneRequestQueues4096TracksAtMost() {
        parts.sendAndForget(5000);
        parts.repairs.onPassEnded();

        ask(request -> request.add(0, 5000, 0, ALONE));

        assertThat(parts.repairs.size()).isEqualTo(4096);
    }

    @Test
    void whileThePassRunsWholeTracksWaitUnlessTheyHoldASlot() {
        parts.sendTrack();
        parts.holdSent(100);

        ask(request -> request.add(1, 100, 0, ALONE));
        int tookWhole = parts.repairs.size();
        ask(request -> request.add(50, 20, ResendRequestFlyweight.ALL_NOW, ALONE));

        // One track was sent: a 64th of that is less than a track, and the one that is taken uses it up.
        assertThat(tookWhole).isEqualTo(1);
        assertThat(parts.repairs.size()).isEqualTo(21);
    }

    @Test
    void nothingIsBegunWhileASocketIsFull() {
        parts.holdSent(1);
        ask(request -> request.add(0, 1, 2, ALONE));
        for (int i = 0; i < 10_000; i++) {
            parts.sender.nextSequence();
        }

        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();
        parts.report(slave, request -> request);
        assertThat(parts.repairs.begin(parts.nowNs)).isTrue();
    }

    @Test
    void whetherOneSlaveAloneAskedIsKnownWhileOthersTakePart() {
        parts.holdSent(10);
        ask(request -> request.add(1, 1, 2, ALONE));
        next();
        assertThat(parts.repairs.isForOne()).as("it is the only one").isFalse();

        SlaveEntry other = parts.follower(2);
        parts.repairs.onPassSent(10 * Shares.PASS_SYMBOLS);
        ask(request -> request.add(3, 1, 2, ALONE).add(4, 1, 2, ALONE));
        parts.repairs.take(parts.request(other, request -> request.add(4, 1, 1, ALONE)), other);
        next();
        assertThat(parts.repairs.isForOne()).isTrue();
        next();
        assertThat(parts.repairs.isForOne()).as("both asked").isFalse();
    }

    @Test
    void whoAloneHasThreeTimesTheImageSentAgainIsPostponedAndServedLast() {
        SlaveEntry other = parts.follower(2);
        for (int i = 0; i < 4; i++) {
            parts.sendTrack();
        }
        parts.repairs.onPassEnded();
        int repairs = 0;
        while (!slave.isPostponed()) {
            int track = repairs % 4;
            int seen = parts.sender.sequence();
            assertThat(ask(request -> request.sequenceSeen(seen).add(track, 1, 0, ALONE)))
                    .isTrue();
            parts.supplied.putIfAbsent(track, MasterParts.encoded(track));
            next();
            repairs++;
        }
        assertThat(repairs).isEqualTo(3 * 4 + 1);
        assertThat(other.isPostponed()).isFalse();
        parts.symbols.clear();

        int seen = parts.sender.sequence();
        parts.supplied.putIfAbsent(1, MasterParts.encoded(1));
        assertThat(ask(request -> request.sequenceSeen(seen).add(1, 1, 0, ALONE)))
                .isTrue();
        parts.repairs.take(
                parts.request(other, request -> request.sequenceSeen(seen).add(3, 1, 0, ALONE)), other);
        next();
        next();
        assertThat(tracksSent()).containsExactly(3, 1);
    }

    @Test
    void theOnlySlaveIsNeitherPostponedNorRemovedHoweverMuchItLoses() {
        parts.sendTrack();
        parts.repairs.onPassEnded();
        for (int i = 0; i < 50; i++) {
            int seen = parts.sender.sequence();
            assertThat(ask(request -> request.sequenceSeen(seen).add(0, 1, 0, ALONE)))
                    .isTrue();
            next();
        }

        assertThat(slave.isPostponed()).isFalse();
        assertThat(slave.isEnded()).isFalse();
    }

    @Test
    void whatOneSlaveAloneAsksForBeyondItsShareWaitsUntilThePassCannotGoOn() {
        SlaveEntry other = parts.follower(2);
        parts.holdSent(40);
        parts.repairs.onPassSent(Shares.PASS_SYMBOLS * (2 * K + 5));

        ask(request -> request.add(0, 10, ResendRequestFlyweight.ALL_NOW, ALONE));
        assertThat(parts.repairs.size()).as("two whole tracks").isEqualTo(2);
        parts.repairs.take(parts.request(other, request -> request.add(7, 2, 5, ALONE)), other);
        assertThat(parts.repairs.size())
                .as("the share of the other, for what it alone lacks, and what both ask for")
                .isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            next();
            assertThat(parts.repairs.isBeyond()).isFalse();
        }
        assertThat(tracksSent()).containsExactly(0, 1, 7, 8);
        assertThat(parts.repairs.begin(parts.nowNs)).isFalse();

        for (int i = 0; i < 6; i++) {
            assertThat(parts.repairs.beginBeyond(parts.nowNs)).isTrue();
            assertThat(parts.repairs.isBeyond()).isTrue();
            parts.sendAll();
        }
        assertThat(tracksSent()).containsExactly(0, 1, 7, 8, 2, 3, 4, 5, 6, 9);
        assertThat(parts.repairs.beginBeyond(parts.nowNs)).isFalse();
    }

    @Test
    void noMoreThan4096TracksWaitBeyondTheSharesOfSlaves() {
        SlaveEntry other = parts.follower(2);
        parts.holdSent(4096 + 100);

        ask(request -> request.add(0, 4096, ResendRequestFlyweight.ALL_NOW, ALONE));
        ask(request -> request.add(4096, 100, ResendRequestFlyweight.ALL_NOW, ALONE));

        int waiting = 0;
        while (parts.repairs.beginBeyond(parts.nowNs)) {
            parts.sendAll();
            parts.report(slave, request -> request);
            parts.report(other, request -> request);
            waiting++;
        }
        assertThat(waiting).isEqualTo(4096);
        assertThat(parts.symbols.get(0).track()).as("the oldest are gone").isEqualTo(100);
    }

    private boolean ask(UnaryOperator<ResendRequestFlyweight> records) {
        return parts.repairs.take(parts.request(slave, records), slave);
    }

    private void next() {
        assertThat(parts.repairs.begin(parts.nowNs)).isTrue();
        parts.sendAll();
    }

    private List<Integer> tracksSent() {
        List<Integer> tracks = parts.symbols.stream().map(Symbol::track).toList();
        return tracks.size() == K ? tracks : tracks.stream().distinct().toList();
    }
}
