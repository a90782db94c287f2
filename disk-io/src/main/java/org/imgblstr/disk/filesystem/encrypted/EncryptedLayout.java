package org.imgblstr.disk.filesystem.encrypted;

import java.util.List;

/**
 * Where the sectors of what lies within an encrypted volume are. Immutable.
 *
 * @param sectorBytes what is encrypted at once, a power of two
 * @param segments the volume within, from its first byte to its end, without gaps; each holds whole sectors
 * @param kept ranges of the encrypted volume that are always used
 */
public record EncryptedLayout(int sectorBytes, List<Segment> segments, List<Range> kept) {
    /** Instead of a place: the segment shows zeros. */
    public static final long NOWHERE = -1;

    public EncryptedLayout {
        segments = List.copyOf(segments);
        kept = List.copyOf(kept);
        long end = 0;
        for (Segment segment : segments) {
            if (segment.first != end || segment.length <= 0) {
                throw new IllegalArgumentException("segments with a gap at byte " + end);
            }
            end += segment.length;
        }
    }

    /**
     * Adjacent bytes within.
     *
     * @param first of them, in the volume within
     * @param length in bytes, 1 or more
     * @param place of the first one in the encrypted volume, or {@link #NOWHERE}
     */
    public record Segment(long first, long length, long place) {
        long end() {
            return first + length;
        }
    }

    /**
     * Bytes of the encrypted volume.
     *
     * @param first of them
     * @param length in bytes
     */
    public record Range(long first, long length) {
        /** The first byte behind it. */
        public long end() {
            return first + length;
        }
    }

    /** Size of the volume within. */
    public long sizeBytes() {
        return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).end();
    }

    /** The segment with a byte of the volume within, 0 to {@link #sizeBytes()}, exclusive. */
    Segment at(long offset) {
        for (Segment segment : segments) {
            if (offset < segment.end()) {
                return segment;
            }
        }
        throw new IllegalArgumentException("byte " + offset + " of " + sizeBytes());
    }
}
