package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.session.SlaveResult.Result;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.DisconnectAcknowledgeFlyweight;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slave (FIG. 4). Datagrams, answers of the disk and the time come in; datagrams and work for the disk go out through a
 * {@link SlavePort}. One thread calls it: with every datagram, every answer, and when the time it asked for has passed.
 */
public final class SlaveEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveEngine.class);

    private static final long MS = 1_000_000;

    /** Fifteen announcements or a hundred heartbeats lost in a row. */
    static final long MASTER_LOST_NS = 30_000 * MS;

    private static final long RSVP_FIRST_NS = 250 * MS;
    private static final long RSVP_LONGEST_NS = 2_000 * MS;
    private static final int RSVP_TRIES = 12;
    private static final long DISCONNECT_FIRST_NS = 250 * MS;
    private static final long DISCONNECT_LONGEST_NS = 2_000 * MS;
    private static final int DISCONNECT_TRIES = 8;

    private final SlaveConfig config;
    private final SlavePort port;
    private final SlaveEvents events;
    private final RandomGenerator random;
    private final IntFunction<SymbolStore> stores;
    private final SlaveCommands commands;
    private final DatagramBatch single = new DatagramBatch();
    private final SymbolRun run = new SymbolRun();
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final DoneFlyweight done = new DoneFlyweight();
    private final DisconnectAcknowledgeFlyweight acknowledge = new DisconnectAcknowledgeFlyweight();

    private SlaveState state = SlaveState.HOOK_UP;
    private long openedNs;
    private long lastHeardNs;
    private Announcement announced;
    private boolean isChecking;
    private long dueNs;
    private int tries;
    private int slave;
    private Download download;
    private Result result;
    private String message = "";
    private byte[] digest = new byte[DoneFlyweight.DIGEST_BYTES];

    /**
     * @param random decides back-off
     * @param stores makes the memory of a slot, given its bytes
     */
    public SlaveEngine(
            SlaveConfig config,
            SlavePort port,
            SlaveEvents events,
            RandomGenerator random,
            IntFunction<SymbolStore> stores) {
        this.config = config;
        this.port = port;
        this.events = events;
        this.random = random;
        this.stores = stores;
        this.commands = new SlaveCommands(config, port);
    }

    /** The sockets are open: waits for a master from now on. */
    public void open(long nowNs) {
        openedNs = nowNs;
        lastHeardNs = nowNs;
    }

    /** One datagram for the slave: {@link #onDatagrams}. */
    public void onDatagram(ByteBuf datagram, long nowNs) {
        DatagramBatch one = single.start(datagram);
        one.add(datagram.readerIndex(), datagram.readableBytes());
        onDatagrams(one, nowNs);
    }

    /**
     * Datagrams for the slave. Foreign and malformed ones are dropped.
     *
     * @return whether {@link #onTick} is due: after anything but data, and when so much came that the master is to be told
     */
    public boolean onDatagrams(DatagramBatch batch, long nowNs) {
        boolean isOnlyData = true;
        int next = 0;
        while (next < batch.count() && state != SlaveState.OVER) {
            if (!batch.isSound(next)) {
                next++;
            } else if (batch.command(next).isData()) {
                next += onData(batch, next, nowNs);
            } else {
                isOnlyData = false;
                onCommand(batch, next++, nowNs);
            }
        }
        return !isOnlyData || (download != null && download.isReportDue(nowNs));
    }

    /** Takes the run that begins with sound Sector Data. Returns its datagrams, or 1 when it is of no use. */
    private int onData(DatagramBatch batch, int first, long nowNs) {
        if (announced == null || batch.session(first) != announced.session()) {
            return 1;
        }
        lastHeardNs = nowNs;
        if (download == null || !run.read(batch, first, download.endTrack(), announced.symbolBytes())) {
            return 1;
        }
        download.onSymbols(run, nowNs);
        return run.count();
    }

    /** Symbols of this session that were checked already, as {@link #onDatagrams} finds them. */
    public void onSymbols(SymbolRun symbols, long nowNs) {
        if (download != null && state != SlaveState.OVER) {
            lastHeardNs = nowNs;
            download.onSymbols(symbols, nowNs);
        }
    }

    private void onCommand(DatagramBatch batch, int index, long nowNs) {
        ByteBuf buffer = batch.buffer();
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        int offset = batch.offset(index);
        buffer.setIndex(offset, offset + batch.length(index));
        try {
            onCommand(batch.command(index), buffer, nowNs);
        } finally {
            buffer.setIndex(start, end);
        }
    }

    private void onCommand(CommandType command, ByteBuf datagram, long nowNs) {
        if (command == CommandType.DRIVE_GEOMETRY) {
            onGeometry(datagram, nowNs);
            return;
        }
        if (announced == null || Datagram.session(datagram, datagram.readerIndex()) != announced.session()) {
            return;
        }
        lastHeardNs = nowNs;
        switch (command) {
            case CONFIRM_DOWNLOAD -> onConfirm(datagram);
            case SKIP_TRACK -> {
                if (download != null) {
                    download.onSkip(datagram, nowNs);
                }
            }
            case END_OF_DATA -> {
                if (download != null) {
                    download.onEndOfData(datagram, nowNs);
                }
            }
            case DONE -> onDone(datagram, nowNs);
            case DISCONNECT_ACKNOWLEDGE -> onAcknowledge(datagram);
            default -> LOG.trace("a command of a slave was dropped");
        }
    }

    /** Does all work due at {@code nowNs}. Returns nanoseconds to wait at most, Long.MAX_VALUE once over. */
    public long onTick(long nowNs) {
        if (state == SlaveState.OVER) {
            return Long.MAX_VALUE;
        }
        if (state != SlaveState.HOOK_UP && state != SlaveState.GOODBYE && nowNs - lastHeardNs >= MASTER_LOST_NS) {
            onMasterLost();
            return Long.MAX_VALUE;
        }
        return switch (state) {
            case HOOK_UP -> awaitMaster(nowNs);
            case SEND_RSVP, AWAIT_CONFIRM -> repeatRsvp(nowNs);
            case DOWNLOAD -> download(nowNs);
            case FAREWELL -> Math.min(download.report(nowNs), MASTER_LOST_NS);
            case GOODBYE -> repeatDisconnect(nowNs);
            case OVER -> Long.MAX_VALUE;
        };
    }

    /** The operator stops the slave: the master is told, nothing is waited for. */
    public void abort(long nowNs) {
        if (state == SlaveState.OVER) {
            return;
        }
        outcome(Result.INTERRUPTED, "interrupted by the operator");
        if (download != null) {
            for (int i = 0; i < 3; i++) {
                sayGoodbye(nowNs);
            }
        }
        over("interrupted");
    }

    // ---- 401 to 403: hook-up

    private long awaitMaster(long nowNs) {
        if (config.waitNs() == Long.MAX_VALUE || isChecking) {
            return Long.MAX_VALUE / 2;
        }
        long leftNs = config.waitNs() - (nowNs - openedNs);
        if (leftNs <= 0) {
            outcome(Result.NO_MASTER, "no master was heard within " + config.waitNs() / 1_000_000_000 + " s");
            over("no master");
            return Long.MAX_VALUE;
        }
        return leftNs;
    }

    private void onGeometry(ByteBuf datagram, long nowNs) {
        if (!geometry.wrap(datagram).isValid()) {
            return;
        }
        if (announced != null) {
            if (geometry.sessionId() == announced.sessionId()) {
                lastHeardNs = nowNs;
                if (download != null) {
                    download.onGeometry(geometry.state(), geometry.joined());
                }
            }
            return;
        }
        if (state != SlaveState.HOOK_UP || config.endedSessions().contains(geometry.sessionId())) {
            return;
        }
        announced = Announcement.of(geometry);
        lastHeardNs = nowNs;
        isChecking = true;
        LOG.info("slave 401: session {} of {} announced", Long.toHexString(announced.sessionId()), announced.master());
        port.check(announced.image());
    }

    /** The disk fits what was announced. */
    public void onChecked(long nowNs) {
        if (state != SlaveState.HOOK_UP || announced == null) {
            return;
        }
        isChecking = false;
        lastHeardNs = nowNs;
        port.joinData(announced.dataGroup());
        long spreadNs = Math.min(2_000 * MS, Math.max(1, announced.wanted()) * 2L * MS);
        dueNs = nowNs + random.nextLong(spreadNs);
        tries = 0;
        become(SlaveState.SEND_RSVP, "the disk fits");
    }

    /** The disk does not fit, or may not be written. */
    public void onRefused(Result why, String because) {
        if (state == SlaveState.OVER) {
            return;
        }
        outcome(why, because);
        over("refused");
    }

    private long repeatRsvp(long nowNs) {
        if (dueNs - nowNs <= 0 && slave == 0) {
            if (tries == RSVP_TRIES) {
                LOG.warn("no answer to {} RSVPs: waiting for a master again", RSVP_TRIES);
                port.leaveData();
                announced = null;
                become(SlaveState.HOOK_UP, "no answer");
                return 0;
            }
            commands.rsvp(announced);
            dueNs = nowNs + Math.min(RSVP_LONGEST_NS, RSVP_FIRST_NS << Math.min(10, tries));
            tries++;
            if (state == SlaveState.SEND_RSVP) {
                become(SlaveState.AWAIT_CONFIRM, "RSVP sent");
            }
        }
        return slave == 0 ? dueNs - nowNs : MASTER_LOST_NS;
    }

    private void onConfirm(ByteBuf datagram) {
        if (!confirm.wrap(datagram).isValid(announced.trackCount())
                || confirm.nonce() != config.nonce()
                || state != SlaveState.AWAIT_CONFIRM
                || slave != 0) {
            return;
        }
        if (!confirm.result().isJoined()) {
            outcome(Result.DOES_NOT_FIT, "the master does not take this slave: " + confirm.result());
            over("refused by the master");
            return;
        }
        slave = confirm.slave();
        announced = announced.confirmed(confirm.reportIntervalMs() * MS, confirm.joined(), confirm.isResume());
        port.open(announced.image());
    }

    /** The disk is open for writing. */
    public void onOpened(long nowNs) {
        if (state != SlaveState.AWAIT_CONFIRM) {
            return;
        }
        lastHeardNs = nowNs;
        download = new Download(config, announced, slave, port, events, commands, random, stores, nowNs);
        become(SlaveState.DOWNLOAD, "confirmed as slave " + slave);
        events.onJoined(slave, announced.image(), announced.master());
        download.report(nowNs);
    }

    // ---- 404 to 409: download

    private long download(long nowNs) {
        if (download.isSynced()) {
            become(SlaveState.FAREWELL, "every track is on the disk");
            return Math.min(download.reportNow(nowNs), MASTER_LOST_NS);
        }
        return download.report(nowNs);
    }

    private void onDone(ByteBuf datagram, long nowNs) {
        if (!done.wrap(datagram).isValid(announced.trackCount())) {
            return;
        }
        switch (done.reason()) {
            case DoneFlyweight.COMPLETE -> onComplete(nowNs);
            case DoneFlyweight.ABORTED -> onAborted(nowNs, done.exitCode());
            default -> goodbye(Result.TOO_SLOW, "the master removed this slave", nowNs);
        }
    }

    private void onComplete(long nowNs) {
        if (state == SlaveState.GOODBYE && done.hasDeparted(slave)) {
            over("the master has the Disconnect");
        } else if (state == SlaveState.DOWNLOAD) {
            download.onAllSent();
        } else if (state == SlaveState.FAREWELL) {
            compare(done.digest(), nowNs);
        }
    }

    private void compare(byte[] masterDigest, long nowNs) {
        digest = download.contentDigest();
        if (!Arrays.equals(digest, masterDigest)) {
            String found = HexFormat.of().formatHex(digest, 0, 8);
            String expected = HexFormat.of().formatHex(masterDigest, 0, 8);
            goodbye(
                    Result.VERIFY_FAILED,
                    "content digest: expected " + expected + "..., found " + found + "...",
                    nowNs);
        } else if (download.unreadableTracks() > 0) {
            int tracks = download.unreadableTracks();
            goodbye(Result.INCOMPLETE, tracks + " tracks could not be read by the master", nowNs);
        } else {
            goodbye(Result.COMPLETE, "", nowNs);
        }
    }

    private void onAborted(long nowNs, int exitCode) {
        if (state == SlaveState.GOODBYE) {
            return;
        }
        outcome(Result.MASTER_ABORTED, "the master gave up with exit code " + exitCode);
        if (download != null) {
            // Once: a master that gave up does not stay to acknowledge.
            sayGoodbye(nowNs);
        }
        over("the master gave up");
    }

    private void onMasterLost() {
        boolean isUnconfirmed = state == SlaveState.FAREWELL;
        outcome(
                Result.MASTER_LOST,
                "the master fell silent for " + MASTER_LOST_NS / 1_000_000_000 + " s"
                        + (isUnconfirmed ? "; every track is here, but its digest was not confirmed" : ""));
        over("master lost");
    }

    // ---- 410: goodbye

    private void goodbye(Result how, String because, long nowNs) {
        if (download == null || state == SlaveState.GOODBYE || state == SlaveState.OVER) {
            return;
        }
        outcome(how, because);
        long spreadNs = Math.min(500 * MS, Math.max(1, announced.joined()) * MS / 2);
        dueNs = nowNs + random.nextLong(spreadNs);
        tries = 0;
        become(SlaveState.GOODBYE, how + (because.isEmpty() ? "" : ": " + because));
    }

    private long repeatDisconnect(long nowNs) {
        if (dueNs - nowNs <= 0) {
            if (tries == DISCONNECT_TRIES) {
                over("Disconnect was not acknowledged");
                return Long.MAX_VALUE;
            }
            sayGoodbye(nowNs);
            dueNs = nowNs + Math.min(DISCONNECT_LONGEST_NS, DISCONNECT_FIRST_NS << tries);
            tries++;
        }
        return dueNs - nowNs;
    }

    private void sayGoodbye(long nowNs) {
        Result wire = result == Result.MASTER_ABORTED ? Result.INCOMPLETE : result;
        commands.disconnect(announced, slave, wire, download, digest, nowNs);
    }

    private void onAcknowledge(ByteBuf datagram) {
        if (acknowledge.wrap(datagram).isValid()
                && state == SlaveState.GOODBYE
                && acknowledge.slave() == slave
                && acknowledge.nonce() == config.nonce()) {
            over("acknowledged");
        }
    }

    // ---- answers of the disk

    /** A track was decoded and written; its slot is free. {@code checksum} is that of its raw bytes. */
    public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        download.onWritten(slot, checksum, rawBytes);
    }

    /** A track that was written has been read back and is what it should be. */
    public void onVerified(int track, long checksum) {
        download.onVerified(track, checksum);
    }

    /** A track cannot be used: its symbols do not decode ({@code slot} is then not null and free), or it read back wrong. */
    public void onBadTrack(int track, TrackSlot slot, String why, long nowNs) {
        if (!download.onBadTrack(track, slot, why)) {
            goodbye(Result.VERIFY_FAILED, "track " + track + " failed again and again: " + why, nowNs);
        }
    }

    /** Tracks of a skip range were dealt with. */
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        download.onSkipped(firstTrack, count, kind);
    }

    /** Digests of tracks from {@code firstTrack} on came and decode to {@code leaves}. */
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {
        download.onDigests(slot, leaves);
    }

    /** The disk was read from {@code firstTrack} on: bit n tells whether track {@code firstTrack + n} holds what the digests say. */
    public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        download.onCompared(firstTrack, count, held, leaves);
    }

    /** Everything written is on the medium. */
    public void onSynced() {
        download.onSynced();
    }

    /** The disk failed after its retries: the slave gives up. */
    public void onDiskError(int errno, String why, long nowNs) {
        if (download == null) {
            onRefused(Result.DISK_ERROR, why);
            return;
        }
        download.onDiskError(errno);
        goodbye(Result.DISK_ERROR, why, nowNs);
    }

    // ---- the end

    private void outcome(Result how, String because) {
        result = how;
        message = because;
    }

    private void over(String because) {
        port.leaveData();
        become(SlaveState.OVER, because);
        events.onOver();
    }

    private void become(SlaveState next, String because) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " may not become " + next + " (" + because + ")");
        }
        LOG.info("slave {} {} -> {} {}: {}", state.box(), state, next.box(), next, because);
        state = next;
    }

    public SlaveState state() {
        return state;
    }

    /** How it ended; null before the end is known. */
    public Result result() {
        return result;
    }

    /** One sentence about the result; "" when complete. */
    public String message() {
        return message;
    }

    /** Content digest of what is on the disk; zeros unless complete. */
    public byte[] digest() {
        return digest.clone();
    }

    /** Index that the master gave; 0 before. */
    public int slave() {
        return slave;
    }

    /** Id of the session heard; 0 before. */
    public long sessionId() {
        return announced == null ? 0 : announced.sessionId();
    }

    /** What is being downloaded; null before the disk is open. */
    public Download download() {
        return download;
    }
}
