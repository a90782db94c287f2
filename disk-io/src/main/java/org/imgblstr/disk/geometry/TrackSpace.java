package org.imgblstr.disk.geometry;

import java.util.List;

/**
 * Numbers the tracks of the imaged regions: the regions one after the other, each starting a new track, the last track of a region
 * perhaps short. Immutable. Source: docs/architecture.md, section 2.
 */
public final class TrackSpace {
    /** Regions of one session, so that Drive Geometry fits one datagram: 148 + 48 * 24 + 64 + 4 = 1368 bytes. */
    public static final int MAX_REGIONS = 48;

    private final Geometry geometry;
    private final List<Region> regions;
    private final int[] firstTracks;
    private final int trackCount;
    private final long totalSectors;

    /**
     * @param geometry shape of the source disk
     * @param regions 1 to {@link #MAX_REGIONS}, in the order in which they are imaged
     */
    public TrackSpace(Geometry geometry, List<Region> regions) {
        if (regions.isEmpty() || regions.size() > MAX_REGIONS) {
            throw new IllegalArgumentException("regions: expected 1 to " + MAX_REGIONS + ", found " + regions.size());
        }
        this.geometry = geometry;
        this.regions = List.copyOf(regions);
        this.firstTracks = new int[regions.size() + 1];
        long tracks = 0;
        long sectors = 0;
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            firstTracks[i] = Math.toIntExact(tracks);
            tracks += (region.sectorCount() + geometry.sectorsPerTrack() - 1) / geometry.sectorsPerTrack();
            sectors += region.sectorCount();
        }
        this.trackCount = Math.toIntExact(tracks);
        this.firstTracks[regions.size()] = trackCount;
        this.totalSectors = sectors;
    }

    public Geometry geometry() {
        return geometry;
    }

    public List<Region> regions() {
        return regions;
    }

    public int trackCount() {
        return trackCount;
    }

    /** Bytes of all regions. */
    public long totalBytes() {
        return totalSectors * geometry.sectorBytes();
    }

    /** Index in {@link #regions()} of the region that holds a track. */
    public int regionIndexOf(int track) {
        checkTrack(track);
        int index = 0;
        while (firstTracks[index + 1] <= track) {
            index++;
        }
        return index;
    }

    /** First track of a region, by its index in {@link #regions()}. */
    public int firstTrackOf(int regionIndex) {
        return firstTracks[regionIndex];
    }

    /** First track behind a region, by its index in {@link #regions()}. */
    public int endTrackOf(int regionIndex) {
        return firstTracks[regionIndex + 1];
    }

    /** Sector of a track's first byte, counted from the start of its region. */
    public long sectorInRegion(int track) {
        return (long) (track - firstTracks[regionIndexOf(track)]) * geometry.sectorsPerTrack();
    }

    /** Sector of a track's first byte on the source disk. */
    public long sourceLba(int track) {
        return regions.get(regionIndexOf(track)).firstLba() + sectorInRegion(track);
    }

    /** Sectors of a track: all but the last of a region are whole. */
    public int sectorCount(int track) {
        long left = regions.get(regionIndexOf(track)).sectorCount() - sectorInRegion(track);
        return (int) Math.min(left, geometry.sectorsPerTrack());
    }

    /** Bytes of a track. */
    public int rawBytes(int track) {
        return sectorCount(track) * geometry.sectorBytes();
    }

    /** Bytes of the tracks from {@code firstTrack} to before {@code endTrack}. */
    public long rangeBytes(int firstTrack, int endTrack) {
        long bytes = (long) (endTrack - firstTrack) * geometry.trackBytes();
        for (int i = 0; i < regions.size(); i++) {
            int last = firstTracks[i + 1] - 1;
            if (last >= firstTrack && last < endTrack) {
                bytes -= geometry.trackBytes() - rawBytes(last);
            }
        }
        return bytes;
    }

    private void checkTrack(int track) {
        if (track < 0 || track >= trackCount) {
            throw new IllegalArgumentException("track: expected 0 to " + (trackCount - 1) + ", found " + track);
        }
    }
}
