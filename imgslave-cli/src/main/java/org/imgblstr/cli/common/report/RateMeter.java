package org.imgblstr.cli.common.report;

/** The rate of a growing number over the last seconds. For one thread. */
public final class RateMeter {
    /** 20 samples at 4 a second: 5 s. */
    private static final int SAMPLES = 20;

    private final long[] timesNs = new long[SAMPLES];
    private final long[] values = new long[SAMPLES];
    private int count;

    /** Adds what the number is at a time. It falls when what was done must be done again. */
    public void add(long nowNs, long value) {
        timesNs[count % SAMPLES] = nowNs;
        values[count % SAMPLES] = value;
        count++;
    }

    /** Whether there is a rate: the number has been seen to grow. */
    public boolean isKnown() {
        return count > 1;
    }

    /** Units a second, 0 before the second sample and while the number is lower than it was. */
    public double rate() {
        if (count < 2) {
            return 0;
        }
        int newest = (count - 1) % SAMPLES;
        int oldest = count <= SAMPLES ? 0 : count % SAMPLES;
        long elapsedNs = timesNs[newest] - timesNs[oldest];
        return elapsedNs <= 0 ? 0 : Math.max(0, values[newest] - values[oldest]) * 1e9 / elapsedNs;
    }
}
