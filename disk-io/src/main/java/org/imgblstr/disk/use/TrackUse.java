package org.imgblstr.disk.use;

import java.util.Arrays;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackParts;

/**
 * Which tracks of a track space are used, where in a track, and what of it must be read because it is not known to be zero. Immutable; safe for
 * use by several threads.
 */
public final class TrackUse implements TrackParts {
    /** How much of a track is used. */
    public enum Kind {
        /** Nothing: the track is neither read nor sent. */
        FREE,
        /** Something: the rest counts as zero. */
        PARTLY,
        /** Everything. */
        FULL
    }

    private final TrackSpace space;
    private final UsedMap used;
    private final UsedMap stored;

    /** {@code used}: bytes of the source disk, counted from its start. */
    public TrackUse(TrackSpace space, UsedMap used) {
        this.space = space;
        this.used = used;
        this.stored = used.stored();
    }

    /** Every track in full. */
    public static TrackUse everything(TrackSpace space) {
        long endBytes = 0;
        for (Region region : space.regions()) {
            endBytes = Math.max(endBytes, region.endLba() * space.geometry().sectorBytes());
        }
        return new TrackUse(space, UsedMap.allUsed(endBytes));
    }

    public Kind kind(int track) {
        long first = firstByte(track);
        long end = first + space.rawBytes(track);
        if (used.nextUsed(first) >= end) {
            return Kind.FREE;
        }
        return used.nextFree(first) >= end ? Kind.FULL : Kind.PARTLY;
    }

    /**
     * First track from {@code track} on that is not free; {@code space.trackCount()} when there is none. Its time does not depend on how
     * many tracks are passed over, but for one step each 8 GiB.
     */
    public int nextUsedTrack(int track) {
        return nextTrack(used, track);
    }

    /**
     * First track from {@code track} on of which something must be read; {@code space.trackCount()} when there is none. The tracks before it are
     * free or zero.
     */
    public int nextStoredTrack(int track) {
        return nextTrack(stored, track);
    }

    private int nextTrack(UsedMap map, int track) {
        int candidate = track;
        while (candidate < space.trackCount()) {
            int region = space.regionIndexOf(candidate);
            long next = map.nextUsed(firstByte(candidate));
            if (next < space.regions().get(region).endLba() * space.geometry().sectorBytes()) {
                return candidate
                        + (int) ((next - firstByte(candidate))
                                / space.geometry().trackBytes());
            }
            candidate = space.endTrackOf(region);
        }
        return space.trackCount();
    }

    /** First free track from {@code track} on; {@code space.trackCount()} when there is none. */
    public int nextFreeTrack(int track) {
        int candidate = track;
        while (candidate < space.trackCount() && kind(candidate) != Kind.FREE) {
            int region = space.regionIndexOf(candidate);
            long free = used.nextFree(firstByte(candidate));
            long passed = (free - firstByte(candidate)) / space.geometry().trackBytes();
            // The track in which free space begins is looked at again only if it is free from its start.
            candidate = (int) Math.min(candidate + Math.max(passed, 1), space.endTrackOf(region));
        }
        return candidate;
    }

    /** Gives the used ranges of a track as byte offsets in it, rounded out to sectors, ascending, disjoint. */
    public void forEachUsed(int track, UsedMap.RangeConsumer consumer) {
        forEach(used, track, consumer);
    }

    private void forEach(UsedMap map, int track, UsedMap.RangeConsumer consumer) {
        long first = firstByte(track);
        long end = first + space.rawBytes(track);
        int sectorBytes = space.geometry().sectorBytes();
        long from = map.nextUsed(first);
        while (from < end) {
            long start = from - from % sectorBytes;
            long stop = roundedUp(map.nextFree(from), sectorBytes);
            while (stop < end && map.isUsed(stop, sectorBytes)) {
                stop = roundedUp(map.nextFree(map.nextUsed(stop)), sectorBytes);
            }
            consumer.accept(start - first, Math.min(stop, end) - first);
            from = map.nextUsed(stop);
        }
    }

    /** The used ranges of a track that are not known to be zero, as {@link #forEachUsed} gives them. */
    @Override
    public int[] partsOf(int track) {
        int[][] parts = {new int[8]};
        int[] count = new int[1];
        forEach(stored, track, (from, end) -> {
            if (count[0] == parts[0].length) {
                parts[0] = Arrays.copyOf(parts[0], 2 * count[0]);
            }
            parts[0][count[0]++] = (int) from;
            parts[0][count[0]++] = (int) end;
        });
        return Arrays.copyOf(parts[0], count[0]);
    }

    /** Bytes of a track that are used, rounded out to sectors. */
    public int usedBytes(int track) {
        int[] sum = new int[1];
        forEachUsed(track, (from, end) -> sum[0] += (int) (end - from));
        return sum[0];
    }

    /** Bytes of the tracks from {@code firstTrack} to before {@code endTrack}, all of one region, that are used, rounded as the map rounds. */
    public long usedBytes(int firstTrack, int endTrack) {
        long first = firstByte(firstTrack);
        long[] sum = new long[1];
        used.forEachUsed(first, first + space.rangeBytes(firstTrack, endTrack), (from, to) -> sum[0] += to - from);
        return sum[0];
    }

    /** Bytes of all regions that are used, rounded as the map rounds. */
    public long usedBytes() {
        long[] sum = new long[1];
        for (Region region : space.regions()) {
            int sectorBytes = space.geometry().sectorBytes();
            used.forEachUsed(
                    region.firstLba() * sectorBytes, region.endLba() * sectorBytes, (from, to) -> sum[0] += to - from);
        }
        return sum[0];
    }

    private long firstByte(int track) {
        return space.sourceLba(track) * space.geometry().sectorBytes();
    }

    private static long roundedUp(long bytes, int sectorBytes) {
        return (bytes + sectorBytes - 1) / sectorBytes * sectorBytes;
    }
}
