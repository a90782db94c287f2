package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
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
 * A slave (FIG. 4). Datagrams, answers of the disk and the time come in; datagrams go out through a
 * {@link SlavePort}, orders to the disk through {@link SlaveDisk}. One thread calls it: with every datagram, every answer, and when the time it asked for has passed.
 */
public final class SlaveEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveEngine.class);

    private static final long MS = 1_000_000;

    /** Fifteen announcements or a hundred heartbeats lost in a row. */
    static final long MASTER_LOST_NS = 30_000 * MS;

    /** How often a slave looks whether a session that is one too many is gone. */
    private static final long LOOK_NS = 100 * MS;

    private final SlaveConfig config;
    private final SlaveSurroundings around;
    private final SlavePort port;
    private final SlaveEvents events;
    private final SlaveCommands commands;
    private final DatagramBatch single = new DatagramBatch();
    private final Inbox inbox = new Inbox(new Sorted());
    private final DiskResults results = new DiskResults(this);
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final DoneFlyweight done = new DoneFlyweight();
    private final DisconnectAcknowledgeFlyweight acknowledge = new DisconnectAcknowledgeFlyweight();

    private SlaveState state = SlaveState.HOOK_UP;
    private final HookUp hookUp;
    private final Goodbye goodbye;
    private final Declines declines;
    private InetSocketAddress from;
    private long foreignDatagrams;
    private boolean isWithdrawn;
    private long lastHeardNs;
    private Download download;
    private Outcome outcome = Outcome.UNKNOWN;

    public SlaveEngine(SlaveConfig config, SlaveSurroundings around) {
        this.config = config;
        this.around = around;
        this.port = around.port();
        this.events = around.events();
        this.commands = new SlaveCommands(config, port);
        this.hookUp = new HookUp(config, around, commands);
        this.goodbye = new Goodbye(around.random());
        this.declines = new Declines(commands, events);
    }

    /** The sockets are open: waits for a master from now on. */
    public void open(long nowNs) {
        hookUp.open(nowNs);
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
        from = sender;
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
            return hookUp.isOf(session) && isFromMaster();
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
            onGeometry(datagram, nowNs);
        }

        @Override
        public void onOtherVersion(ByteBuf datagram, long nowNs) {
            declineVersion(datagram, nowNs);
        }

        @Override
        public void onConfirm(int session, ByteBuf datagram, long nowNs) {
            if (!confirm.wrap(datagram).isValid(Integer.MAX_VALUE) || confirm.nonce() != config.nonce()) {
                return;
            }
            if (!confirm.result().isJoined()) {
                declines.onConfirm(session);
            }
            if (isOfSession(session)) {
                lastHeardNs = nowNs;
                onAnswer();
            }
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

    private boolean isFromMaster() {
        boolean isFromMaster = hookUp.announced().master().equals(from);
        foreignDatagrams += isFromMaster ? 0 : 1;
        return isFromMaster;
    }

    private long awaitMaster(long nowNs) {
        boolean areSeveral = hookUp.areSeveral(nowNs);
        if (!areSeveral) {
            declines.onSingle();
        }
        long leftNs = hookUp.patienceNs(nowNs);
        if (leftNs <= 0) {
            String heard = areSeveral ? hookUp.heard().describe() : "no master was heard";
            outcome(Result.NO_MASTER, heard + ", within " + config.waitNs() / 1_000_000_000 + " s");
            over("no master");
            return Long.MAX_VALUE;
        }
        return Math.min(leftNs, Math.min(declines.repeat(nowNs), declines.isSeveralSaid() ? LOOK_NS : Long.MAX_VALUE));
    }

    private void onGeometry(ByteBuf datagram, long nowNs) {
        if (!geometry.wrap(datagram).isValid()) {
            return;
        }
        if (!isFromAnnouncer()) {
            foreignDatagrams++;
            return;
        }
        boolean areSeveral = hookUp.areSeveral(geometry, nowNs);
        if (areSeveral && mayWithdraw()) {
            withdraw(nowNs);
        } else if (hookUp.isOf(geometry)) {
            lastHeardNs = nowNs;
            boolean isPathNews = hookUp.announced().path().onGeometry(geometry, nowNs);
            if (download != null) {
                download.onGeometry(geometry, isPathNews, nowNs);
            }
        } else if (state == SlaveState.HOOK_UP && !areSeveral && hookUp.onGeometry(geometry, nowNs)) {
            lastHeardNs = nowNs;
            examine(nowNs);
        }
    }

    private void examine(long nowNs) {
        String misfit = hookUp.misfit();
        if (misfit == null) {
            events.onAnnounced(hookUp.isUnderWay());
            around.disk().check(hookUp.announced().image());
        } else {
            onRefused(Result.DOES_NOT_FIT, misfit, nowNs);
        }
    }

    /** Whether an announcement comes from the master that it names, and names the master that announced its session first. */
    private boolean isFromAnnouncer() {
        boolean isItsOwn = geometry.masterPort() == from.getPort()
                && geometry.masterAddress().equals(from.getAddress());
        return isItsOwn
                && (!hookUp.isOf(geometry) || hookUp.announced().master().equals(from));
    }

    /** Nothing was received yet, so that nothing is lost. Once the pass has begun, another master is none of this slave's business. */
    private boolean mayWithdraw() {
        return switch (state) {
            case HOOK_UP, SEND_RSVP, AWAIT_CONFIRM -> true;
            case DOWNLOAD -> !download.hasBegun();
            case FAREWELL, GOODBYE, OVER -> false;
        };
    }

    /** Several sessions are announced: joins none, and says so to the operator and to the masters. */
    private void withdraw(long nowNs) {
        declines.onSeveral(hookUp.heard(), nowNs);
        if (hookUp.isConfirmed()) {
            declines.leave(hookUp.announced(), hookUp.heard().describe());
            isWithdrawn = true;
            over("another session is announced");
        } else {
            hookUp.withdraw();
            if (state != SlaveState.HOOK_UP) {
                become(SlaveState.HOOK_UP, "another session is announced");
            }
        }
    }

    private void declineVersion(ByteBuf datagram, long nowNs) {
        if (state == SlaveState.HOOK_UP && geometry.wrap(datagram).hasFrozenFields() && isFromAnnouncer()) {
            declines.onOtherVersion(geometry, from, Datagram.majorVersion(datagram, datagram.readerIndex()), nowNs);
        }
    }

    /** The disk fits what was announced. */
    void onChecked(long nowNs) {
        if (state != SlaveState.HOOK_UP || !hookUp.isStillWanted()) {
            return;
        }
        lastHeardNs = nowNs;
        hookUp.onChecked(nowNs);
        become(SlaveState.SEND_RSVP, "the disk fits");
    }

    /** The disk does not fit, or may not be written. */
    void onRefused(Result why, String because, long nowNs) {
        if (state != SlaveState.HOOK_UP && state != SlaveState.AWAIT_CONFIRM) {
            return;
        }
        outcome(why, because);
        declines.onRefused(hookUp.announced(), why, because, nowNs);
        become(SlaveState.GOODBYE, "this slave cannot take part: " + because);
    }

    private long repeatRsvp(long nowNs) {
        if (hookUp.isGivenUp(nowNs)) {
            become(SlaveState.HOOK_UP, "no answer");
            return 0;
        }
        if (hookUp.repeatRsvp(nowNs) && state == SlaveState.SEND_RSVP) {
            become(SlaveState.AWAIT_CONFIRM, "RSVP sent");
        }
        return hookUp.isConfirmed() ? MASTER_LOST_NS : hookUp.rsvpWaitNs(nowNs);
    }

    private void onAnswer() {
        if (state != SlaveState.AWAIT_CONFIRM || !hookUp.isAnswer(confirm)) {
            return;
        }
        if (confirm.result().isJoined()) {
            hookUp.onConfirm(confirm);
        } else {
            outcome(Result.DOES_NOT_FIT, hookUp.refusal(confirm.result()));
            over("refused by the master");
        }
    }

    /** The disk is open for writing. */
    void onOpened(long nowNs) {
        if (state != SlaveState.AWAIT_CONFIRM) {
            return;
        }
        lastHeardNs = nowNs;
        download = new Download(config, around, commands, hookUp.announced(), hookUp.slave(), nowNs);
        become(SlaveState.DOWNLOAD, "confirmed as slave " + hookUp.slave());
        Announcement session = hookUp.announced();
        events.onJoined(hookUp.slave(), session.image(), session.master());
        download.report(nowNs);
    }

    // ---- 404 to 409: download

    private long download(long nowNs) {
        if (download.isSynced()) {
            become(SlaveState.FAREWELL, "every track is on the disk");
            return Math.min(download.reportSynced(nowNs), MASTER_LOST_NS);
        }
        return download.report(nowNs);
    }

    private void onDone(ByteBuf datagram, long nowNs) {
        if (!done.wrap(datagram).isValid(hookUp.announced().trackCount())) {
            return;
        }
        switch (done.reason()) {
            case DoneFlyweight.COMPLETE -> onComplete(nowNs);
            case DoneFlyweight.ABORTED -> onAborted(nowNs, done.exitCode());
            default -> goodbye(Result.TOO_SLOW, "the master removed this slave", nowNs);
        }
    }

    private void onComplete(long nowNs) {
        if (state == SlaveState.GOODBYE && done.hasDeparted(hookUp.slave())) {
            over("the master has the Disconnect");
        } else if (state == SlaveState.DOWNLOAD) {
            download.onAllSent();
        } else if (state == SlaveState.FAREWELL) {
            Outcome end = Outcome.of(download, done.digest());
            goodbye(end.result(), end.message(), nowNs);
            outcome = end;
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
            long waitNs = declines.repeat(nowNs);
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
        commands.disconnect(hookUp.announced(), hookUp.slave(), outcome.onTheWire(), download, outcome.digest(), nowNs);
    }

    private void onAcknowledge(ByteBuf datagram) {
        if (acknowledge.wrap(datagram).isValid()
                && state == SlaveState.GOODBYE
                && acknowledge.slave() == hookUp.slave()
                && acknowledge.nonce() == config.nonce()) {
            over("acknowledged");
        }
    }

    /** The disk answers an order. */
    public void onDisk(DiskAnswer answer, long nowNs) {
        answer.tell(results, nowNs);
    }

    // ---- the end

    private void outcome(Result how, String because) {
        outcome = outcome.as(how, because);
    }

    private void over(String because) {
        port.leaveData();
        become(SlaveState.OVER, because);
        events.onOver();
    }

    private void become(SlaveState next, String because) {
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
        return hookUp.slave();
    }

    /** Id of the session heard; 0 before. */
    public long sessionId() {
        return hookUp.announced() == null ? 0 : hookUp.announced().sessionId();
    }

    /** Whether this engine is over only because another session was announced: whoever runs it is to listen again. */
    public boolean isWithdrawn() {
        return isWithdrawn;
    }

    /** Datagrams of the session that came from another address than its master's, and were dropped. */
    public long foreignDatagrams() {
        return foreignDatagrams;
    }

    /** What is being downloaded; null before the disk is open. */
    public Download download() {
        return download;
    }
}
