package org.imgblstr.protocol.master.slaves;

import org.imgblstr.protocol.wire.Datagram;

/** The share of datagrams that a slave loses, from the counts in its reports. One thread. */
final class LossSample {
    /**
     * Datagrams from which a share is computed. With fewer, independent loss of 5 % at 16 slaves looks like an overload that comes and goes.
     */
    private static final int LEAST = 500;

    /** Standard deviations that are chance: among many slaves one is always unlucky. */
    private static final double CHANCE = 2.5;

    /** With fewer than {@link #LEAST} datagrams in this time, this many will do: else a low rate would stay low for long. */
    private static final int SLOW_LEAST = 100;

    private static final long SLOW_NS = 400_000_000;

    private int received;
    private int lost;
    private int receivedBefore;
    private int lostBefore;
    private long sinceNs;
    private int mark;

    /** Whether the mark was not yet seen: it is asked for only until then, because a sequence wraps in a session of some terabytes. */
    private boolean isBeforeMark = true;

    /** {@code sequence}: the newest datagram when the slave joined. */
    LossSample(int sequence) {
        mark = sequence;
    }

    /** The slave has seen datagram {@code sequenceSeen}; so many were received and lost since it joined. */
    void onReport(int receivedNow, int lostNow, int sequenceSeen, long nowNs) {
        received = receivedNow;
        lost = lostNow;
        isBeforeMark = isBeforeMark && !Datagram.isAfter(sequenceSeen, mark);
        if (isBeforeMark) {
            start(nowNs);
        }
    }

    /** What was lost of the datagrams up to this one was sent at another rate, and counts no more. */
    void from(int sequence) {
        mark = sequence;
        isBeforeMark = true;
    }

    /**
     * Loss rate since the last measurement, minus 2.5 standard deviations; negative when too few datagrams were expected to tell.
     */
    double take(long nowNs) {
        int lostNow = lost - lostBefore;
        int all = received - receivedBefore + lostNow;
        if (all < (nowNs - sinceNs >= SLOW_NS ? SLOW_LEAST : LEAST)) {
            return -1;
        }
        start(nowNs);
        double rate = Math.max(0, Math.min(1, (double) lostNow / all));
        return Math.max(0, rate - CHANCE * Math.sqrt(rate * (1 - rate) / all));
    }

    private void start(long nowNs) {
        lostBefore = lost;
        receivedBefore = received;
        sinceNs = nowNs;
    }
}
