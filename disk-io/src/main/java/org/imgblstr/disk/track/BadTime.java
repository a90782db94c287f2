package org.imgblstr.disk.track;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a run may be busy with places that cannot be read. Each track gets a tenth of what is left, so that the sum is bounded however
 * many tracks there are, and no track takes it all. Safe for use by several threads.
 */
public final class BadTime {
    /** Unless something else is asked for. */
    public static final Duration DEFAULT = Duration.ofMinutes(30);

    private static final int PART_OF_A_TRACK = 10;

    private final LongSupplier nanoTime;
    private long leftNs;

    public BadTime(Duration total) {
        this(total, System::nanoTime);
    }

    BadTime(Duration total, LongSupplier nanoTime) {
        this.leftNs = total.toNanos();
        this.nanoTime = nanoTime;
    }

    /** What one track may take, from now on until {@link Share#close}. */
    synchronized Share share() {
        return new Share(nanoTime.getAsLong(), leftNs / PART_OF_A_TRACK);
    }

    private synchronized void spend(long ns) {
        leftNs = Math.max(0, leftNs - ns);
    }

    /** The time of one track. */
    final class Share implements AutoCloseable {
        private final long startNs;
        private final long mostNs;

        private Share(long startNs, long mostNs) {
            this.startNs = startNs;
            this.mostNs = mostNs;
        }

        boolean isUsedUp() {
            return nanoTime.getAsLong() - startNs >= mostNs;
        }

        @Override
        public void close() {
            spend(nanoTime.getAsLong() - startNs);
        }
    }
}
