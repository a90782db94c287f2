package org.imgblstr.protocol.master.handshake;

import java.net.InetSocketAddress;
import java.util.Arrays;
import org.imgblstr.protocol.sealing.Allowance;

/**
 * How many answers a master gives to those who have proven nothing. Whoever forges senders that do not exist would else fill the master's socket: the
 * kernel keeps an answer for some three seconds while it looks for a machine of the network that is not there, and no other datagram leaves meanwhile.
 * So much for each address, and so much in all. One thread.
 */
final class AnswerLimit {
    /** Between two answers to one address. */
    static final long GAP_NS = 250_000_000;

    /** In a second, to all: three seconds of them take a megabyte of a socket's memory. */
    static final int ANSWERS = 500;

    /** Addresses share places; the key makes that unforeseeable. */
    private static final int PLACES = 4_096;

    private final Allowance all = new Allowance(ANSWERS);
    private final long[] lastNs = new long[PLACES];
    private final int key;
    private boolean isUsed;

    /** {@code key}: random. */
    AnswerLimit(int key) {
        this.key = key;
    }

    /** Whether this address is answered now; counts it then. */
    boolean allows(InetSocketAddress to, long nowNs) {
        if (!isUsed) {
            isUsed = true;
            Arrays.fill(lastNs, nowNs - GAP_NS);
        }
        int place = place(to.getAddress().getAddress());
        if (nowNs - lastNs[place] < GAP_NS || !all.isLeft(nowNs)) {
            return false;
        }
        all.take();
        lastNs[place] = nowNs;
        return true;
    }

    private int place(byte[] address) {
        int hash = key;
        for (byte part : address) {
            hash = (hash ^ part) * 0x9E3779B1;
            hash ^= hash >>> 15;
        }
        return hash & PLACES - 1;
    }
}
