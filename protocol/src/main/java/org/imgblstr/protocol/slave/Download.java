package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.manifest.RefusedTracks;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.SilenceTimer;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.slave.tracks.DiskComparison;
import org.imgblstr.protocol.slave.tracks.DiskTally;
import org.imgblstr.protocol.slave.tracks.Holdings;
import org.imgblstr.protocol.slave.tracks.Judgement;
import org.imgblstr.protocol.slave.tracks.RoomWatch;
import org.imgblstr.protocol.slave.tracks.TrackTable;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;

/** A slave's collecting of tracks, state 404 with boxes 405 to 408 of FIG. 4. One thread; made once the disk is open. */
public final class Download {
    private static final long MS = 1_000_000;

    /** No datagram of the data group for so many seconds while the master is heard otherwise: the membership may be lost. */
    private static final int BLACKOUT_SECONDS = 5;

    private static final long BLACKOUT_NS = BLACKOUT_SECONDS * 1_000 * MS;

    private final Announcement session;
    private final Confirmation confirmation;
    private final SlavePort port;
    private final SlaveDisk disk;
    private final SlaveEvents events;
    private final boolean isVerified;
    private final TrackSpace space;
    private final Holdings held;
    private final SlotPool slots;
    private final TrackTable tracks;
    private final RoomWatch room;
    private final ReceptionMeter reception = new ReceptionMeter();
    private final DiskComparison comparison;
    private final Reporter reporter;
    private final int endTrack;
    private final SkipTrackFlyweight skip = new SkipTrackFlyweight();
    private final EndOfDataFlyweight endOfData = new EndOfDataFlyweight();
    private final long startedNs;
    private final SilenceTimer silence = new SilenceTimer(BLACKOUT_SECONDS);
    private long lastAnnouncedNs;
    private long lastDataNs;
    private boolean isLone;

    Download(
            SlaveConfig config,
            SlaveSurroundings around,
            SlaveCommands commands,
            Announcement session,
            Confirmation confirmation,
            long nowNs) {
        this.session = session;
        this.confirmation = confirmation;
        this.port = around.port();
        this.disk = around.disk();
        this.events = around.events();
        this.isVerified = config.verify();
        this.space = session.image().space();
        this.held = new Holdings(
                space,
                disk,
                config.windowSlots(),
                around.stores(),
                session.repairWindow(),
                port.manifest(session.sessionId()),
                nowNs);
        this.slots = held.slots();
        this.tracks = held.tracks();
        this.room = new RoomWatch(tracks);
        boolean isComparing = session.isDelta() || confirmation.isResume();
        boolean wantsDigests = isComparing || held.judgement() != null;
        this.isLone = held.judgement() != null && port.isLone(session.sessionId());
        if (isLone) {
            disk.hash(false);
        }
        this.comparison = wantsDigests ? new DiskComparison(disk, held, isComparing) : null;
        this.endTrack = space.trackCount() + DigestTracks.count(space.trackCount());
        this.startedNs = nowNs;
        this.lastDataNs = nowNs;
        this.lastAnnouncedNs = nowNs;
        ReportTimer timer = new ReportTimer(confirmation, around.random(), nowNs);
        this.reporter = new Reporter(commands, session, confirmation.slave(), timer, held, comparison, reception);
        useSymbolSize();
    }

    /** Another slave of the sealed session has a group key from now on: what comes is held against the manifest. */
    public void share() {
        if (isLone) {
            isLone = false;
            disk.hash(true);
        }
    }

