package org.imgblstr.protocol.master.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.master.MasterParts.MS;
import static org.imgblstr.protocol.master.MasterParts.SECOND;

import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.MasterParts;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who the pass waits for, at the edges of the window and of the socket. */
class FlowControlTest {
    /** 6 MiB in datagrams of 284 bytes. */
    private static final int UNSEEN = (6 << 20) / 284;

    private final MasterParts parts = new MasterParts();

    @ParameterizedTest(name = "room for track {0} with slots to {1}: {2}")
    @CsvSource({"9, 10, true", "10, 10, false", "0, 0, false", "11, 10, false"})
    void theWindowIsOpenUpToTheLastSlot(int dataSent, int windowEnd, boolean isOpen) {
        var slave = parts.follower(1);
        parts.report(slave, request -> request.windowEnd(windowEnd));

        assertThat(isOpen(dataSent)).isEqualTo(isOpen);
    }

    @Test
    void skippedTracksNeedNoSlot() {
        parts.holdSent(4);
        parts.kinds.append(500, org.imgblstr.codec.TrackKind.ZERO);
        var slave = parts.follower(1);
        parts.report(slave, request -> request.highest(504).windowEnd(514));

        assertThat(slave.dataWindowEnd()).isEqualTo(14);
        assertThat(isOpen(13)).isTrue();
        assertThat(isOpen(14)).isFalse();
    }

    @Test
    void theSlowestSlaveThatIsWaitedForDecides() {
        var slow = parts.follower(1);
        parts.follower(2);
        parts.report(slow, request -> request.windowEnd(3));
        assertThat(isOpen(3)).isFalse();

        slow.postpone();
        assertThat(isOpen(3)).isTrue();

        slow.resume();
        assertThat(isOpen(3)).isFalse();
        slow.fallSilent();
        assertThat(isOpen(3)).isTrue();
    }

    @Test
    void aCompleteSlaveHoldsNobodyBack() {
        var complete = parts.follower(1);
        parts.follower(2);
        parts.report(complete, request -> request.windowEnd(0).status(ResendRequestFlyweight.NOTHING_MISSING));

        assertThat(isOpen(50)).isTrue();
    }

    @Test
    void whenNobodyIsWaitedForThePassStandsAndWhenAllHaveAllItGoesOn() {
        var slave = parts.follower(1);
        slave.postpone();
        assertThat(isOpen(0)).isFalse();

        parts.report(slave, request -> request.status(ResendRequestFlyweight.NOTHING_MISSING));
        assertThat(isOpen(0)).isTrue();
    }

    @Test
    void aSlaveIsSentWhatItsSocketHoldsAndNotOneDatagramMore() {
        var slave = parts.follower(1);
        int limit = (int) slave.credit().of(UNSEEN);

        send(limit - 1);
        assertThat(isOpen(0)).isTrue();
        send(1);
        assertThat(isOpen(0)).isFalse();

        parts.report(slave, request -> request.sequenceSeen(1));
        assertThat(isOpen(0)).isTrue();
    }

    @Test
    void aSocketThatDropsIsSentLessAndAfterASecondMoreAgain() {
        var slave = parts.follower(1);
        parts.nowNs += SECOND;
        send(1);
        parts.report(slave, request -> request);
        long before = slave.credit().of(UNSEEN);

        send(1);
        parts.report(slave, request -> request.dropped(5));
        assertThat(slave.credit().of(UNSEEN)).isEqualTo(before / 2);

        parts.nowNs += SECOND;
        send(1);
        parts.report(slave, request -> request.dropped(5));
        assertThat(slave.credit().of(UNSEEN)).isEqualTo(before);
    }

    @Test
    void aSlaveThatReportsAndHearsNothingForThreeSecondsIsNotWaitedFor() {
        var slave = parts.follower(1);
        parts.follower(2);
        int seen = parts.sender.sequence();
        send(UNSEEN);
        parts.report(parts.slaves.all().get(1), request -> request);

        parts.nowNs += 3 * SECOND - 1;
        parts.report(slave, request -> request.sequenceSeen(seen));
        assertThat(isOpen(0)).isFalse();

        parts.nowNs += 1;
        parts.report(slave, request -> request.sequenceSeen(seen));
        assertThat(isOpen(0)).isTrue();
    }

    @Test
    void whoHasJoinedAndNotReportedIsSparedForASecond() {
        parts.follower(1);
        parts.nowNs += 10 * SECOND;
        SlaveEntry late = parts.join(2, 2);
        send(UNSEEN);
        parts.report(parts.slaves.all().get(0), request -> request);

        parts.nowNs = late.joinedNs() + SECOND - 1;
        assertThat(isOpen(0)).isFalse();
        parts.nowNs += 1;
        assertThat(isOpen(0)).isTrue();
    }

    @Test
    void inTheCatchUpNobodyIsSentMoreWholeTracksThanItHasSlots() {
        parts.holdSent(5);
        var slave = parts.follower(1);
        parts.report(slave, request -> request.highest(0).windowEnd(2));

        repairWhole(0);
        assertThat(parts.flow.isRoomForTracks(parts.nowNs)).isTrue();
        repairWhole(1);
        assertThat(parts.flow.isRoomForTracks(parts.nowNs)).isFalse();

        parts.report(slave, request -> request.highest(0).windowEnd(2));
        assertThat(parts.flow.isRoomForTracks(parts.nowNs)).isTrue();
    }

    @Test
    void inALargeRoomALostReportCostsTheWindowOfOneMore() {
        var many = new MasterParts(SlowPolicy.LADDER, 1000);
        var slave = many.follower(1);
        many.report(slave, request -> request.windowEnd(10));
        assertThat(many.flow.isWindowOpen(10, many.nowNs)).isFalse();

        many.nowNs += 525 * MS;
        assertThat(many.flow.isWindowOpen(10, many.nowNs)).isFalse();
        many.nowNs += 1;
        assertThat(many.flow.isWindowOpen(10, many.nowNs)).isTrue();
        assertThat(many.flow.isWindowOpen(20, many.nowNs)).isFalse();
    }

    @Test
    void whatIsOnEveryDiskIsThatOfTheSlowestThatIsWaitedFor() {
        parts.holdSent(10);
        var first = parts.follower(1);
        var second = parts.follower(2);
        assertThat(parts.flow.goodForAll()).isZero();
        parts.report(first, request -> request.goodUpTo(7));
        parts.report(second, request -> request.goodUpTo(3));

        assertThat(parts.flow.goodForAll()).isEqualTo(3);
        second.postpone();
        assertThat(parts.flow.goodForAll()).isEqualTo(7);
        first.postpone();
        assertThat(parts.flow.goodForAll()).isZero();
    }

    private boolean isOpen(int dataSent) {
        return parts.flow.isWindowOpen(dataSent, parts.nowNs);
    }

    private void send(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            parts.sender.nextSequence();
        }
    }

    private void repairWhole(int track) {
        parts.sender.beginRepair(track, RepairQueue.WHOLE);
        parts.sendAll();
    }
}
