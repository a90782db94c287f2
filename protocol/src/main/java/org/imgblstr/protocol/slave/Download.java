package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A slave's collecting of tracks, state 404 with boxes 405 to 408 of FIG. 4. One thread; made once the disk is open. */
public final class Download {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);

    private static final long MS = 1_000_000;

    /** No datagram of the data group for so long while the master is heard otherwise: the membership may be lost. */
    private static final long BLACKOUT_NS = 5_000 * MS;

    /** A track that fails so often after it was received whole will not get better. */
    private static final int MAX_BAD = 3;

    private final SlaveConfig config;
    private final Announcement session;
    private final TrackSpace space;
    private final int slave;
    private final SlavePort port;
    private final SlaveEvents events;
    private final SlaveCommands commands;
    private final ReportTimer reports;
    private final Collection tracks;
    private final SlotPool slots;
    private final ReceptionMeter reception = new ReceptionMeter();
    private final ContentDigest content;
    private final int endTrack;
    private final DigestCollection digests;
    private final Map<Integer, Integer> badCounts = new HashMap<>();
    private final SkipTrackFlyweight skip = new SkipTrackFlyweight();
    private final EndOfDataFlyweight endOfData = new EndOfDataFlyweight();
    private final long startedNs;
    private long lastDataNs;
    private boolean isPassOver;
    private boolean isSyncing;
    private boolean isSynced;
    private int errno;
    private long bytesWritten;
    private long bytesDone;
    private int unreadableTracks;
    private long diskRate;
    private long diskRateBytes;
    private long diskRateNs;
    private int socketDrops;

    Download(
            SlaveConfig config,
            Announcement session,
            int slave,
            SlavePort port,
            SlaveEvents events,
            SlaveCommands commands,
            RandomGenerator random,
            IntFunction<SymbolStore> stores,
            long nowNs) {
        this.config = config;
        this.session = session;
        this.space = session.image().space();
        this.slave = slave;
        this.port = port;
        this.events = events;
        this.commands = commands;
        int datagramBytes = session.symbolBytes() + SectorDataFlyweight.OVERHEAD_BYTES;
        this.reports = new ReportTimer(session, datagramBytes, random, nowNs);
        int longest = EncodedTrack.maxBytes(
                Math.max(space.geometry().trackBytes(), DigestTracks.CHUNK_TRACKS * DigestTracks.LEAF_BYTES));
        this.slots = new SlotPool(config.windowSlots(), longest, session.symbolBytes(), stores);
        this.tracks = new Collection(space.trackCount(), slots);
        this.endTrack = space.trackCount() + DigestTracks.count(space.trackCount());
        this.digests = session.isCompared() ? new DigestCollection(space.trackCount(), slots) : null;
        this.content = new ContentDigest(space.trackCount());
        this.startedNs = nowNs;
        this.lastDataNs = nowNs;
        this.diskRateNs = nowNs;
    }

    /** Symbols of one track, of this session, checked. */
    void onSymbols(SymbolRun run, long nowNs) {
        onHeard(nowNs);
        reception.onRun(run.firstSequence(), run.count());
        if (run.track() < space.trackCount()) {
            onData(run);
        } else if (digests != null) {
            TrackSlot complete = digests.add(run);
            if (complete != null) {
                port.decodeDigests(complete);
            }
        }
    }

    /** A skip range, sound and of this session. */
    void onSkip(ByteBuf datagram, long nowNs) {
        onHeard(nowNs);
        if (skip.wrap(datagram).isValid(space.trackCount())) {
            reception.onDatagram(skip.sequence());
            onSkip();
        }
    }

    /** End of Data, sound and of this session. */
    void onEndOfData(ByteBuf datagram, long nowNs) {
        onHeard(nowNs);
        if (endOfData.wrap(datagram).isValid(space.trackCount())) {
            reception.onDatagram(endOfData.sequence());
            onEndOfData(nowNs);
        }
    }

    private void onHeard(long nowNs) {
        lastDataNs = nowNs;
        if (reception.received() == 0) {
            events.onStarted();
        }
    }

    // ---- 407: process data

    private void onData(SymbolRun run) {
        int track = run.track();
        tracks.onHeardOf(track, run.isFlush());
        if (tracks.isSettled(track)) {
            return;
        }
        TrackSlot slot = tracks.slotOf(track);
        if (slot != null && !slot.isSameEncoding(run)) {
            tracks.drop(slot);
            slot = null;
        }
        if (slot == null) {
            if (run.sourceSymbols() > slots.maxSymbolCount()) {
                return;
            }
            slot = tracks.begin(track, run.generation(), run.sourceSymbols(), session.repairWindow());
        }
        if (slot != null && slot.add(run) && slot.deficit() == 0) {
            tracks.settle(slot);
            port.write(slot);
        }
    }

    /** What a digest track says: its tracks are compared with the disk, those apart that came meanwhile. */
    void onDigests(TrackSlot slot, ByteBuffer leaves) {
        int first = DigestTracks.firstTrack(slot.track(), space.trackCount());
        int end = DigestTracks.endTrack(slot.track(), space.trackCount());
        tracks.free(slot);
        port.compare(first, end - first, leaves);
    }

    void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        for (int i = 0; i < count; i++) {
            int track = firstTrack + i;
            if (!tracks.isSettled(track)) {
                takeCompared(track, DigestTracks.kind(leaves, i), DigestTracks.checksum(leaves, i), held.get(i));
            }
        }
        digests.onCompared(count);
    }

    private void takeCompared(int track, TrackKind kind, long checksum, boolean isHeld) {
        if (kind == TrackKind.UNUSED || kind == TrackKind.UNREADABLE || (kind == TrackKind.ZERO && !isHeld)) {
            tracks.settle(track, track + 1);
            port.skip(track, 1, kind);
        } else if (isHeld) {
            tracks.settle(track, track + 1);
            content.set(track, kind, checksum);
            bytesDone += space.rawBytes(track);
            tracks.done(track, track + 1);
            syncWhenComplete();
        }
    }

    // ---- 406: skip

    private void onSkip() {
        for (int i = 0; i < skip.ranges(); i++) {
            int first = skip.firstTrack(i);
            int end = first + skip.count(i);
            tracks.onHeardOf(end - 1, true);
            while ((first = tracks.nextUnsettled(first, end)) < end) {
                int runEnd = tracks.nextSettled(first, end);
                tracks.settle(first, runEnd);
                port.skip(first, runEnd - first, skip.kind(i));
                first = runEnd;
            }
        }
    }

    private void onEndOfData(long nowNs) {
        tracks.onSentUpTo(endOfData.sentUpTo());
        if (endOfData.kind() == EndOfDataFlyweight.PASS_ENDED) {
            onAllSent();
            reports.within(endOfData.windowMs(), nowNs);
        }
    }

    /** Every track was sent once: all that is missing now is asked for. */
    void onAllSent() {
        tracks.onSentUpTo(space.trackCount());
        isPassOver = true;
    }

    void onGeometry(DriveGeometryFlyweight.State masterState, int joined) {
        reports.onJoined(joined);
        if (masterState == DriveGeometryFlyweight.State.CATCH_UP
                || masterState == DriveGeometryFlyweight.State.FAREWELL) {
            onAllSent();
        }
    }

    // ---- 405: answers of the disk

    void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        bytesWritten += rawBytes;
        tracks.free(slot);
        if (!config.verify()) {
            onDone(slot.track(), checksum);
        }
    }

    void onVerified(int track, long checksum) {
        onDone(track, checksum);
    }

    private void onDone(int track, long checksum) {
        content.set(track, TrackKind.DATA, checksum);
        bytesDone += space.rawBytes(track);
        tracks.done(track, track + 1);
        syncWhenComplete();
    }

    /** Returns false when the track has failed too often. */
    boolean onBadTrack(int track, TrackSlot slot, String why) {
        if (slot != null) {
            tracks.free(slot);
        }
        if (track >= space.trackCount()) {
            digests.ask(track);
        } else {
            tracks.unsettle(track);
        }
        LOG.warn("track {} is asked for again: {}", track, why);
        return badCounts.merge(track, 1, Integer::sum) < MAX_BAD;
    }

    void onSkipped(int firstTrack, int count, TrackKind kind) {
        int end = firstTrack + count;
        if (kind == TrackKind.UNREADABLE) {
            unreadableTracks += count;
        }
        content.setRange(firstTrack, count, kind, space::rawBytes);
        long bytes = space.rangeBytes(firstTrack, end);
        bytesDone += bytes;
        bytesWritten += kind == TrackKind.ZERO ? bytes : 0;
        tracks.done(firstTrack, end);
        syncWhenComplete();
    }

    private void syncWhenComplete() {
        if (tracks.isComplete() && !isSyncing) {
            isSyncing = true;
            port.sync();
        }
    }

    void onSynced() {
        isSynced = true;
    }

    void onDiskError(int newErrno) {
        errno = newErrno;
    }

    // ---- 408: resend request, status and flow control

    /** Reports when it is time. Returns nanoseconds to the next report. */
    long report(long nowNs) {
        if (isReportDue(nowNs)) {
            return reportNow(nowNs);
        }
        watchForBlackout(nowNs);
        return reports.waitNs(nowNs);
    }

    boolean isReportDue(long nowNs) {
        return reports.isDue(reception.received(), nowNs);
    }

    /** Reports. Returns nanoseconds to the next report. */
    long reportNow(long nowNs) {
        measureDisk(nowNs);
        reports.onReport(tracks.endTrack() == 0, reception.received(), nowNs);
        ByteBuf buffer = commands.buffer();
        ResendRequestFlyweight request = commands.request(buffer, session, slave);
        request.status(status())
                .sequenceSeen(reception.newestSequence())
                .goodUpTo(tracks.goodUpTo())
                .highest(tracks.endTrack())
                .windowEnd(tracks.windowEnd())
                .tracksDone(tracks.doneCount())
                .tracksMissing(tracks.missingCount())
                .received(reception.received() & 0xFFFF_FFFFL)
                .lost(reception.lost())
                .diskRateKib(Math.min(0xFFFF_FFFFL, diskRate / 1024))
                .dropped(socketDrops)
                .errno(errno);
        if (digests == null || digests.isCompared() || !isPassOver) {
            addRecords(request);
        }
        if (digests != null) {
            digests.addRecords(request);
        }
        commands.send(buffer, session);
        return reports.waitNs(nowNs);
    }

    private int status() {
        int status = 0;
        if (isSynced) {
            status |= ResendRequestFlyweight.NOTHING_MISSING;
        } else if (isSyncing
                || (digests != null && isPassOver && !digests.isCompared())
                || (isPassOver && tracks.missingCount() == 0)) {
            status |= ResendRequestFlyweight.VERIFYING;
        }
        if (!tracks.hasRoom()) {
            status |= ResendRequestFlyweight.HOLD;
        }
        return errno == 0 ? status : status | ResendRequestFlyweight.DISK_ERROR;
    }

    private void addRecords(ResendRequestFlyweight request) {
        int closedEnd = tracks.closedEnd();
        // While the pass runs, only what the master still holds is worth asking for.
        int from = isPassOver ? 0 : tracks.endTrack() - session.repairWindow();
        int track = tracks.nextUnsettled(Math.max(tracks.goodUpTo(), from), closedEnd);
        while (track < closedEnd && request.records() < ResendRequestFlyweight.MAX_RECORDS) {
            TrackSlot slot = tracks.slotOf(track);
            int end = track + 1;
            if (slot != null) {
                request.add(track, 1, slot.deficit(), slot.generation());
            } else {
                end = endOfWholeMissing(track, closedEnd);
                request.add(track, end - track, 0, 0);
            }
            track = tracks.nextUnsettled(end, closedEnd);
        }
    }

    private int endOfWholeMissing(int track, int closedEnd) {
        int end = tracks.nextSettled(track, closedEnd);
        if (tracks.partialCount() == 0) {
            return end;
        }
        int next = track + 1;
        while (next < end && tracks.slotOf(next) == null) {
            next++;
        }
        return next;
    }

    private void watchForBlackout(long nowNs) {
        if (tracks.endTrack() > 0 && !isSynced && nowNs - lastDataNs >= BLACKOUT_NS) {
            lastDataNs = nowNs;
            events.onWarning("no data for 5 s although the master is there: joining the group again");
            port.rejoinData();
        }
    }

    private void measureDisk(long nowNs) {
        long elapsedNs = nowNs - diskRateNs;
        if (elapsedNs >= 500 * MS) {
            diskRate = (long) ((bytesDone - diskRateBytes) * 1e9 / elapsedNs);
            diskRateBytes = bytesDone;
            diskRateNs = nowNs;
        }
    }

    /** Datagrams that the socket dropped so far, as the transport counts them. */
    public void socketDrops(int value) {
        socketDrops = Math.max(0, value);
    }

    /** One more than the highest number of a track that may be sent, digest tracks included. */
    int endTrack() {
        return endTrack;
    }

    boolean isSynced() {
        return isSynced;
    }

    byte[] contentDigest() {
        return content.digest();
    }

    int errno() {
        return errno;
    }

    long elapsedMs(long nowNs) {
        return (nowNs - startedNs) / MS;
    }

    /** Bytes written or zeroed. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Bytes of tracks that are done. */
    public long bytesDone() {
        return bytesDone;
    }

    /** Bytes a second lately. */
    public long diskRate() {
        return diskRate;
    }

    public int doneTracks() {
        return tracks.doneCount();
    }

    public int goodUpTo() {
        return tracks.goodUpTo();
    }

    /** Bytes before the first track that is not done. */
    public long goodUpToBytes() {
        return space.rangeBytes(0, tracks.goodUpTo());
    }

    public int missingTracks() {
        return tracks.missingCount();
    }

    /** Tracks that the master could not read. */
    public int unreadableTracks() {
        return unreadableTracks;
    }

    /** Datagrams lost of those sent, 0 to 1. */
    public double lossRate() {
        int all = reception.received() + reception.lost();
        return all == 0 ? 0 : (double) reception.lost() / all;
    }
}
