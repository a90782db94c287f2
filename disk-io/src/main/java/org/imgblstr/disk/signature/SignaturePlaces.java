package org.imgblstr.disk.signature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The places of a volume where a signature or a superblock may lie: all that libblkid, and so blkid and wipefs, looks at. They follow from
 * the same table by which this program recognises contents, so there is one list only. Source: docs/used-blocks.md, section 6.
 */
public final class SignaturePlaces {
    /** A range of bytes of a volume; {@code endOffset} is exclusive. */
    public record Range(long offset, long endOffset) {
        public long bytes() {
            return endOffset - offset;
        }
    }

    private SignaturePlaces() {}

    /**
     * Every place on a volume of this size, sorted, not overlapping, not touching, rounded out to sectors of 512 bytes and cut at the end
     * of the volume. Some 40 ranges, 2 MiB together.
     *
     * @param sizeBytes size of the partition, disk or file
     */
    public static List<Range> of(long sizeBytes) {
        List<Range> found = new ArrayList<>();
        for (Signature signature : Signatures.ALL) {
            for (Place place : signature.places()) {
                add(found, place.on(sizeBytes), signature.bytes(), sizeBytes);
            }
        }
        return merged(found, 0);
    }

    /** The same ranges, with what lies between two that are less than {@code gapBytes} apart. */
    public static List<Range> joined(long sizeBytes, long gapBytes) {
        return merged(of(sizeBytes), gapBytes);
    }

    private static void add(List<Range> found, long place, long bytes, long sizeBytes) {
        long from = place - Math.floorMod(place, Place.SECTOR_BYTES);
        long end = place + bytes;
        long roundedEnd = Math.min(sizeBytes, end + Math.floorMod(-end, Place.SECTOR_BYTES));
        if (place >= 0 && from < roundedEnd) {
            found.add(new Range(from, roundedEnd));
        }
    }

    private static List<Range> merged(List<Range> ranges, long gapBytes) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(Range::offset));
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && range.offset() <= last.endOffset() + gapBytes) {
                long end = Math.max(last.endOffset(), range.endOffset());
                merged.set(merged.size() - 1, new Range(last.offset(), end));
            } else {
                merged.add(range);
            }
        }
        return List.copyOf(merged);
    }
}
