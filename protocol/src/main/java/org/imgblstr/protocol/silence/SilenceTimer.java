package org.imgblstr.protocol.silence;

/**
 * When it is said that something awaited has not come: after some seconds, a minute later, and then after pauses that double up to an
 * hour, so that a slave that waits for a night fills no log. One thread.
 */
public final class SilenceTimer {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long LEAST_PAUSE_NS = 60 * SECOND_NS;
    private static final long MOST_PAUSE_NS = 3_600 * SECOND_NS;

    private final long firstNs;
    private boolean isRunning;
    private boolean isSaid;
    private long sinceNs;
    private long saidNs;
    private long pauseNs = LEAST_PAUSE_NS;

    /** {@code seconds}: it is said after so long. */
    public SilenceTimer(int seconds) {
        this.firstNs = seconds * SECOND_NS;
    }

    /** Something is awaited from now on; no effect when it is awaited already. */
    public void start(long nowNs) {
        if (!isRunning) {
            isRunning = true;
            sinceNs = nowNs;
        }
    }

    /** It came, and the next one is awaited from now on. */
    public void restart(long nowNs) {
        stop();
        start(nowNs);
    }

    /** Nothing is awaited any more. */
    public void stop() {
        isRunning = false;
        pauseNs = LEAST_PAUSE_NS;
    }

    /** Whether something is awaited. */
    public boolean isRunning() {
        return isRunning;
    }

    /** Returns for how many seconds nothing has come when it is time to say so, which this call counts as said; otherwise 0. */
    public long take(long nowNs) {
        if (!isRunning || waitNs(nowNs) > 0) {
            return 0;
        }
        pauseNs = isSaid ? Math.min(MOST_PAUSE_NS, 2 * pauseNs) : LEAST_PAUSE_NS;
        isSaid = true;
        saidNs = nowNs;
        return (nowNs - sinceNs) / SECOND_NS;
    }

    /** Nanoseconds until it is time; Long.MAX_VALUE when nothing is awaited. */
    public long waitNs(long nowNs) {
        if (!isRunning) {
            return Long.MAX_VALUE;
        }
        long firstWaitNs = sinceNs + firstNs - nowNs;
        return isSaid ? Math.max(firstWaitNs, saidNs + pauseNs - nowNs) : firstWaitNs;
    }
}
