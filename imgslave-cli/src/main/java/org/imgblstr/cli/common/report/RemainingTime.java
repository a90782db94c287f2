package org.imgblstr.cli.common.report;

/**
 * When a growing number reaches its total, by the rate of the last half of the time that it has grown, and of at least five seconds: so a
 * short stop does not show, and a lasting change shows soon. Time that is said to stand still does not count, nor does a long time in which nothing
 * was said and hardly anything was done: this program was stopped, or nothing was heard. For one thread.
 */
final class RemainingTime {
    private static final long SHORTEST_WINDOW_NS = 5_000_000_000L;

    /** When all places are taken, each second sample goes: the samples reach back to the start, however long ago it was. */
    private static final int SAMPLES = 256;

    /** Four samples come each second. */
    private static final long LONGEST_GAP_NS = 1_500_000_000;

    /** At less than this part of the rate since the start it practically stands still. */
    private static final double LEAST_RATE_PART = 0.1;

    private final long[] timesNs = new long[SAMPLES];
    private final long[] values = new long[SAMPLES];
    private int count;
    private long minGapNs;
    private long addedNs;
    private long newestNs;
    private long newest;
    private long stoodNs;
    private long stoppedAtNs;
    private boolean isStopped;

    /** Says what the number is. It falls when what was done must be done again. */
    void add(long nowNs, long value) {
        long gapNs = nowNs - addedNs;
        if (count > 0 && !isStopped && gapNs > LONGEST_GAP_NS && 2 * (value - newest) < rate() * gapNs / 1e9) {
            stoodNs += gapNs;
        }
        addedNs = nowNs;
        long atNs = isStopped ? stoppedAtNs - stoodNs : nowNs - stoodNs;
        newestNs = atNs;
        newest = value;
        if (count == 0 || atNs - timesNs[count - 1] >= minGapNs) {
            keep(atNs, value);
        }
    }

    /** Time stands still until {@link #goOn}: the operator has paused the work. */
    void stop(long nowNs) {
        if (!isStopped) {
            isStopped = true;
            stoppedAtNs = nowNs;
        }
    }

    void goOn(long nowNs) {
        if (isStopped) {
            isStopped = false;
            stoodNs += nowNs - stoppedAtNs;
            addedNs = nowNs;
        }
    }

    private void keep(long atNs, long value) {
        if (count == SAMPLES) {
            for (int i = 0; i < SAMPLES / 2; i++) {
                timesNs[i] = timesNs[2 * i];
                values[i] = values[2 * i];
            }
            count = SAMPLES / 2;
            minGapNs = Math.max(1, 2 * (timesNs[count - 1] - timesNs[0]) / SAMPLES);
        }
        timesNs[count] = atNs;
        values[count] = value;
        count++;
    }

    /** Whether it has been looked at for long enough. */
    boolean isKnown() {
        return count > 1 && newestNs - timesNs[0] >= SHORTEST_WINDOW_NS;
    }

    /** Units a second lately; 0 when unknown. */
    double rate() {
        if (count == 0) {
            return 0;
        }
        long windowNs = Math.max(SHORTEST_WINDOW_NS, (newestNs - timesNs[0]) / 2);
        int from = count - 1;
        while (from > 0 && newestNs - timesNs[from] < windowNs) {
            from--;
        }
        long elapsedNs = newestNs - timesNs[from];
        return elapsedNs <= 0 ? 0 : (newest - values[from]) * 1e9 / elapsedNs;
    }

    /** Seconds until the total, rounded up; 0 when it is reached, -1 when that cannot be told, or nothing is done any more. */
    long seconds(long total) {
        long left = total - newest;
        if (count == 0) {
            return -1;
        }
        if (left <= 0) {
            return 0;
        }
        double rate = rate();
        long sinceStartNs = newestNs - timesNs[0];
        double least = sinceStartNs <= 0 ? 1 : Math.max(1, LEAST_RATE_PART * (newest - values[0]) * 1e9 / sinceStartNs);
        return rate < least ? -1 : (long) Math.ceil(left / rate);
    }
}
