package org.imgblstr.protocol.master.slaves;

/**
 * The credit of one slave, as a share of the largest credit: a quarter until the slave reports that it keeps up, and
 * less while its socket overflows. One thread.
 */
public final class Credit {
    /** A quarter: a mebibyte and a half, after the first of which a slave reports at once. */
    private static final int FIRST_HALVINGS = 2;

    /** 192 KiB: what the socket of a program without privileges holds. */
    private static final int MOST_HALVINGS = 5;

    /** Slaves look five times a second at what their socket dropped: earlier counts tell of what was sent before. */
    private static final long SETTLING_NS = 400_000_000;

    /** After a drop the credit doubles so often: a machine that starves its programs does so again. */
    private static final long DOUBLING_NS = 1_000_000_000;

    private int halvings = FIRST_HALVINGS;
    private boolean hasDropped;
    private long changedNs;

    /**
     * Takes a report into account: the slave's socket has dropped datagrams since the last report, or has taken new
     * ones without a drop.
     */
    public void onReport(boolean isDropping, boolean isFollowing, long nowNs) {
        long sinceNs = nowNs - changedNs;
        if (isDropping && (!hasDropped || sinceNs >= SETTLING_NS)) {
            hasDropped = true;
            halvings = Math.min(MOST_HALVINGS, halvings + 1);
            changedNs = nowNs;
        } else if (!isDropping && isFollowing && halvings > 0 && (!hasDropped || sinceNs >= DOUBLING_NS)) {
            halvings--;
            changedNs = nowNs;
        }
    }

    /** Nothing is known any more. */
    public void onSilence() {
        halvings = Math.max(halvings, FIRST_HALVINGS);
    }

    /** Of so many datagrams those that may be on their way. */
    public long of(long datagrams) {
        return Math.max(1, datagrams >> halvings);
    }
}
