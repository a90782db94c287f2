package org.imgblstr.protocol.slave.tracks;

/** What came of a slave's disk so far, for reports and for the operator. One thread. */
public final class DiskTally {
    /** The rate is measured over so long at least. */
    private static final long RATE_SPAN_NS = 500_000_000;

    private boolean isSyncing;
    private boolean isSynced;
    private String lack = "";
    private String remark = "";
    private int errno;
    private long bytesWritten;
    private long bytesDone;
    private long bytesUnused;
    private long bytesCompared;
    private long rate;
    private long rateBytes;
    private long rateNs;
    private long busyNs;

    public DiskTally(long nowNs) {
        rateNs = nowNs;
    }

    public void onWritten(long bytes) {
        bytesWritten += bytes;
    }

    public void onDone(long bytes) {
        bytesDone += bytes;
    }

    /** So much of what is done, or is about to be, is unused. */
    public void onUnused(long bytes) {
        bytesUnused += bytes;
    }

    /** Bytes that were read and turned out not to be those of the image: work as well, that the rate tells of. */
    public void onCompared(long bytes) {
        bytesCompared += bytes;
    }

    public void onError(int newErrno) {
        errno = newErrno;
    }

    /** Every track is done: returns whether this is the first time. */
    public boolean beginSync() {
        boolean isFirst = !isSyncing;
        isSyncing = true;
        return isFirst;
    }

    /** {@code what}: what could not be done with the complete disk; {@code done}: what was done with it; "" for nothing. */
    public void onSynced(String what, String done) {
        isSynced = true;
        lack = what;
        remark = done;
    }

    /** What was done with the complete disk, a few words; "" for nothing, and before the end. */
    public String remark() {
        return remark;
    }

    /** What could not be done with the complete disk, one sentence; "" for nothing, and before the end. */
    public String lack() {
        return lack;
    }

    public boolean isSyncing() {
        return isSyncing;
    }

    public boolean isSynced() {
        return isSynced;
    }

    public int errno() {
        return errno;
    }

    /** Measures the rate anew when it was measured long enough ago. */
    public void measure(long nowNs) {
        long elapsedNs = nowNs - rateNs;
        if (elapsedNs >= RATE_SPAN_NS) {
            long bytes = bytesDone + bytesCompared;
            rate = (long) ((bytes - rateBytes) * 1e9 / elapsedNs);
            rateBytes = bytes;
            rateNs = nowNs;
        }
    }

    /** For so long the disk has been busy so far. */
    public void busy(long nanoseconds) {
        busyNs = nanoseconds;
    }

    /** Bytes a second that the disk took while it was busy; 0 when unknown. */
    public long meanRate() {
        return busyNs == 0 ? 0 : (long) (bytesWritten * 1e9 / busyNs);
    }

    /** Bytes written or zeroed. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Bytes of tracks that are done. */
    public long bytesDone() {
        return bytesDone;
    }

    /** Used bytes of tracks that are done. */
    public long usedBytesDone() {
        return bytesDone - bytesUnused;
    }

    /** Bytes a second lately, done or compared. */
    public long rate() {
        return rate;
    }
}
