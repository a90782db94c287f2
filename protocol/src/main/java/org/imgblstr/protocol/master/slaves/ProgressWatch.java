package org.imgblstr.protocol.master.slaves;

/** Whether a slave gets on: has more tracks done than ever before, or works on its disk without being able to show it yet. One thread. */
public final class ProgressWatch {
    /** A disk of 16 TiB is compared at 200 MB/s within this time. */
    private static final long LONGEST_VERIFYING_NS = 24L * 3600 * 1_000_000_000;

    private int mostDone;
    private long lastNs;
    private long verifyingSinceNs;
    private boolean isVerifying;

    public ProgressWatch(long nowNs) {
        lastNs = nowNs;
    }

    /** {@code isVerifying}: it reads or syncs its disk, at {@code diskRate} bytes a second. */
    public void onReport(int tracksDone, boolean isVerifyingNow, long diskRate, long nowNs) {
        if (isVerifyingNow && !isVerifying) {
            verifyingSinceNs = nowNs;
        }
        isVerifying = isVerifyingNow;
        boolean isReading = isVerifying && diskRate > 0 && nowNs - verifyingSinceNs < LONGEST_VERIFYING_NS;
        if (tracksDone > mostDone || isReading) {
            mostDone = Math.max(mostDone, tracksDone);
            lastNs = nowNs;
        }
    }

    /** Progress is judged from now on. */
    public void from(long nowNs) {
        lastNs = nowNs;
    }

    /** Whether there was none for so long. */
    public boolean isStuck(long limitNs, long nowNs) {
        return nowNs - lastNs >= limitNs;
    }
}
