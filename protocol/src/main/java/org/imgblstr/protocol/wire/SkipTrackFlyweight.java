package org.imgblstr.protocol.wire;

import org.imgblstr.codec.TrackKind;

/**
 * Ranges of tracks that carry no data. Source: docs/protocol.md, section 3.5.
 * <pre>
 *   12       14     16
 *   | ranges | zero | firstTrack (4) | count (4) | kind (1) | zero (3) | ...
 * </pre>
 */
public final class SkipTrackFlyweight extends CommandFlyweight<SkipTrackFlyweight> {
    /** Ranges of one datagram: 16 + 102 * 12 + 4 = 1244 bytes. */
    public static final int MAX_RANGES = 102;

    private static final int RANGES = HEADER_BYTES;
    private static final int ZERO = RANGES + Short.BYTES;
    private static final int FIRST_RANGE = ZERO + Short.BYTES;
    static final int FIXED_BYTES = FIRST_RANGE;

    private static final int FIRST_TRACK = 0;
    private static final int COUNT = FIRST_TRACK + Integer.BYTES;
    private static final int KIND = COUNT + Integer.BYTES;
    private static final int RANGE_BYTES = KIND + Integer.BYTES;

    public SkipTrackFlyweight() {
        super(CommandType.SKIP_TRACK);
    }

    /** Whether there are 1 to 102 ranges, all of them there, of a known kind, and of tracks below {@code trackCount}. */
    public boolean isValid(int trackCount) {
        return hasFixedFields()
                && ranges() >= 1
                && ranges() <= MAX_RANGES
                && reaches(bodyEnd())
                && areRangesValid(trackCount);
    }

    public int ranges() {
        return u16(RANGES);
    }

    public int firstTrack(int range) {
        return i32(at(range) + FIRST_TRACK);
    }

    /** Tracks of a range. */
    public int count(int range) {
        return i32(at(range) + COUNT);
    }

    /** UNUSED, ZERO or UNREADABLE; null when unknown. */
    public TrackKind kind(int range) {
        return TrackKind.ofCode(u8(at(range) + KIND));
    }

    /** Appends a range; there may be {@link #MAX_RANGES}. */
    public SkipTrackFlyweight add(int firstTrack, int count, TrackKind kind) {
        int range = ranges();
        if (range == MAX_RANGES || kind.isEncoded()) {
            throw new IllegalStateException("range " + range + " of kind " + kind + " does not fit Skip Track");
        }
        reserve(at(range + 1) + TRAILER_BYTES);
        put16(RANGES, range + 1);
        return put32(at(range) + FIRST_TRACK, firstTrack)
                .put32(at(range) + COUNT, count)
                .put32(at(range) + KIND, kind.code() << 24);
    }

    private boolean areRangesValid(int trackCount) {
        for (int range = 0; range < ranges(); range++) {
            TrackKind kind = kind(range);
            if (kind == null || kind.isEncoded() || !isRangeOf(trackCount, firstTrack(range), count(range))) {
                return false;
            }
        }
        return true;
    }

    private static int at(int range) {
        return FIRST_RANGE + range * RANGE_BYTES;
    }

    @Override
    SkipTrackFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return at(ranges());
    }
}
