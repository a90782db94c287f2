package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.DisconnectAcknowledgeFlyweight;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slave (FIG. 4). Datagrams, answers of the disk and the time come in; datagrams go out through a
 * {@link SlavePort}, orders to the disk through {@link SlaveDisk}. One thread calls it: with every datagram, every answer, and when the time it asked for has passed.
 */
public final class SlaveEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveEngine.class);

    private static final long MS = 1_000_000;

    /** Fifteen announcements or a hundred heartbeats lost in a row. */
    static final long MASTER_LOST_NS = 30_000 * MS;

    private final SlaveConfig config;
    private final SlaveSurroundings around;
    private final SlavePort port;
    private final SlaveEvents events;
    private final SlaveCommands commands;
    private final DatagramBatch single = new DatagramBatch();
    private final Inbox inbox = new Inbox(new Sorted());
    private final DiskResults results = new DiskResults(this);
    private final DoneFlyweight done = new DoneFlyweight();
    private final DisconnectAcknowledgeFlyweight acknowledge = new DisconnectAcknowledgeFlyweight();

    private SlaveState state = SlaveState.HOOK_UP;
    private final Joining joining;
    private final Goodbye goodbye;
    private long lastHeardNs;
    private Download download;
    private Outcome outcome = Outcome.UNKNOWN;

    public SlaveEngine(SlaveConfig config, SlaveSurroundings around) {
        this.config = config;
        this.around = around;
        this.port = around.port();
        this.events = around.events();
        this.commands = new SlaveCommands(config, port);
        this.joining = new Joining(this, config, around, commands);
        this.goodbye = new Goodbye(around.random());
    }

    /** The sockets are open: waits for a master from now on. */
    public void open(long nowNs) {
        joining.open(nowNs);
        lastHeardNs = nowNs;
    }

    /** One datagram for the slave: {@link #onDatagrams}. */
    public void onDatagram(ByteBuf datagram, InetSocketAddress sender, long nowNs) {
        DatagramBatch one = single.start(datagram);
        one.add(datagram.readerIndex(), datagram.readableBytes());
        onDatagrams(one, sender, nowNs);
    }

    /**
     * Datagrams for the slave. Foreign and malformed ones are dropped, and those that do not come from where the session was announced.
     *
     * @param sender where all of them come from
     * @return whether {@link #onTick} is due: after anything but data, and when so much came that the master is to be told
     */
    public boolean onDatagrams(DatagramBatch batch, InetSocketAddress sender, long nowNs) {
        joining.from(sender);
        boolean isAnyCommand = inbox.sort(batch, nowNs);
        return isAnyCommand || (download != null && download.isReportDue(nowNs));
    }

    /** Symbols of this session that were checked already, as {@link #onDatagrams} finds them. Returns the same as it does. */
    public boolean onSymbols(SymbolRun symbols, long nowNs) {
        if (download == null || state == SlaveState.OVER) {
            return false;
        }
        lastHeardNs = nowNs;
        download.onSymbols(symbols, nowNs);
        return download.isReportDue(nowNs);
    }

    private final class Sorted implements Inbox.Reader {
        @Override
        public boolean isOver() {
            return state == SlaveState.OVER;
        }

        @Override
        public boolean isOfSession(int session) {
            return joining.isFromMaster(session);
        }

        @Override
        public boolean readRun(SymbolRun run, DatagramBatch batch, int first) {
            return download != null && download.read(run, batch, first);
        }

        @Override
        public void onRun(SymbolRun run, long nowNs) {
            onSymbols(run, nowNs);
        }

        @Override
        public void onAnnouncement(ByteBuf datagram, long nowNs) {
            joining.onGeometry(datagram, nowNs);
        }

        @Override
        public void onOtherVersion(ByteBuf datagram, long nowNs) {
            joining.onOtherVersion(datagram, nowNs);
        }

        @Override
        public void onConfirm(int session, ByteBuf datagram, long nowNs) {
            joining.onConfirm(session, datagram, nowNs);
        }

        @Override
        public void onCommand(CommandType command, ByteBuf datagram, long nowNs) {
            lastHeardNs = nowNs;
            switch (command) {
                case SKIP_TRACK, END_OF_DATA -> {
                    if (download != null) {
                        download.onCommand(command, datagram, nowNs);
                    }
                }
                case DONE -> onDone(datagram, nowNs);
                case DISCONNECT_ACKNOWLEDGE -> onAcknowledge(datagram);
                default -> LOG.trace("a command of a slave was dropped");
            }
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
            case HOOK_UP -> joining.awaitMaster(nowNs);
            case SEND_RSVP, AWAIT_CONFIRM -> joining.repeatRsvp(nowNs);
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

    /** No session that is heard can be joined, for a reason that the operator can mend: ends. Only before one was joined. */
    public void refuse(String because) {
        outcome(Result.NOT_AUTHENTIC, because);
        over("no session can be joined");
    }

    /** The disk is open for writing. */
    void onOpened(long nowNs) {
        if (state != SlaveState.AWAIT_CONFIRM) {
            return;
        }
        lastHeardNs = nowNs;
        download = new Download(config, around, commands, joining.announced(), joining.confirmation(), nowNs);
        become(SlaveState.DOWNLOAD, "confirmed as slave " + joining.slave());
        Announcement session = joining.announced();
        long usedBytes = joining.confirmation().usedBytes();
        events.onJoined(joining.slave(), session.image().withUsedBytes(usedBytes), session.master());
        download.report(nowNs);
    }

    // ---- 404 to 409: download

    private long download(long nowNs) {
        if (download.isHopeless()) {
            goodbye(Result.VERIFY_FAILED, download.whyHopeless(), nowNs);
            return 0;
        }
        if (download.isSynced()) {
            become(SlaveState.FAREWELL, "every track is on the disk");
            return Math.min(download.reportSynced(nowNs), MASTER_LOST_NS);
        }
        return download.report(nowNs);
    }

    private void onDone(ByteBuf datagram, long nowNs) {
        if (!done.wrap(datagram).isValid(joining.announced().trackCount())) {
            return;
        }
        if (download != null && done.isToAll()) {
            download.onDoneToAll(done.sequence());
        }
        switch (done.reason()) {
            case DoneFlyweight.COMPLETE -> onComplete(nowNs);
            case DoneFlyweight.ABORTED -> onAborted(nowNs, done.exitCode());
            case DoneFlyweight.CANCELLED -> onCancelled(nowNs);
            case DoneFlyweight.KICKED -> goodbye(Result.KICKED, "the operator of the master removed this slave", nowNs);
            default -> goodbye(Result.TOO_SLOW, "the master removed this slave", nowNs);
        }
    }

    private void onComplete(long nowNs) {
        if (state == SlaveState.GOODBYE && done.hasDeparted(joining.slave())) {
            over("the master has the Disconnect");
        } else if (state == SlaveState.DOWNLOAD) {
            download.onAllSent();
        } else if (state == SlaveState.FAREWELL && download.isAnsweredBy(done.manifest())) {
            Outcome end = Outcome.of(download, done.digest(), done.manifest());
            goodbye(end.result(), end.message(), nowNs);
            outcome = end;
        }
    }

    private void onAborted(long nowNs, int exitCode) {
        if (state != SlaveState.GOODBYE) {
            outcome(Result.MASTER_ABORTED, "the master ended the session: " + Words.whyMasterStopped(exitCode));
        }
        if (download != null) {
            // Once: a master that gave up does not stay to acknowledge.
            sayGoodbye(nowNs);
        }
        over("the master ended the session");
    }

    private void onCancelled(long nowNs) {
        if (joining.mayLeave()) {
            joining.onCancelled("the session was cancelled before its start");
        } else {
            onAborted(nowNs, done.exitCode());
        }
    }

    private void onMasterLost() {
        if (joining.mayLeave()) {
            joining.onCancelled("the master fell silent before the session began");
            return;
        }
        outcome = outcome.withoutMaster(MASTER_LOST_NS / 1_000_000_000, state == SlaveState.FAREWELL);
        over("master lost");
    }

    // ---- 410: goodbye

    /** The end of the download is known: the master is told. */
    void goodbye(Result how, String because, long nowNs) {
        if (download == null || state == SlaveState.GOODBYE || state == SlaveState.OVER) {
            return;
        }
        outcome(how, because);
        goodbye.start(download.goodbyeSpreadNs(), nowNs);
        become(SlaveState.GOODBYE, how + (because.isEmpty() ? "" : ": " + because));
    }

    private long repeatDisconnect(long nowNs) {
        if (download == null) {
            long waitNs = joining.declines().repeat(nowNs);
            if (waitNs == Long.MAX_VALUE) {
                over("the master knows that this slave cannot take part, or does not answer");
            }
            return waitNs;
        }
        if (goodbye.isGivenUp(nowNs)) {
            over("Disconnect was not acknowledged");
            return Long.MAX_VALUE;
        }
        if (goodbye.isDue(nowNs)) {
            sayGoodbye(nowNs);
            goodbye.onSaid(nowNs);
        }
        return goodbye.waitNs(nowNs);
    }

    private void sayGoodbye(long nowNs) {
        commands.disconnect(joining.announced(), joining.slave(), outcome, download, nowNs);
    }

    private void onAcknowledge(ByteBuf datagram) {
        if (acknowledge.wrap(datagram).isValid()
                && state == SlaveState.GOODBYE
                && acknowledge.slave() == joining.slave()
                && acknowledge.nonce() == config.identity().nonce()) {
            over("acknowledged");
        }
    }

    /** The disk answers an order. */
    public void onDisk(DiskAnswer answer, long nowNs) {
        answer.tell(results, nowNs);
    }

    /** The master was heard, or something else shows that the session goes on. */
    void onHeard(long nowNs) {
        lastHeardNs = nowNs;
    }

    /** For how long nothing was heard of the master. */
    long silentNs(long nowNs) {
        return nowNs - lastHeardNs;
    }

    /** Boxes 401 to 403. */
    Joining joining() {
        return joining;
    }

    // ---- the end

    void outcome(Result how, String because) {
        outcome = outcome.as(how, because);
    }

    void over(String because) {
        port.leaveData();
        become(SlaveState.OVER, because);
        events.onOver();
    }

    void become(SlaveState next, String because) {
        state = state.become(next, because);
    }

    public SlaveState state() {
        return state;
    }

    /** How it ended; null before the end is known. */
    public Result result() {
        return outcome.result();
    }

    /** One sentence about the result; "" when complete. */
    public String message() {
        return outcome.message();
    }

    /** Content digest of what is on the disk; zeros unless complete. */
    public byte[] digest() {
        return outcome.digest();
    }

    /** Index that the master gave; 0 before. */
    public int slave() {
        return joining.slave();
    }

    /** Id of the session heard; 0 before. */
    public long sessionId() {
        return joining.announced() == null ? 0 : joining.announced().sessionId();
    }

    /** Where the master of the session heard is; null before. */
    public InetSocketAddress master() {
        return joining.announced() == null ? null : joining.announced().master();
    }

    /** True when this engine ended only because another session was announced; the caller then listens again. */
    public boolean isWithdrawn() {
        return joining.isWithdrawn();
    }

    /** True when this engine ended only because its session did not begin: the session is over, and the caller listens again. */
    public boolean isCancelled() {
        return joining.isCancelled();
    }

    /** Datagrams of the session that came from another address than its master's, and were dropped. */
    public long foreignDatagrams() {
        return joining.foreignDatagrams();
    }

    /** What is being downloaded; null before the disk is open. */
    public Download download() {
        return download;
    }
}
