package org.imgblstr.protocol.sim;

import java.util.ArrayDeque;

/** The most events in any stretch of time of one length, wherever it begins. */
final class PeakRate {
    private final long lengthNs;
    private final ArrayDeque<Long> recent = new ArrayDeque<>();
    private int peak;

    PeakRate(long lengthNs) {
        this.lengthNs = lengthNs;
    }

    void add(long nowNs) {
        while (!recent.isEmpty() && nowNs - recent.peek() >= lengthNs) {
            recent.poll();
        }
        recent.add(nowNs);
        peak = Math.max(peak, recent.size());
    }

    int peak() {
        return peak;
    }
}
