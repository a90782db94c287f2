package org.imgblstr.disk.filesystem;

import java.util.ArrayList;
import java.util.List;

/**
 * Where signatures of what was on a volume before may lie: its first and its last MiB, and every place where libblkid looks. A copy must have
 * there what its source has, or it may be taken for what it was before. Source: docs/targets.md, section 4.
 */
public final class LeftoverPlaces {
    /** Partition tables, ZFS labels, md superblocks, second headers and firmware RAID marks lie this close to either end. */
    static final long EDGE_BYTES = 1L << 20;

    /** Bytes from {@code from} to {@code end}, exclusive, counted from the start of the volume. */
    public record Range(long from, long end) {
        /** What of it lies between two bytes, perhaps nothing: then {@link #isEmpty}. */
        Range within(long first, long limit) {
            return new Range(Math.max(from, first), Math.min(end, limit));
        }

        boolean isEmpty() {
            return from >= end;
        }
    }

    private LeftoverPlaces() {}

    /**
     * The places of a volume, in ascending order, none touching another.
     *
     * @param sectorBytes places are rounded out to sectors of this size
     */
    public static List<Range> of(long sizeBytes, int sectorBytes) {
        List<Range> all = new ArrayList<>();
        add(all, 0, EDGE_BYTES, sizeBytes, sectorBytes);
        for (long place : new long[] {2L << 20, 4L << 20, sizeBytes - 3087 * 512}) {
            // Second headers of LUKS2, VMFS, the farthest mark of a Promise RAID.
            if (place > EDGE_BYTES) {
                add(all, place, place + 4096, sizeBytes, sectorBytes);
            }
        }
        add(all, sizeBytes - EDGE_BYTES, sizeBytes, sizeBytes, sectorBytes);
        return all;
    }

    private static void add(List<Range> all, long from, long end, long sizeBytes, int sectorBytes) {
        long first = Math.max(0, from) / sectorBytes * sectorBytes;
        long last = Math.min(sizeBytes, (end + sectorBytes - 1) / sectorBytes * sectorBytes);
        Range before = all.isEmpty() ? null : all.get(all.size() - 1);
        if (before != null && first <= before.end()) {
            all.set(all.size() - 1, new Range(before.from(), Math.max(before.end(), last)));
        } else if (first < last) {
            all.add(new Range(first, last));
        }
    }
}
