package org.imgblstr.protocol.master.slaves;

/** For how long a slave was why others waited. One thread. */
final class HoldBack {
    private boolean isBlocking;
    private long ns;

    /** Whether others wait for this slave now. */
    void blocking(boolean value) {
        isBlocking = value;
    }

    /** Others waited for so long; it counts when this slave was why. */
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
