package org.imgblstr.disk.image;

/**
 * How many tracks of which kind an image has.
 *
 * @param dataTracks tracks with an encoded track, partial ones too
 * @param unreadableTracks tracks of which nothing could be read
 * @param partialTracks data tracks some of whose sectors could not be read
 * @param unreadableSectors sectors that could not be read, of both
 * @param usedBytes raw bytes of the data tracks
 * @param encodedBytes bytes of their encoded tracks
 */
public record TrackCounts(
        int dataTracks,
        int zeroTracks,
        int unusedTracks,
        int unreadableTracks,
        int partialTracks,
        long unreadableSectors,
        long usedBytes,
        long encodedBytes) {
    /** Tracks of all kinds. */
    public int tracks() {
        return dataTracks + zeroTracks + unusedTracks + unreadableTracks;
    }

    /** Whether all of it was read. */
    public boolean isWhole() {
        return unreadableTracks == 0 && partialTracks == 0;
    }

    /** These counts with the unreadable sectors of others. */
    TrackCounts withUnreadableSectors(TrackCounts other) {
        return new TrackCounts(
                dataTracks,
                zeroTracks,
                unusedTracks,
                unreadableTracks,
                partialTracks,
                other.unreadableSectors,
                usedBytes,
                encodedBytes);
    }
}
