package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;
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
    private final DiskTally disk;
    private final Reporter reporter;
    private final TrackSpace space;
    private final SlavePort port;
    private final SlaveEvents events;
    private final Collection tracks;
    private final SlotPool slots;
    private final ReceptionMeter reception = new ReceptionMeter();
    private final Content content;
    private final int endTrack;
    private final DigestCollection digests;
    private final Map<Integer, Integer> badCounts = new HashMap<>();
    private final SkipTrackFlyweight skip = new SkipTrackFlyweight();
    private final EndOfDataFlyweight endOfData = new EndOfDataFlyweight();
    private final long startedNs;
    private long lastDataNs;

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
        this.port = port;
        this.events = events;
        int longest = EncodedTrack.maxBytes(
                Math.max(space.geometry().trackBytes(), DigestTracks.CHUNK_TRACKS * DigestTracks.LEAF_BYTES));
        this.slots = new SlotPool(config.windowSlots(), longest, stores);
        this.tracks = new Collection(space.trackCount(), slots, session.repairWindow());
        this.endTrack = space.trackCount() + DigestTracks.count(space.trackCount());
        this.digests = session.isCompared() ? new DigestCollection(space.trackCount(), slots) : null;
        this.content = new Content(space);
        this.startedNs = nowNs;
        this.lastDataNs = nowNs;
        this.disk = new DiskTally(nowNs);
        this.reporter = new Reporter(session, slave, commands, random, tracks, digests, reception, disk, nowNs);
        useSymbolSize();
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

    /** Reads a run of symbols that begins with sound Sector Data of this session; false when it is not valid. */
    boolean read(SymbolRun run, DatagramBatch batch, int first) {
        return session.path().isDecided()
                && run.read(batch, first, endTrack, session.path().symbolBytes());
    }

    /** Another command of the data group, sound and of this session. */
    void onCommand(CommandType command, ByteBuf datagram, long nowNs) {
        onHeard(nowNs);
        switch (command) {
            case SKIP_TRACK -> {
                if (skip.wrap(datagram).isValid(space.trackCount())) {
                    reception.onDatagram(skip.sequence());
                    onSkip();
                }
            }
            case END_OF_DATA -> {
                if (endOfData.wrap(datagram).isValid(space.trackCount())) {
                    reception.onDatagram(endOfData.sequence());
                    onEndOfData(nowNs);
                }
            }
            default -> throw new IllegalStateException(command + " does not belong to the data group");
        }
    }

    /** Whether anything of the pass has come. */
    boolean hasBegun() {
        return reception.received() > 0;
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
        if (isOfNoUse(run, slot)) {
            return;
        }
        if (slot != null && !slot.isSameEncoding(run)) {
            tracks.drop(slot);
            slot = null;
        }
        if (slot == null) {
            if (run.sourceSymbols() > slots.maxSymbolCount()) {
                return;
            }
            slot = tracks.begin(track, run.generation(), run.sourceSymbols());
        }
        if (slot != null && slot.add(run) && slot.deficit() == 0) {
            tracks.settle(slot);
            port.write(slot);
        }
    }

    /** A link where the track is wanted alone, or where it has begun to come alone. */
    private boolean isOfNoUse(SymbolRun run, TrackSlot slot) {
        return run.generation() == SectorDataFlyweight.LINK
                && (tracks.links().isWantedAlone(run.track())
                        || (slot != null && slot.generation() > run.generation()));
    }

    /** What a digest track says: its tracks are compared with the disk, those apart that came meanwhile. */
    void onDigests(TrackSlot slot, ByteBuffer leaves) {
        int first = DigestTracks.firstTrack(slot.track(), space.trackCount());
        int end = DigestTracks.endTrack(slot.track(), space.trackCount());
        tracks.free(slot);
        port.compare(first, end - first, leaves);
    }

    void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        int i = 0;
        disk.onCompared((long) (count - held.cardinality()) * space.geometry().trackBytes());
        while (i < count) {
            TrackKind kind = DigestTracks.kind(leaves, i);
            int end = i + 1;
            if (isToSkip(firstTrack + i, kind, held.get(i))) {
                while (end < count
                        && DigestTracks.kind(leaves, end) == kind
                        && isToSkip(firstTrack + end, kind, held.get(end))) {
                    end++;
                }
                tracks.settle(firstTrack + i, firstTrack + end);
                port.skip(firstTrack + i, end - i, kind);
            } else if (held.get(i) && !tracks.isSettled(firstTrack + i)) {
                takeHeld(firstTrack + i, kind, DigestTracks.checksum(leaves, i));
            }
            i = end;
        }
        digests.onCompared(count);
    }

    private boolean isToSkip(int track, TrackKind kind, boolean isHeld) {
        return !tracks.isSettled(track)
                && (kind == TrackKind.UNUSED || kind == TrackKind.UNREADABLE || (kind == TrackKind.ZERO && !isHeld));
    }

    private void takeHeld(int track, TrackKind kind, long checksum) {
        tracks.settle(track, track + 1);
        tracks.links().onHeld(track);
        content.onHeld(track, kind, checksum);
        disk.onDone(space.rawBytes(track));
        tracks.done(track, track + 1);
        syncWhenComplete();
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
            reporter.timer().within(endOfData.windowMs(), nowNs);
        }
    }

    /** Every track was sent once: all that is missing now is asked for. */
    void onAllSent() {
        tracks.onSentUpTo(space.trackCount());
        reporter.onAllSent();
    }

    private void useSymbolSize() {
        if (session.path().isDecided()) {
            slots.symbolBytes(session.path().symbolBytes());
            reporter.timer().datagramBytes(session.path().datagramBytes());
        }
    }

    /** The master announces the session again: where it is, how many slaves there are, and how long its datagrams are. */
    void onGeometry(DriveGeometryFlyweight geometry, boolean isPathNews, long nowNs) {
        reporter.timer().onJoined(geometry.joined());
        if (isPathNews) {
            useSymbolSize();
            reporter.timer().within(geometry.joined() / 2, nowNs);
        }
        if (geometry.state() == DriveGeometryFlyweight.State.CATCH_UP
                || geometry.state() == DriveGeometryFlyweight.State.FAREWELL) {
            onAllSent();
        }
    }

    /** Over how long slaves that leave together must spread their Disconnects. */
    long goodbyeSpreadNs() {
        return reporter.timer().isFewSlaves()
                ? session.joined() * MS / 2
                : reporter.timer().intervalNs();
    }

    // ---- 405: answers of the disk

    void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        disk.onWritten(rawBytes);
        tracks.free(slot);
        tracks.links().onWritten(slot.track());
        if (!config.verify()) {
            onDone(slot.track(), checksum);
        }
    }

    void onWaiting(TrackSlot slot, int chainStart) {
        tracks.links().onWaiting(slot.track(), chainStart);
    }

    void onUseless(TrackSlot slot) {
        tracks.links().wantAlone(slot.track());
        tracks.free(slot);
        tracks.unsettle(slot.track());
    }

    void onPartial(int track, UnreadableMap map) {
        content.onPartial(track, map);
    }

    void onVerified(int track, long checksum) {
        onDone(track, checksum);
    }

    private void onDone(int track, long checksum) {
        content.onDone(track, checksum);
        disk.onDone(space.rawBytes(track));
        tracks.done(track, track + 1);
        syncWhenComplete();
    }

    /** Returns false when the track has failed too often. */
    boolean onBadTrack(int track, TrackSlot slot, String why) {
        if (slot != null) {
            tracks.free(slot);
        }
        content.onBad(track);
        if (track >= space.trackCount()) {
            digests.ask(track);
        } else {
            tracks.links().wantAlone(track);
            tracks.unsettle(track);
        }
        LOG.warn("track {} is asked for again: {}", track, why);
        return badCounts.merge(track, 1, Integer::sum) < MAX_BAD;
    }

    void onSkipped(int firstTrack, int count, TrackKind kind) {
        int end = firstTrack + count;
        content.onSkipped(firstTrack, count, kind);
        long bytes = space.rangeBytes(firstTrack, end);
        disk.onDone(bytes);
        disk.onWritten(kind.isZeroed() ? bytes : 0);
        tracks.done(firstTrack, end);
        syncWhenComplete();
    }

    private void syncWhenComplete() {
        if (tracks.isComplete() && disk.beginSync()) {
            port.sync();
        }
    }

    void onSynced() {
        disk.onSynced();
    }

    void onDiskError(int newErrno) {
        disk.onError(newErrno);
    }

    // ---- 408: resend request, status and flow control

    /** Reports when it is time. Returns nanoseconds to the next report. */
    long report(long nowNs) {
        watchForBlackout(nowNs);
        tracks.links().hopeless(tracks, slots.slotCount()).forEach(port::giveUp);
        return reporter.report(nowNs);
    }

    /** Whether a report is due, as so much was heard since the last one or its time has come. */
    boolean isReportDue(long nowNs) {
        return reporter.isDue(nowNs);
    }

    /** Reports that everything is here. Returns nanoseconds to the next report. */
    long reportSynced(long nowNs) {
        return reporter.onSynced(nowNs);
    }

    private void watchForBlackout(long nowNs) {
        if (tracks.endTrack() > 0 && nowNs - lastDataNs >= BLACKOUT_NS) {
            lastDataNs = nowNs;
            events.onWarning("no data for 5 s although the master is there: joining the group again");
            port.rejoinData();
        }
    }

    /** Datagrams that the socket dropped so far, as the transport counts them. */
    public void socketDrops(int value) {
        reporter.socketDrops(value);
    }

    boolean isSynced() {
        return disk.isSynced();
    }

    byte[] contentDigest() {
        return content.digest();
    }

    long elapsedMs(long nowNs) {
        return (nowNs - startedNs) / MS;
    }

    /** What came of the disk so far. */
    public DiskTally disk() {
        return disk;
    }

    /** What the master could not read of the tracks that are done. */
    public UnreadableSectors unreadable() {
        return content.unreadable();
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

    /** Datagrams lost of those sent, 0 to 1. */
    public double lossRate() {
        return reception.lossRate();
    }
}
