package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;

/** Tells masters why this slave cannot take part, until each says that it knows (docs/protocol.md, section 3.2). One thread. */
final class Declines {
    private static final long MS = 1_000_000;
    private static final long FIRST_NS = 250 * MS;
    private static final int TRIES = 4;

    /** A larger number of masters is a flood, not a real room. */
    private static final int MOST = 8;

    private static final class Decline {
        private final InetSocketAddress master;
        private final ConfirmDownloadFlyweight.Result why;
        private final String reason;
        private long dueNs;
        private int tries;
        private boolean isKnown;

        Decline(InetSocketAddress master, ConfirmDownloadFlyweight.Result why, String reason, long dueNs) {
            this.master = master;
            this.why = why;
            this.reason = reason;
            this.dueNs = dueNs;
        }

        boolean isSettled(long nowNs) {
            return isKnown || (tries == TRIES && dueNs - nowNs <= 0);
        }
    }

    /**
     * A slave repeats so often that it leaves before the start. A master that hears none of the repeats notices that
     * the reports stop.
     */
    private static final int LEAVE_REPEATS = 3;

    private final SlaveCommands commands;
    private final SlaveEvents events;
    private final Set<Long> foreignVersions = new HashSet<>();
    private boolean isSeveralSaid;
    private final Map<Integer, Decline> declines = new LinkedHashMap<>();

    Declines(SlaveCommands commands, SlaveEvents events) {
        this.commands = commands;
        this.events = events;
    }

    /** The disk does not fit or may not be written: from now on masters are told only this reason. */
    void onRefused(Announcement session, Result why, String because, long nowNs) {
        declines.clear();
        ConfirmDownloadFlyweight.Result reason =
                switch (why) {
                    case DOES_NOT_FIT -> ConfirmDownloadFlyweight.Result.GEOMETRY;
                    case DISK_ERROR -> ConfirmDownloadFlyweight.Result.DEVICE;
                    default -> ConfirmDownloadFlyweight.Result.UNSAFE;
                };
        tell(session.session(), session.master(), reason, because, nowNs);
    }

    /** Several sessions are announced: the operator and the masters are told once it is known that all of them go on. */
    void onSeveral(HeardSessions heard, long nowNs) {
        if (!heard.areAllAlive()) {
            return;
        }
        String why = heard.describe();
        if (!isSeveralSaid) {
            isSeveralSaid = true;
            events.onSeveralSessions(why);
        }
        for (HeardSessions.Heard session : heard.all()) {
            tell(
                    (int) session.sessionId(),
                    session.master(),
                    ConfirmDownloadFlyweight.Result.SEVERAL_SESSIONS,
                    why,
                    nowNs);
        }
    }

    /** There is one session at most. */
    void onSingle() {
        if (isSeveralSaid) {
            isSeveralSaid = false;
            declines.clear();
            events.onSeveralSessions(null);
        }
    }

    boolean isSeveralSaid() {
        return isSeveralSaid;
    }

    /**
     * The slave leaves a session that has not begun. The message is sent several times at once, because the slave does
     * not stay to repeat it.
     */
    void leave(Announcement session, String why) {
        for (int i = 0; i < LEAVE_REPEATS; i++) {
            commands.cannot(session.session(), session.master(), ConfirmDownloadFlyweight.Result.SEVERAL_SESSIONS, why);
        }
    }

    /** A master that speaks another version of the protocol announces a session. */
    void onOtherVersion(DriveGeometryFlyweight geometry, InetSocketAddress from, int version, long nowNs) {
        if (foreignVersions.size() >= MOST || !foreignVersions.add(geometry.sessionId())) {
            return;
        }
        String why = "this slave speaks version " + Datagram.ourMajorVersion() + " of the protocol, the master at "
                + from.getAddress().getHostAddress() + " version " + version
                + "; install the same version of imgblstr on both";
        events.onWarning(why);
        tell((int) geometry.sessionId(), from, ConfirmDownloadFlyweight.Result.VERSION, why, nowNs);
    }

    /** Begins to tell a master, once a reason. {@code session}: low 32 bits of the session's id. */
    private void tell(
            int session, InetSocketAddress master, ConfirmDownloadFlyweight.Result why, String reason, long nowNs) {
        Decline known = declines.get(session);
        boolean isNew = known == null ? declines.size() < MOST : known.why != why;
        if (isNew) {
            declines.put(session, new Decline(master, why, reason, nowNs));
        }
    }

    /** A master has said that it knows. */
    void onConfirm(int session) {
        Decline decline = declines.get(session);
        if (decline != null) {
            decline.isKnown = true;
        }
    }

    /** Says what is due. Returns nanoseconds to wait for the next; Long.MAX_VALUE when all masters know or were told often enough. */
    long repeat(long nowNs) {
        long waitNs = Long.MAX_VALUE;
        for (Map.Entry<Integer, Decline> each : declines.entrySet()) {
            Decline decline = each.getValue();
            if (decline.isSettled(nowNs)) {
                continue;
            }
            if (decline.dueNs - nowNs <= 0) {
                commands.cannot(each.getKey(), decline.master, decline.why, decline.reason);
                decline.dueNs = nowNs + (FIRST_NS << decline.tries);
                decline.tries++;
            }
            waitNs = Math.min(waitNs, decline.dueNs - nowNs);
        }
        return waitNs;
    }
}
