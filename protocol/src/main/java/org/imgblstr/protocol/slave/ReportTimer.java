package org.imgblstr.protocol.slave;

import java.util.random.RandomGenerator;

/**
 * When a slave sends its next Resend Request: after the interval of the session, with a quarter of spread, and sooner when much was heard
 * since, because the master sends no more than a socket holds until it is told that the datagrams were taken out. However much is heard, all
 * slaves together send at most 2000 a second. One thread.
 */
final class ReportTimer {
    private static final long MS = 1_000_000;

    /** While nothing was sent yet, reports only say that the slave is alive. */
    private static final long LOBBY_NS = 400 * MS;

    /** A sixth of what the master sends to a slave that says nothing. */
    private static final int EARLY_BYTES = 1 << 20;

    private static final long EARLIEST_NS = 2 * MS;
    private static final long FEW_SLAVES_NS = 20 * MS;

    private final RandomGenerator random;
    private final long confirmedNs;
    private int earlyDatagrams = Integer.MAX_VALUE;
    private long shareNs;
    private long reportedNs;
    private long nextNs;
    private long receivedThen;
    private boolean isAsked;

    /** The first report is due at once. */
    ReportTimer(Confirmation confirmation, RandomGenerator random, long nowNs) {
        this.random = random;
        this.confirmedNs = confirmation.reportIntervalNs();
        this.reportedNs = nowNs;
        this.nextNs = nowNs;
        onJoined(confirmation.joined());
    }

    /** Sector Data is so long when its symbol is full; until that is known, no report is early. */
    void datagramBytes(int bytes) {
        earlyDatagrams = Math.max(1, EARLY_BYTES / bytes);
    }

    /** So many slaves share the 2000 reports a second; more may have joined since this one was confirmed. */
    void onJoined(int slaves) {
        shareNs = slaves * MS / 2;
    }

    /** Time between two reports, but for the spread. */
    long intervalNs() {
        return Math.max(confirmedNs, shareNs);
    }

    /** Whether all slaves may speak at the same moment: there are 40 at most. */
    boolean isFewSlaves() {
        return shareNs <= FEW_SLAVES_NS;
    }

    /**
     * The master asks for a report within {@code windowMs}. It asks again and again, so only the first time since the last report counts;
     * and many slaves do not report oftener for it than every three quarters of an interval.
     */
    void within(int windowMs, long nowNs) {
        if (isAsked) {
            return;
        }
        isAsked = true;
        long askedNs = nowNs + random.nextLong(Math.max(1, windowMs) * MS);
        long earliestNs = isFewSlaves() ? nowNs : reportedNs + intervalNs() * 3 / 4;
        long answerNs = askedNs - earliestNs < 0 ? earliestNs : askedNs;
        if (nextNs - answerNs > 0) {
            nextNs = answerNs;
        }
    }

    /** Whether a report is due, {@code received} datagrams of the data group having come since the start. */
    boolean isDue(long received, long nowNs) {
        return nextNs - nowNs <= 0 || (received - receivedThen >= earlyDatagrams && nowNs - reportedNs >= earliestNs());
    }

    /**
     * A long interval in the confirmation shows that the room is large, before Drive Geometry gives the number of
     * slaves.
     */
    private long earliestNs() {
        return Math.max(EARLIEST_NS, Math.max(shareNs, confirmedNs > FEW_SLAVES_NS ? confirmedNs : 0));
    }

    /** A report goes out now. */
    void onReport(boolean isLobby, long received, long nowNs) {
        long intervalNs = isLobby ? Math.max(LOBBY_NS, intervalNs()) : intervalNs();
        isAsked = false;
        reportedNs = nowNs;
        receivedThen = received;
        nextNs = nowNs + intervalNs * 3 / 4 + random.nextLong(intervalNs / 2);
    }

    /** Nanoseconds to the next report if nothing is heard. */
    long waitNs(long nowNs) {
        return nextNs - nowNs;
    }
}