    /** Symbols of one track, of this session, checked. */
    void onSymbols(SymbolRun run, long nowNs) {
        onHeard(nowNs);
        reception.onRun(run.firstSequence(), run.count());
        if (run.track() < space.trackCount()) {
            onData(run);
        } else if (comparison != null) {
            comparison.onSymbols(run);
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

    /** Done to all slaves: it has a number of the data group, and is no sign that data flows. */
    void onDoneToAll(int sequence) {
        if (reception.received() > 0) {
            reception.onDatagram(sequence);
        }
    }

    /** Whether anything of the pass has come. */
    public boolean hasBegun() {
        return reception.received() > 0;
    }

    private void onHeard(long nowNs) {
        lastDataNs = nowNs;
        silence.restart(nowNs);
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
            if (slot.hasParity() || reporter.isAskedFor(track)) {
                reception.onRepaired();
            }
            tracks.settle(slot);
            disk.write(slot);
        }
    }

    /** A link where the track is wanted alone, or where it has begun to come alone. */
    private boolean isOfNoUse(SymbolRun run, TrackSlot slot) {
        return run.generation() == SectorDataFlyweight.LINK
                && (tracks.links().isWantedAlone(run.track())
                        || (slot != null && slot.generation() > run.generation()));
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
                disk.skip(first, runEnd - first, skip.kind(i));
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
        lastAnnouncedNs = nowNs;
        if (geometry.state() != DriveGeometryFlyweight.State.WAITING && !silence.isRunning()) {
            lastDataNs = nowNs;
            silence.start(nowNs);
        }
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
                ? confirmation.joined() * MS / 2
                : reporter.timer().intervalNs();
    }

    // ---- 408: resend request, status and flow control

    /** Reports when it is time. Returns nanoseconds to the next report. */
    long report(long nowNs) {
        watchForBlackout(nowNs);
        room.look(nowNs);
        tracks.links().hopeless(tracks, slots.slotCount()).forEach(disk::giveUp);
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
        long seconds = silence.take(nowNs);
        if (seconds > 0) {
            boolean isMasterHeard = nowNs - lastAnnouncedNs < BLACKOUT_NS / 2;
            Silence.What what = isMasterHeard ? Silence.What.NO_DATA : Silence.What.NO_MASTER_ANY_MORE;
            events.onSilence(new Silence(what, seconds, session.master(), session.dataGroup()));
        }
        if (silence.isRunning() && nowNs - lastDataNs >= BLACKOUT_NS) {
            lastDataNs = nowNs;
            port.rejoinData();
        }
    }

    /** Datagrams that the socket dropped so far, as the transport counts them. */
    public void socketDrops(int value) {
        reporter.socketDrops(value);
    }

    /** For so long the disk has been busy so far; nanoseconds. */
    public void diskBusy(long nanoseconds) {
        held.tally().busy(nanoseconds);
    }

    /** What came, what did not, and how fast the disk was. */
    public SlaveCounters counters() {
        return new SlaveCounters(
                reception.received(),
                reception.lost(),
                reporter.socketDrops(),
                reception.repairedTracks(),
                held.tally().meanRate(),
                isVerified);
    }

    /** What the slave has. */
    Holdings held() {
        return held;
    }

    /** The comparison with the master's digests; null when nothing is compared. */
    DiskComparison comparison() {
        return comparison;
    }

    /** Whether a track counts only after it was read back. */
    boolean isVerified() {
        return isVerified;
    }

    boolean isSynced() {
        return held.tally().isSynced();
    }

    /** What the manifest says of the tracks; null in an open session. */
    Judgement judgement() {
        return held.judgement();
    }

    /** Whether the master's Done with this D can be answered; one that it said before it knew D says nothing to who needs it. */
    boolean isAnsweredBy(byte[] masterManifest) {
        return judgement() == null || judgement().root() == null || !Judgement.isNoRoot(masterManifest);
    }

    /** Whether a track is refused again and again. */
    boolean isHopeless() {
        return judgement() != null && judgement().hopelessTrack() >= 0;
    }

    String whyHopeless() {
        return "track " + judgement().hopelessTrack() + " came " + RefusedTracks.MOST_TIMES
                + " times and never was what the master has signed: the source changed during the session, or a joined machine forges data";
    }

    byte[] contentDigest() {
        return held.content().digest();
    }

    long elapsedMs(long nowNs) {
        return (nowNs - startedNs) / MS;
    }

    /** What the disk has done so far. */
    public DiskTally tally() {
        return held.tally();
    }

    /** What the master could not read of the tracks that are done. */
    public UnreadableSectors unreadable() {
        return held.content().unreadable();
    }

    public int doneTracks() {
        return tracks.doneCount();
    }

    public int goodUpTo() {
        return tracks.goodUpTo();
    }

    /** Used bytes before the first track that is not done. */
    public long goodUpToBytes() {
        return held.usedBytesGood();
    }

    public int missingTracks() {
        return tracks.missingCount();
    }
}
