package org.imgblstr.disk.image;

/**
 * How many tracks of which kind an image has.
 *
 * @param usedBytes raw bytes of the data tracks
 * @param encodedBytes bytes of their encoded tracks
 */
public record TrackCounts(
        int dataTracks, int zeroTracks, int unusedTracks, int unreadableTracks, long usedBytes, long encodedBytes) {
    /** Tracks of all kinds. */
    public int tracks() {
        return dataTracks + zeroTracks + unusedTracks + unreadableTracks;
    }
}
