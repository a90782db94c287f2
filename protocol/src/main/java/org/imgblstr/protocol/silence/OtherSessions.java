package org.imgblstr.protocol.silence;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sessions that a slave hears while it waits for one of another name: a name that was mistyped on one side would otherwise look like a
 * master that is not there. One thread.
 */
public final class OtherSessions {
    /** Ten announcements: the master that is meant would have been heard. */
    private static final int FIRST_SECONDS = 5;

    private static final long GONE_NS = FIRST_SECONDS * 1_000_000_000L;

    /** As many as a line has room for; more on one network are a flood. */
    private static final int MOST = 8;

    private static final class Heard {
        private final String name;
        private final InetSocketAddress master;
        private long lastNs;

        Heard(String name, InetSocketAddress master) {
            this.name = name;
            this.master = master;
        }

        boolean is(String otherName, InetSocketAddress otherMaster) {
            return name.equals(otherName) && master.equals(otherMaster);
        }

        String describe() {
            String of = " of " + master.getAddress().getHostAddress();
            return name.isEmpty() ? "a session without a name" + of : "session '" + name + "'" + of;
        }
    }

    private final String awaited;
    private final List<Heard> sessions = new ArrayList<>();
    private final SilenceTimer timer = new SilenceTimer(FIRST_SECONDS);

    /** {@code awaited}: the name of the session that the slave waits for; "" for any, so that no other is one too many. */
    public OtherSessions(String awaited) {
        this.awaited = awaited;
    }

    /** Takes note of an announcement, of whatever session. {@code name}: "" when it has none. */
    public void onAnnouncement(String name, InetSocketAddress master, long nowNs) {
        if (awaited.isEmpty()) {
            return;
        }
        if (awaited.equals(name)) {
            timer.stop();
            return;
        }
        timer.start(nowNs);
        forgetGone(nowNs);
        Heard known = null;
        for (Heard heard : sessions) {
            known = heard.is(name, master) ? heard : known;
        }
        if (known == null && sessions.size() < MOST) {
            known = new Heard(name, master);
            sessions.add(known);
        }
        if (known != null) {
            known.lastNs = nowNs;
        }
    }

    /** One sentence for the operator when it is time for it; otherwise null. */
    public String take(long nowNs) {
        forgetGone(nowNs);
        if (sessions.isEmpty()) {
            timer.stop();
        }
        return timer.take(nowNs) == 0 ? null : describe() + "; name the session that is meant with --session";
    }

    /** {@code heard session '7' of 10.88.0.1; waiting for session '3'}; "" when no other session is announced. */
    public String describe() {
        return sessions.isEmpty()
                ? ""
                : "heard " + sessions.stream().map(Heard::describe).collect(Collectors.joining(" and "))
                        + "; waiting for session '" + awaited + "'";
    }

    /** Nanoseconds until it may be time to say something. */
    public long waitNs(long nowNs) {
        return timer.waitNs(nowNs);
    }

    private void forgetGone(long nowNs) {
        sessions.removeIf(heard -> nowNs - heard.lastNs >= GONE_NS);
    }
}
