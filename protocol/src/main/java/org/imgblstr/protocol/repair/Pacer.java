package org.imgblstr.protocol.repair;

/**
 * Spaces out datagrams to a rate. Bytes are wire bytes: {@link #FRAME_BYTES} more than the UDP payload for each datagram. Whoever wakes up
 * late may make up for at most {@link #MAX_CREDIT_NS}, so that a burst stays within what the buffers of a cheap switch take.
 */
public final class Pacer {
    /** Ethernet preamble, header, FCS and gap (38), IPv4 (20), UDP (8). */
    public static final int FRAME_BYTES = 66;

    /** Timers of a busy machine fire some hundred microseconds late; 64 KiB at 1 Gbit/s. */
    private static final long MAX_CREDIT_NS = 500_000;

    private long rateBitsPerSecond;
    private long dueNs;

    public Pacer(long rateBitsPerSecond) {
        this.rateBitsPerSecond = Math.max(1, rateBitsPerSecond);
    }

    /** The first datagrams may go at {@code nowNs}. */
    public void start(long nowNs) {
        dueNs = nowNs;
    }

    /** Changes the rate in bits per second, at least 1. */
    public void rate(long bitsPerSecond) {
        this.rateBitsPerSecond = Math.max(1, bitsPerSecond);
    }

    public long rate() {
        return rateBitsPerSecond;
    }

    /** Nanoseconds until the next datagrams may go; 0 or less: now. */
    public long waitNs(long nowNs) {
        return dueNs - nowNs;
    }

    /** Accounts for {@code wireBytes} that were just sent. */
    public void onSent(long wireBytes, long nowNs) {
        if (dueNs - nowNs < -MAX_CREDIT_NS) {
            dueNs = nowNs - MAX_CREDIT_NS;
        }
        dueNs += (long) (wireBytes * 8e9 / rateBitsPerSecond);
    }
}
