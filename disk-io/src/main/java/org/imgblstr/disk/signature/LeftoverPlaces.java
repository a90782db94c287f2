package org.imgblstr.disk.signature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.signature.SignaturePlaces.Range;

/**
 * Where signatures of what was on a volume before may lie: its first and its last MiB, and every place where libblkid looks. A copy must have
 * there what its source has, or it may be taken for what it was before. Source: docs/targets.md, section 5.
 */
public final class LeftoverPlaces {
    /** Partition tables, ZFS labels, md superblocks and most marks of firmware RAID lie this close to either end. */
    static final long EDGE_BYTES = 1L << 20;

    private LeftoverPlaces() {}

    /**
     * The places of a volume, in ascending order, none touching another.
     *
     * @param sectorBytes places are rounded out to sectors of this size
     */
    public static List<Range> of(long sizeBytes, int sectorBytes) {
        List<Range> places = new ArrayList<>(SignaturePlaces.of(sizeBytes));
        places.add(new Range(0, EDGE_BYTES));
        places.add(new Range(sizeBytes - EDGE_BYTES, sizeBytes));
        places.sort(Comparator.comparingLong(Range::offset));
        List<Range> all = new ArrayList<>();
        for (Range place : places) {
            add(all, roundedOut(place, sizeBytes, sectorBytes));
        }
        return all;
    }

    private static Range roundedOut(Range place, long sizeBytes, int sectorBytes) {
        long first = Math.max(0, place.offset()) / sectorBytes * sectorBytes;
        long end = (place.endOffset() + sectorBytes - 1) / sectorBytes * sectorBytes;
        return new Range(first, Math.min(sizeBytes, end));
    }

    private static void add(List<Range> all, Range place) {
        Range before = all.isEmpty() ? null : all.get(all.size() - 1);
        if (before != null && place.offset() <= before.endOffset()) {
            all.set(all.size() - 1, new Range(before.offset(), Math.max(before.endOffset(), place.endOffset())));
        } else if (place.bytes() > 0) {
            all.add(place);
        }
    }
}
