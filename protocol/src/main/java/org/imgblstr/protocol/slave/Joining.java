package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.silence.OtherSessions;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.SilenceTimer;
import org.imgblstr.protocol.silence.UnsuitableSessions;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.secret.Secret;

/**
 * What a slave does until its disk is open, boxes 401 to 403 of FIG. 4: it finds one session, has its disk checked, sends RSVP, and says why
 * when it cannot take part. One thread.
 */
final class Joining {
    /** How often a slave looks whether a session that is one too many is gone. */
    private static final long LOOK_NS = 100_000_000;

    /** Ten announcements in a row. */
    private static final int SILENT_SECONDS = 5;

    private final SlaveEngine engine;
    private final SlaveConfig config;
    private final SlaveDisk disk;
    private final SlaveEvents events;
    private final HookUp hookUp;
    private final Declines declines;
    private final OtherSessions others;
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final HelloFlyweight hello = new HelloFlyweight();
    private final UnsuitableSessions unsuitable = new UnsuitableSessions();
    private final SilenceTimer silence = new SilenceTimer(SILENT_SECONDS);
    private InetSocketAddress from;
    private long foreignDatagrams;
    private boolean isWithdrawn;
    private boolean isCancelled;
    private boolean isPaused;

    Joining(SlaveEngine engine, SlaveConfig config, SlaveSurroundings around, SlaveCommands commands) {
        this.engine = engine;
        this.config = config;
        this.disk = around.disk();
        this.events = around.events();
        this.hookUp = new HookUp(config, around, commands);
        this.declines = new Declines(commands, events);
        this.others = new OtherSessions(config.choice().sessionName());
    }

    /** Waits for a master from now on. */
    void open(long nowNs) {
        hookUp.open(nowNs);
        silence.start(nowNs);
    }

    /** Where the datagrams that follow come from. */
    void from(InetSocketAddress sender) {
        from = sender;
    }

    /** A Confirm Download, of whatever session. */
    void onConfirm(int session, ByteBuf datagram, long nowNs) {
        if (!confirm.wrap(datagram).isValid(Integer.MAX_VALUE)
                || confirm.nonce() != config.identity().nonce()) {
            return;
        }
        if (!confirm.result().isJoined()) {
            declines.onConfirm(session);
        }
        if (isFromMaster(session)) {
            engine.onHeard(nowNs);
            onAnswer();
        }
    }

    /** Whether a datagram with these low 32 bits of a session's id comes from the master of the session heard. */
    boolean isFromMaster(int session) {
        return hookUp.isOf(session) && isFromMaster();
    }

    private boolean isFromMaster() {
        boolean isFromMaster = hookUp.announced().master().equals(from);
        foreignDatagrams += isFromMaster ? 0 : 1;
        return isFromMaster;
    }

    /** Box 401. Returns nanoseconds to wait. */
    long awaitMaster(long nowNs) {
        boolean areSeveral = hookUp.areSeveral(nowNs);
        if (!areSeveral) {
            declines.onSingle();
        }
        long leftNs = hookUp.patienceNs(nowNs);
        if (leftNs <= 0) {
            String other = others.describe().isEmpty() ? "no master was heard" : others.describe();
            engine.outcome(
                    Result.NO_MASTER,
                    (areSeveral ? hookUp.heard().describe() : other) + ", within "
                            + config.choice().patience().text());
            engine.over("no master");
            return Long.MAX_VALUE;
        }
        Unsuited unsuited = hookUp.heard().all().isEmpty() ? unsuitable.due(nowNs) : null;
        if (unsuited != null) {
            events.onUnsuited(unsuited);
            engine.refuse(unsuited.line());
            return Long.MAX_VALUE;
        }
        long silentSeconds = silence.take(nowNs);
        if (silentSeconds > 0) {
            events.onSilence(new Silence(Silence.What.NO_MASTER, silentSeconds, null, null));
        }
        String heardOthers = others.take(nowNs);
        if (heardOthers != null) {
            events.onWarning(heardOthers);
        }
        long saidNs = Math.min(silence.waitNs(nowNs), Math.min(others.waitNs(nowNs), unsuitable.waitNs(nowNs)));
        long timersNs = Math.min(saidNs, declines.isSeveralSaid() ? LOOK_NS : Long.MAX_VALUE);
        return Math.min(leftNs, Math.min(declines.repeat(nowNs), timersNs));
    }

