package org.imgblstr.protocol.silence;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sessions that a slave hears and cannot join, because they are sealed in another way than it was told or not at all: each with the line that says what
 * to do. One thread. Specification: docs/security.md, section 12.
 */
public final class UnsuitableSessions {
    /** Eight announcements: a session that suits would have been heard. */
    private static final long PATIENCE_NS = 4_000_000_000L;

    private static final long GONE_NS = 3_000_000_000L;

    /** More are a flood; one line is enough. */
    private static final int MOST = 8;

    private static final class Heard {
        private final Unsuited why;
        private final long firstNs;
        private long lastNs;

        private Heard(Unsuited why, long firstNs) {
            this.why = why;
            this.firstNs = firstNs;
        }
    }

    private final Map<Long, Heard> sessions = new LinkedHashMap<>();

    /** A session was heard, the first time at {@code firstNs}. */
    public void onHeard(long sessionId, Unsuited why, long firstNs, long nowNs) {
        forgetGone(nowNs);
        Heard heard = sessions.get(sessionId);
        if (heard == null && sessions.size() < MOST) {
            heard = new Heard(why, firstNs);
            sessions.put(sessionId, heard);
        }
        if (heard != null) {
            heard.lastNs = nowNs;
        }
    }

    /** As {@link #onHeard(long, Unsuited, long, long)}, for a session that is heard for the first time or was heard so before. */
    public void onHeard(long sessionId, Unsuited why, long nowNs) {
        onHeard(sessionId, why, nowNs, nowNs);
    }

    /** What to end with: one of these sessions was heard for four seconds. Otherwise null. */
    public Unsuited due(long nowNs) {
        forgetGone(nowNs);
        for (Heard heard : sessions.values()) {
            if (nowNs - heard.firstNs >= PATIENCE_NS) {
                return heard.why;
            }
        }
        return null;
    }

    /** Nanoseconds until a line becomes due; Long.MAX_VALUE when none will. */
    public long waitNs(long nowNs) {
        long waitNs = Long.MAX_VALUE;
        for (Heard heard : sessions.values()) {
            long leftNs = heard.firstNs + PATIENCE_NS - nowNs;
            waitNs = leftNs > 0 ? Math.min(waitNs, leftNs) : waitNs;
        }
        return waitNs;
    }

    private void forgetGone(long nowNs) {
        sessions.values().removeIf(heard -> nowNs - heard.lastNs >= GONE_NS);
    }
}
