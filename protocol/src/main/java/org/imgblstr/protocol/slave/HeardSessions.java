package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;

/**
 * The sessions that are announced on the group and that this slave might join. With more than one the slave joins none, as only the
 * operator knows which is meant (docs/protocol.md, section 3.2). One thread.
 */
final class HeardSessions {
    private static final long MS = 1_000_000;

    /**
     * A master announces every 500 ms, and at once when it first hears another master. So a slave has heard all
     * masters after this time.
     */
    private static final long SETTLE_NS = 250 * MS;

    /** Two announcements lost in a row, and a little. */
    private static final long GONE_NS = 1_300 * MS;

    /**
     * More sessions than this are a flood, not a real room; the slave only needs to know that there is more than one.
     */
    private static final int MOST = 8;

    /** One session, and when its announcements came. */
    static final class Heard {
        private final long sessionId;
        private final String name;
        private final InetSocketAddress master;
        private final long firstNs;
        private long lastNs;

        private Heard(DriveGeometryFlyweight geometry, long nowNs) {
            this.sessionId = geometry.sessionId();
            this.name = geometry.sessionName();
            this.master = new InetSocketAddress(geometry.masterAddress(), geometry.masterPort());
            this.firstNs = nowNs;
        }

        long sessionId() {
            return sessionId;
        }

        InetSocketAddress master() {
            return master;
        }

        private String describe() {
            String at = master.getAddress().getHostAddress() + ":" + master.getPort();
            return name.isEmpty() ? at : "'" + name + "' of " + at;
        }
    }

    private final long listenNs;
    private final List<Heard> sessions = new ArrayList<>();
    private long openedNs;

    /** {@code listenNs}: how long a slave listens for others before it joins, at its start. */
    HeardSessions(long listenNs) {
        this.listenNs = listenNs;
    }

    void open(long nowNs) {
        openedNs = nowNs;
    }

    void onGeometry(DriveGeometryFlyweight geometry, long nowNs) {
        forgetGone(nowNs);
        Heard known = find(geometry.sessionId());
        if (known == null && sessions.size() < MOST) {
            known = new Heard(geometry, nowNs);
            sessions.add(known);
        }
        if (known != null) {
            known.lastNs = nowNs;
        }
    }

    /** Whether several sessions are announced. */
    boolean areSeveral(long nowNs) {
        forgetGone(nowNs);
        return sessions.size() > 1;
    }

    /** Whether all of them were heard since the last of them appeared: none is a master that was just killed. */
    boolean areAllAlive() {
        long newestNs = sessions.get(sessions.size() - 1).firstNs;
        return sessions.stream().allMatch(heard -> heard.lastNs - newestNs >= 0);
    }

    /** When a session was first heard; now when it was not. */
    long firstNs(long sessionId, long nowNs) {
        Heard heard = find(sessionId);
        return heard == null ? nowNs : heard.firstNs;
    }

    /** Nanoseconds until all masters that there are would have been heard, of whom the newest was at {@code firstNs}; 0 or less: they have. */
    long settleNs(long firstNs, long nowNs) {
        return Math.max(openedNs + listenNs - nowNs, firstNs + Math.min(listenNs, SETTLE_NS) - nowNs);
    }

    /** Whether a session was announced a moment ago. */
    boolean isHeard(long sessionId, long nowNs) {
        forgetGone(nowNs);
        return find(sessionId) != null;
    }

    List<Heard> all() {
        return List.copyOf(sessions);
    }

    /** One sentence for both operators: which sessions there are, and what to do. */
    String describe() {
        String which = sessions.stream().map(Heard::describe).collect(Collectors.joining(" and "));
        return sessions.size() + " masters announce a session on this group: " + which
                + "; the slave joins none until it knows which. Give each session a name with --session NAME"
                + " on the master and its slaves, or stop all masters but one";
    }

    private Heard find(long sessionId) {
        for (Heard heard : sessions) {
            if (heard.sessionId == sessionId) {
                return heard;
            }
        }
        return null;
    }

    private void forgetGone(long nowNs) {
        sessions.removeIf(heard -> nowNs - heard.lastNs >= GONE_NS);
    }
}
