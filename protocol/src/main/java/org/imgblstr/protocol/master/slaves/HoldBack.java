package org.imgblstr.protocol.master.slaves;

/** The time for which other slaves waited because of one slave. One thread. */
final class HoldBack {
    private boolean isBlocking;
    private long ns;

    /** Whether others wait for this slave now. */
    void blocking(boolean value) {
        isBlocking = value;
    }

    /** Other slaves waited for this time, which counts only if they waited because of this slave. */
    void add(long elapsedNs) {
        ns += isBlocking ? elapsedNs : 0;
    }

    /** Nanoseconds since the last call. */
    long take() {
        long taken = ns;
        ns = 0;
        return taken;
    }
}