    /** A Drive Geometry, of whatever session. */
    void onGeometry(ByteBuf datagram, long nowNs) {
        silence.restart(nowNs);
        if (!geometry.wrap(datagram).isValid()) {
            onSealed(datagram, nowNs);
            return;
        }
        if (!isFromAnnouncer(nowNs)) {
            foreignDatagrams++;
            return;
        }
        others.onAnnouncement(
                geometry.sessionName(), new InetSocketAddress(geometry.masterAddress(), geometry.masterPort()), nowNs);
        if (!config.choice().takesOpen()) {
            onOpen(nowNs);
            return;
        }
        boolean areSeveral = hookUp.areSeveral(geometry, nowNs);
        if (areSeveral && mayWithdraw()) {
            withdraw(nowNs);
        } else if (hookUp.isOf(geometry)) {
            engine.onHeard(nowNs);
            if (geometry.isPaused() != isPaused) {
                isPaused = geometry.isPaused();
                events.onNote(
                        isPaused ? "the operator has paused the session; this slave waits" : "the session goes on");
            }
            boolean isPathNews = hookUp.announced().path().onGeometry(geometry, nowNs);
            if (engine.download() != null) {
                engine.download().onGeometry(geometry, isPathNews, nowNs);
            }
        } else if (engine.state() == SlaveState.HOOK_UP && !areSeveral && hookUp.onGeometry(geometry, nowNs)) {
            engine.onHeard(nowNs);
            examine(nowNs);
        }
    }

    /** The announcement of an open session: this slave takes only sealed ones, and has no secret yet. */
    private void onOpen(long nowNs) {
        if (hookUp.isForUs(geometry)) {
            unsuitable.onHeard(
                    geometry.sessionId(), Unsuited.open(from.getAddress().getHostAddress()), nowNs);
        }
    }

    /** Perhaps the hello of a sealed session: this slave has no secret. */
    private void onSealed(ByteBuf datagram, long nowNs) {
        if (!hello.wrap(datagram).isValid() || !isItsOwn(hello.fields())) {
            return;
        }
        long sessionId = hello.fields().sessionId();
        String name = config.choice().sessionName();
        boolean isForUs = !config.choice().endedSessions().contains(sessionId)
                && (name.isEmpty()
                        || Arrays.equals(
                                hello.hello().nameTag(),
                                Hello.nameTag(Primitives.best().hashing(), sessionId, name)));
        if (isForUs) {
            unsuitable.onHeard(sessionId, unsuited(hello.hello()), nowNs);
        }
    }

    private Unsuited unsuited(Hello ofSession) {
        String at = from.getAddress().getHostAddress();
        boolean isCode = ofSession.kind() == Secret.Kind.CODE;
        if (config.choice().takesOpen()) {
            return Unsuited.of(
                    "the session of " + at + " is sealed, and this slave takes only open ones: start it with "
                            + (isCode ? "--code" : "--key-file"));
        }
        return isCode
                ? Unsuited.lacksCode("the session of " + at
                        + " is sealed with a join code: type the five words that its master shows")
                : Unsuited.lacksKeyFile(at, HexFormat.of().formatHex(ofSession.keyId()));
    }

    private boolean isItsOwn(DriveGeometryFlyweight announcement) {
        return announcement.masterPort() == from.getPort()
                && announcement.masterAddress().equals(from.getAddress());
    }

    private void examine(long nowNs) {
        String misfit = hookUp.misfit();
        if (misfit == null) {
            events.onAnnounced(hookUp.isUnderWay());
            disk.check(hookUp.announced().image());
        } else {
            onRefused(Result.DOES_NOT_FIT, misfit, nowNs);
        }
    }

    /** Whether an announcement comes from the master that it names, and names the master that announced its session first. */
    private boolean isFromAnnouncer(long nowNs) {
        return isItsOwn(geometry)
                && (!hookUp.isOf(geometry) || hookUp.announced().master().equals(from) || hasMoved(nowNs));
    }

    /** Whether the master of the session announces it from another address than before: believed only when nothing comes from the old one. */
    private boolean hasMoved(long nowNs) {
        MasterPlace place = hookUp.announced().place();
        String before = place.address().getAddress().getHostAddress();
        if (!place.moveTo(from, engine.silentNs(nowNs))) {
            return false;
        }
        events.onWarning(
                "the master announces its session from " + from.getAddress().getHostAddress() + " now, and was at "
                        + before + " before; this slave goes on with it");
        return true;
    }

    /** Whether a session was joined of which no data has come, so that leaving it loses nothing. */
    boolean mayLeave() {
        return engine.state() != SlaveState.HOOK_UP && mayWithdraw();
    }

