package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.tracks.ChainLinks;
import org.imgblstr.protocol.slave.tracks.DiskComparison;
import org.imgblstr.protocol.slave.tracks.DiskTally;
import org.imgblstr.protocol.slave.tracks.Holdings;
import org.imgblstr.protocol.slave.tracks.Judgement;
import org.imgblstr.protocol.slave.tracks.TrackTable;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;

/** Says in Resend Requests what a slave has and lacks, box 408 of FIG. 4: every report interval with random spread. One thread. */
final class Reporter {
    private final Announcement session;
    private final int slave;
    private final SlaveCommands commands;
    private final TrackTable tracks;
    private final DiskComparison comparison;
    private final ReceptionMeter reception;
    private final DiskTally disk;
    private final Judgement judgement;
    private final ReportTimer timer;
    private boolean isPassOver;
    private int socketDrops;
    private int askedEnd;

    /** {@code comparison}: null when nothing is compared. */
    Reporter(
            SlaveCommands commands,
            Announcement session,
            int slave,
            ReportTimer timer,
            Holdings held,
            DiskComparison comparison,
            ReceptionMeter reception) {
        this.session = session;
        this.slave = slave;
        this.commands = commands;
        this.tracks = held.tracks();
        this.comparison = comparison;
        this.reception = reception;
        this.disk = held.tally();
        this.judgement = held.judgement();
        this.timer = timer;
    }

    /** Every track was sent once: all that is missing now is asked for. */
    void onAllSent() {
        isPassOver = true;
    }

    /** When reports go. */
    ReportTimer timer() {
        return timer;
    }

    /** Everything is on the disk and synced: says so at once, where few slaves may do so in the same moment. */
    long onSynced(long nowNs) {
        return timer.isFewSlaves() ? reportNow(nowNs) : report(nowNs);
    }

    /** Datagrams that the socket dropped so far, 0 or more. */
    void socketDrops(int value) {
        socketDrops = Math.max(0, value);
    }

    /** Datagrams that the socket dropped so far. */
    int socketDrops() {
        return socketDrops;
    }

    /** Whether a track that has become whole only now had been asked for. */
    boolean isAskedFor(int track) {
        return track < askedEnd;
    }

    /** Whether it is time to report. */
    boolean isDue(long nowNs) {
        return timer.isDue(reception.received(), nowNs);
    }

    /** Reports when it is time. Returns nanoseconds to the next report. */
    long report(long nowNs) {
        return isDue(nowNs) ? reportNow(nowNs) : timer.waitNs(nowNs);
    }

    /** Reports. Returns nanoseconds to the next report. */
    private long reportNow(long nowNs) {
        disk.measure(nowNs);
        timer.onReport(tracks.endTrack() == 0, reception.received(), nowNs);
        ByteBuf buffer = commands.buffer();
        ResendRequestFlyweight request = commands.request(buffer, session, slave);
        request.status(status())
                .sequenceSeen(reception.newestSequence())
                .goodUpTo(tracks.goodUpTo())
                .highest(tracks.endTrack())
                .windowEnd(tracks.windowEnd())
                .tracksDone(tracks.doneCount())
                .tracksMissing(tracks.missingCount())
                .received(reception.received())
                .lost(reception.lost())
                .diskRateKib(Math.min(0xFFFF_FFFFL, disk.rate() / 1024))
                .dropped(socketDrops)
                .tracksRepaired(reception.repairedTracks())
                .errno(disk.errno())
                .longestHeard(session.path().longestHeard());
        if (!isUncompared() || !isPassOver) {
            addRecords(request);
        }
        if (comparison != null) {
            comparison.addRecords(request);
        }
        if (judgement != null) {
            request.refused(judgement.refusedTracks());
        }
        commands.send(buffer, session);
        return timer.waitNs(nowNs);
    }

    private int status() {
        int status = 0;
        if (disk.isSynced()) {
            status |= ResendRequestFlyweight.NOTHING_MISSING;
        } else if (disk.isSyncing() || (isPassOver && isUncompared()) || (isPassOver && tracks.missingCount() == 0)) {
            status |= ResendRequestFlyweight.VERIFYING;
        }
        if (!tracks.hasRoom()) {
            status |= ResendRequestFlyweight.HOLD;
        }
        return disk.errno() == 0 ? status : status | ResendRequestFlyweight.DISK_ERROR;
    }

    private void addRecords(ResendRequestFlyweight request) {
        int closedEnd = tracks.closedEnd();
        if (!tracks.hasRoom() || isUncompared()) {
            addPartial(request, closedEnd);
            return;
        }
        // While the pass runs, only what the master still holds is worth asking for.
        int from = isPassOver ? 0 : tracks.firstRepaired();
        int track = tracks.nextUnsettled(Math.max(tracks.goodUpTo(), from), closedEnd);
        while (track < closedEnd && !request.isFull()) {
            TrackSlot slot = tracks.slotOf(track);
            int end = track + 1;
            if (slot != null) {
                ask(request, track, 1, slot.deficit(), slot.generation());
            } else {
                ChainLinks.Want want = tracks.links().wantOf(track);
                end = endOfWholeMissing(track, want, closedEnd);
                ask(request, track, end - track, want.symbols(), want.generation());
            }
            track = tracks.nextUnsettled(end, closedEnd);
        }
    }

    private void ask(ResendRequestFlyweight request, int track, int count, int symbols, int generation) {
        request.add(track, count, symbols, generation);
        askedEnd = Math.max(askedEnd, track + count);
    }

    /** Whether the disk may hold more than is known yet: the master's digests have not come, or the disk is still being hashed. */
    private boolean isUncompared() {
        return comparison != null && !comparison.isOver();
    }

    /**
     * Asks only for the rest of half received tracks. Whole tracks would be sent for nothing: the slave has no room
     * for them, or its disk may hold them already.
     */
    private void addPartial(ResendRequestFlyweight request, int closedEnd) {
        for (TrackSlot slot : tracks.partial()) {
            if (slot.track() < closedEnd && !request.isFull()) {
                ask(request, slot.track(), 1, slot.deficit(), slot.generation());
            }
        }
    }

    /** End of the tracks from {@code track} on of which nothing is here and that are wanted in the same way. */
    private int endOfWholeMissing(int track, ChainLinks.Want want, int closedEnd) {
        int end = tracks.nextSettled(track, closedEnd);
        if (tracks.partialCount() == 0 && tracks.links().areNone()) {
            return end;
        }
        int next = track + 1;
        while (next < end && tracks.slotOf(next) == null && tracks.links().wantOf(next) == want) {
            next++;
        }
        return next;
    }
}
