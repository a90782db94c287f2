package org.imgblstr.disk.image;

import java.util.Arrays;

/**
 * How many tracks of which kind an image has.
 *
 * @param dataTracks tracks with an encoded track, partial ones too
 * @param unreadable what could not be read
 * @param usedBytes raw bytes of the data tracks
 * @param encodedBytes bytes of their encoded tracks
 */
public record TrackCounts(
        int dataTracks, int zeroTracks, int unusedTracks, Unreadable unreadable, long usedBytes, long encodedBytes) {
    /**
     * What could not be read.
     *
     * @param tracks tracks of which nothing could be read
     * @param partialTracks data tracks some of whose sectors could not be read
     * @param sectors sectors, of both
     */
    public record Unreadable(int tracks, int partialTracks, long sectors) {}

    /** Tracks of all kinds. */
    public int tracks() {
        return dataTracks + zeroTracks + unusedTracks + unreadable.tracks();
    }

    /** Whether all of it was read. */
    public boolean isWhole() {
        return unreadable.tracks() == 0 && unreadable.partialTracks() == 0;
    }

    /** Whether both are equal; the first {@code equals} of a record costs a program ten milliseconds of its start. */
    boolean isSameAs(TrackCounts other) {
        return Arrays.equals(numbers(), other.numbers());
    }

    private long[] numbers() {
        return new long[] {
            dataTracks,
            zeroTracks,
            unusedTracks,
            unreadable.tracks(),
            unreadable.partialTracks(),
            unreadable.sectors(),
            usedBytes,
            encodedBytes
        };
    }

    /** These counts with the unreadable sectors of others. */
    TrackCounts withUnreadableSectors(TrackCounts other) {
        return new TrackCounts(
                dataTracks,
                zeroTracks,
                unusedTracks,
                new Unreadable(unreadable.tracks(), unreadable.partialTracks(), other.unreadable.sectors()),
                usedBytes,
                encodedBytes);
    }
}