    /** The session has ended before its start. */
    void onCancelled(String why) {
        isWithdrawn = true;
        isCancelled = true;
        events.onNote(why + "; listening again");
        engine.over(why);
    }

    /** Whether the session that was joined ended before its start. */
    boolean isCancelled() {
        return isCancelled;
    }

    /**
     * True while no data was received, so that leaving the session loses nothing. Once the pass has begun, the slave
     * ignores other masters.
     */
    private boolean mayWithdraw() {
        return switch (engine.state()) {
            case HOOK_UP, SEND_RSVP, AWAIT_CONFIRM -> true;
            case DOWNLOAD -> !engine.download().hasBegun();
            case FAREWELL, GOODBYE, OVER -> false;
        };
    }

    /** Several sessions are announced: joins none, and says so to the operator and to the masters. */
    private void withdraw(long nowNs) {
        declines.onSeveral(hookUp.heard(), nowNs);
        if (hookUp.isConfirmed()) {
            declines.leave(hookUp.announced(), hookUp.heard().describe());
            isWithdrawn = true;
            engine.over("another session is announced");
        } else {
            hookUp.withdraw();
            if (engine.state() != SlaveState.HOOK_UP) {
                engine.become(SlaveState.HOOK_UP, "another session is announced");
            }
        }
    }

    /** A Drive Geometry of another version of the protocol. */
    void onOtherVersion(ByteBuf datagram, long nowNs) {
        silence.restart(nowNs);
        if (engine.state() == SlaveState.HOOK_UP
                && geometry.wrap(datagram).hasFrozenFields()
                && isFromAnnouncer(nowNs)) {
            declines.onOtherVersion(geometry, from, Datagram.majorVersion(datagram, datagram.readerIndex()), nowNs);
        }
    }

    /** The disk fits what was announced. */
    void onChecked(long nowNs) {
        if (engine.state() != SlaveState.HOOK_UP || !hookUp.isStillWanted()) {
            return;
        }
        engine.onHeard(nowNs);
        hookUp.onChecked(nowNs);
        engine.become(SlaveState.SEND_RSVP, "the disk fits");
    }

    /** The disk does not fit, or may not be written. */
    void onRefused(Result why, String because, long nowNs) {
        if (engine.state() != SlaveState.HOOK_UP && engine.state() != SlaveState.AWAIT_CONFIRM) {
            return;
        }
        engine.outcome(why, because);
        declines.onRefused(hookUp.announced(), why, because, nowNs);
        engine.become(SlaveState.GOODBYE, "this slave cannot take part: " + because);
    }

    /** Boxes 402 and 403. Returns nanoseconds to wait. */
    long repeatRsvp(long nowNs) {
        Silence unanswered = hookUp.unanswered(nowNs);
        if (unanswered != null) {
            events.onSilence(unanswered);
        }
        if (hookUp.isGivenUp(nowNs)) {
            engine.become(SlaveState.HOOK_UP, "no answer");
            return 0;
        }
        if (hookUp.repeatRsvp(nowNs) && engine.state() == SlaveState.SEND_RSVP) {
            engine.become(SlaveState.AWAIT_CONFIRM, "asked the master to take this slave");
        }
        return hookUp.isConfirmed() ? SlaveEngine.MASTER_LOST_NS : hookUp.rsvpWaitNs(nowNs);
    }

    private void onAnswer() {
        if (engine.state() != SlaveState.AWAIT_CONFIRM || !hookUp.isAnswer(confirm)) {
            return;
        }
        if (confirm.result().isJoined()) {
            hookUp.onConfirm(confirm);
        } else {
            boolean isStrange = confirm.result() == ConfirmDownloadFlyweight.Result.NOT_EXPECTED;
            engine.outcome(isStrange ? Result.REFUSED : Result.DOES_NOT_FIT, hookUp.refusal(confirm.result()));
            engine.over("refused by the master");
        }
    }

    /** What masters are told about why this slave cannot take part. */
    Declines declines() {
        return declines;
    }

    /** The session; null while none was heard. */
    Announcement announced() {
        return hookUp.announced();
    }

    /** What the master confirmed; null before. */
    Confirmation confirmation() {
        return hookUp.confirmation();
    }

    /** Index that the master gave; 0 before. */
    int slave() {
        return hookUp.slave();
    }

    /** Whether a session was left that had not begun, as another one was announced. */
    boolean isWithdrawn() {
        return isWithdrawn;
    }

    /** Datagrams of the session that came from another address than its master's. */
    long foreignDatagrams() {
        return foreignDatagrams;
    }
}
