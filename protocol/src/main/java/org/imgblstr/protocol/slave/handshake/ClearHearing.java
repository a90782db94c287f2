package org.imgblstr.protocol.slave.handshake;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.sealing.SealCounts;
import org.imgblstr.protocol.silence.UnsuitableSessions;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.schedule.SessionSeal;

/**
 * What a slave that takes only sealed sessions hears in clear: hellos, by which it finds masters, and answers that prove nothing. None of it is
 * believed but that a master may be there. One thread. Specification: docs/security.md, sections 4 and 12.
 */
final class ClearHearing {
    private final SlaveConfig config;
    private final HelloCheck check;
    private final HeardMasters masters;
    private final SealCounts counts;
    private final UnsuitableSessions unsuitable = new UnsuitableSessions();
    private final HelloFlyweight hello = new HelloFlyweight();
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private SlaveEngine engine;

    ClearHearing(SlaveConfig config, SessionSeal seal, HeardMasters masters, SealCounts counts) {
        this.config = config;
        this.masters = masters;
        this.counts = counts;
        check = new HelloCheck(seal);
    }

    void to(SlaveEngine newEngine) {
        engine = newEngine;
    }

    /** Sessions that cannot be joined. */
    UnsuitableSessions unsuitable() {
        return unsuitable;
    }

    /** One in the open layout. Returns whether a tick is due. */
    boolean onClear(CommandType command, ByteBuf buffer, int at, int length, InetSocketAddress from, long nowNs) {
        boolean isHeard = command == CommandType.DRIVE_GEOMETRY || command == CommandType.CONFIRM_DOWNLOAD;
        if (!isHeard || !Datagram.isSound(buffer, at, length)) {
            counts.onOpen();
            return false;
        }
        if (command == CommandType.CONFIRM_DOWNLOAD) {
            onClearConfirm(buffer, at, length, from, nowNs);
        } else if (hello.wrap(buffer, at, length).isValid()) {
            onHello(hello.fields(), hello.hello(), from, nowNs);
        } else if (geometry.wrap(buffer, at, length).isValid() && isItsOwn(geometry, from)) {
            if (masters.of((int) geometry.sessionId()) != null) {
                counts.onOpen();
            }
            onOpenSession(nowNs);
        }
        return true;
    }

    /** An open session that the slave would join if it were sealed. */
    private void onOpenSession(long nowNs) {
        String name = config.choice().sessionName();
        boolean isForUs = (name.isEmpty() || name.equals(geometry.sessionName()))
                && !config.choice().endedSessions().contains(geometry.sessionId());
        if (isForUs) {
            unsuitable.onHeard(
                    geometry.sessionId(), Unsuited.open(geometry.masterAddress().getHostAddress()), nowNs);
        }
    }

    /** Whether an announcement comes from the master that it names. */
    static boolean isItsOwn(DriveGeometryFlyweight fields, InetSocketAddress from) {
        return fields.masterPort() == from.getPort() && fields.masterAddress().equals(from.getAddress());
    }

    private void onHello(DriveGeometryFlyweight fields, Hello keys, InetSocketAddress from, long nowNs) {
        long sessionId = fields.sessionId();
        HeardMaster known = masters.of((int) sessionId);
        if (known != null) {
            if (known.address().equals(from)) {
                known.onHeard(nowNs);
            }
            if (known.isWrong(nowNs)) {
                unsuitable.onHeard(sessionId, check.wrongSecret(known.at()), known.firstNs(), nowNs);
            }
            return;
        }
        boolean isForUs = isItsOwn(fields, from)
                && !config.choice().endedSessions().contains(sessionId)
                && check.isNamed(sessionId, keys, config.choice().sessionName());
        if (!isForUs || !mayJoin()) {
            return;
        }
        String misfit = check.misfit(sessionId, keys, from.getAddress().getHostAddress(), nowNs);
        if (misfit == null) {
            masters.add(sessionId, keys, from, fields.wanted(), nowNs);
        } else if (!misfit.equals(HelloCheck.UNKNOWN)) {
            unsuitable.onHeard(sessionId, Unsuited.of(misfit), nowNs);
        }
    }

    /** Whether the engine has received nothing yet, so that another session might still be the one that is meant, or one too many. */
    private boolean mayJoin() {
        return switch (engine.state()) {
            case HOOK_UP, SEND_RSVP, AWAIT_CONFIRM -> true;
            case DOWNLOAD -> !engine.download().hasBegun();
            case FAREWELL, GOODBYE, OVER -> false;
        };
    }

    /** An answer that depends on no secret: it may be anybody's, and only makes the slave ask otherwise, or in vain. */
    private void onClearConfirm(ByteBuf buffer, int at, int length, InetSocketAddress from, long nowNs) {
        HeardMaster master = masters.of(Datagram.session(buffer, at));
        boolean isAnswer = master != null
                && !master.approach().isProven()
                && master.address().equals(from)
                && confirm.wrap(buffer, at, length).nonce() == config.identity().nonce()
                && confirm.result() != null;
        if (!isAnswer) {
            return;
        }
        if (confirm.hasCookie()) {
            if (master.approach().cookie(confirm.cookie())) {
                master.hurry(nowNs);
            }
        } else if (confirm.result() == ConfirmDownloadFlyweight.Result.WRONG_SECRET) {
            master.onRefused();
        }
    }
}
