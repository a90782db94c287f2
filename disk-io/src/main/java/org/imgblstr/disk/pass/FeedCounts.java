package org.imgblstr.disk.pass;

import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;

/**
 * What one pass was made of.
 *
 * @param dataTracks tracks with bytes
 * @param dataBytes raw bytes of them; of a disk only those that are used
 * @param encodedBytes bytes of them as encoded tracks
 * @param zeroTracks tracks of zeros
 * @param unusedTracks tracks that no file system uses
 * @param unreadable what the source could not give
 */
public record FeedCounts(
        int dataTracks,
        long dataBytes,
        long encodedBytes,
        int zeroTracks,
        int unusedTracks,
        UnreadableSectors unreadable) {
    /** Of a pass that was given up. */
    public static FeedCounts none(TrackSpace space) {
        return new FeedCounts(0, 0, 0, 0, 0, new UnreadableSectors(space));
    }
}
