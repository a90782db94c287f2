package org.imgblstr.protocol.repair;

/**
 * Spaces out datagrams to a rate. Bytes are wire bytes: {@link #FRAME_BYTES} more than the UDP payload for each datagram.
 *
 * <p>A sender that wakes up late sends at once as much as the buffers of a cheap switch take, {@link #BURST_BYTES}. A
 * longer delay is forgotten. If the mean rate is to be kept, the sender instead makes up for the longer delay by
 * sending a tenth faster than the rate. Time without data to send, or with a full socket, is never made up for.
 */
public final class Pacer {
    /** Ethernet preamble, header, FCS and gap (38), IPv4 (20), UDP (8). */
    public static final int FRAME_BYTES = 66;

    /** The smallest switches share 128 KiB between all ports; a batch of the sender comes on top, a full one half of this. */
    public static final int BURST_BYTES = 64 << 10;

    /** At 1 Gbit/s and more: timers of a busy machine fire some hundred microseconds late, and faster switches have larger buffers. */
    private static final long LEAST_CREDIT_NS = 500_000;

    /** At 50 Mbit/s and less. */
    private static final long MOST_CREDIT_NS = 10_000_000;

    /** Delays that are made up for later: what a busy machine keeps a program from running. */
    private static final long MOST_OWED_NS = 50_000_000;

    /** The part of the time that is given back while something is owed: links have that much above the operator's rate. */
    private static final int OWED_SHARE = 11;

    private boolean isMeanKept;
    private long rateBitsPerSecond;
    private long creditNs;
    private long dueNs;
    private long owedNs;
    private boolean isWaiting;

    /** {@code isMeanKept}: whether all delays are made up for in the end, or the rate is an upper limit. */
    public Pacer(long rateBitsPerSecond, boolean isMeanKept) {
        this.isMeanKept = isMeanKept;
        rate(rateBitsPerSecond);
    }

    /** The first datagrams may go at {@code nowNs}. */
    public void start(long nowNs) {
        dueNs = nowNs;
    }

    /** Changes the rate in bits per second, at least 1. */
    public void rate(long bitsPerSecond) {
        rateBitsPerSecond = Math.max(1, bitsPerSecond);
        creditNs = Math.max(LEAST_CREDIT_NS, Math.min(MOST_CREDIT_NS, nsOf(BURST_BYTES)));
    }

    /** Changes the rate and whether all delays are made up for; see the constructor. */
    public void order(long bitsPerSecond, boolean newIsMeanKept) {
        isMeanKept = newIsMeanKept;
        owedNs = 0;
        rate(bitsPerSecond);
    }

    public long rate() {
        return rateBitsPerSecond;
    }

    /** Nanoseconds until the next datagrams may go; 0 or less: now. To be asked before each batch that is ready. */
    public long waitNs(long nowNs) {
        long waitNs = dueNs - nowNs;
        if (waitNs > 0) {
            isWaiting = true;
        } else if (isWaiting) {
            isWaiting = false;
            owe(-waitNs - creditNs);
        }
        return waitNs;
    }

    private void owe(long beyondCreditNs) {
        if (isMeanKept && beyondCreditNs > 0) {
            owedNs = Math.min(MOST_OWED_NS, owedNs + beyondCreditNs);
        }
    }

    /** Accounts for {@code wireBytes} that were just sent. */
    public void onSent(long wireBytes, long nowNs) {
        if (dueNs - nowNs < -creditNs) {
            dueNs = nowNs - creditNs;
        }
        long costNs = nsOf(wireBytes);
        long backNs = Math.min(owedNs, costNs / OWED_SHARE);
        owedNs -= backNs;
        dueNs += costNs - backNs;
    }

    private long nsOf(long wireBytes) {
        return (long) (wireBytes * 8e9 / rateBitsPerSecond);
    }
}
