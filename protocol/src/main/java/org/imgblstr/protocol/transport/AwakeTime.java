package org.imgblstr.protocol.transport;

import java.util.function.LongSupplier;

/**
 * The time during which this program ran: a clock without the time in which the program was stopped, suspended, or got
 * no processor. Deadlines for a peer use this time, because datagrams that came during a stop still wait in the
 * socket. One thread at a time.
 */
public final class AwakeTime {
    /** Callers read this time at least so often. */
    public static final long LONGEST_WAIT_NS = 250_000_000;

    /** More than this between two looks means that the program was held up; a timer is late by less. A third of the least time after which a peer counts as silent. */
    private static final long MOST_NS = 2 * LONGEST_WAIT_NS;

    private final LongSupplier clock;
    private long lastNs;
    private long missedNs;

    /** {@code clock}: nanoseconds since some moment, monotonic, may wrap. */
    public AwakeTime(LongSupplier clock) {
        this.clock = clock;
        this.lastNs = clock.getAsLong();
    }

    /** Nanoseconds since some moment, monotonic, may wrap; from one call to the next at most half a second. */
    public long nowNs() {
        long clockNs = clock.getAsLong();
        missedNs += Math.max(0, clockNs - lastNs - MOST_NS);
        lastNs = clockNs;
        return clockNs - missedNs;
    }
}
