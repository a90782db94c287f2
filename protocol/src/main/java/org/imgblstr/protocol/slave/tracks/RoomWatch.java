package org.imgblstr.protocol.slave.tracks;

/**
 * Notices that half received tracks take all room while nothing comes for them. The master holds fewer tracks than the slave has reckoned, when those
 * before were longer than the last ones, and sends no other tracks as there is no room for them: both would wait for ever. One thread.
 */
public final class RoomWatch {
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final TrackTable tracks;
    private long sinceNs;
    private int missing = -1;

    public RoomWatch(TrackTable tracks) {
        this.tracks = tracks;
    }

    /** Gives up the lower half of the half received tracks when there was no room for 2 s, and no track has got all its symbols. */
    public void look(long nowNs) {
        int missingNow = tracks.missingCount();
        if (tracks.hasRoom() || tracks.partialCount() == 0 || missingNow != missing) {
            missing = missingNow;
            sinceNs = nowNs;
        } else if (nowNs - sinceNs >= PATIENCE_NS) {
            sinceNs = nowNs;
            tracks.giveUpLowerHalf();
        }
    }
}
