package org.imgblstr.protocol.slave;

import java.util.random.RandomGenerator;

/**
 * When a slave sends Disconnect, box 410 of FIG. 4: first after a random delay, because other slaves leave at the same time, then with
 * growing intervals. One thread.
 */
final class Goodbye {
    private static final long MS = 1_000_000;
    private static final long FIRST_NS = 250 * MS;
    private static final long LONGEST_NS = 2_000 * MS;
    private static final int TRIES = 8;

    private final RandomGenerator random;
    private long dueNs;
    private int tries;

    Goodbye(RandomGenerator random) {
        this.random = random;
    }

    /** {@code spreadNs}: others may be leaving at the same time, and all of them together must not be more than the master can take. */
    void start(long spreadNs, long nowNs) {
        dueNs = nowNs + random.nextLong(Math.max(1, spreadNs));
        tries = 0;
    }

    boolean isDue(long nowNs) {
        return dueNs - nowNs <= 0;
    }

    /** Whether nobody answered the last one in time. */
    boolean isGivenUp(long nowNs) {
        return tries == TRIES && isDue(nowNs);
    }

    void onSaid(long nowNs) {
        dueNs = nowNs + Math.min(LONGEST_NS, FIRST_NS << tries);
        tries++;
    }

    long waitNs(long nowNs) {
        return dueNs - nowNs;
    }
}
