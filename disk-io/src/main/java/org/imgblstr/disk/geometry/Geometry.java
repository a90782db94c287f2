package org.imgblstr.disk.geometry;

/**
 * Logical CHS shape of a disk: cylinders and heads count from 0, sectors from 1. A track is the sectors under one head of one cylinder.
 * By default a track is 256 KiB and a cylinder four tracks, so that partitions aligned to 1 MiB start on a cylinder.
 *
 * @param sectorBytes 512 or 4096
 * @param heads tracks of a cylinder, 1 to 65535
 * @param sectorsPerTrack 1 to 65535
 * @param totalSectors size of the disk; the last cylinder may be short
 */
public record Geometry(int sectorBytes, int heads, int sectorsPerTrack, long totalSectors) {
    /** Bytes of a track unless something else is asked for. */
    public static final int DEFAULT_TRACK_BYTES = 256 * 1024;

    /** Tracks of a cylinder unless something else is asked for. */
    public static final int DEFAULT_HEADS = 4;

    public Geometry {
        if (sectorBytes != 512 && sectorBytes != 4096) {
            throw new IllegalArgumentException("sector bytes: expected 512 or 4096, found " + sectorBytes);
        }
        if (heads < 1 || heads > 65_535 || sectorsPerTrack < 1 || sectorsPerTrack > 65_535 || totalSectors < 1) {
            throw new IllegalArgumentException("geometry: heads " + heads + ", sectors per track " + sectorsPerTrack
                    + ", sectors " + totalSectors);
        }
    }

    /** The default shape of a disk of {@code totalSectors} sectors. */
    public static Geometry of(int sectorBytes, long totalSectors) {
        return new Geometry(sectorBytes, DEFAULT_HEADS, DEFAULT_TRACK_BYTES / sectorBytes, totalSectors);
    }

    /** Bytes of a whole track. */
    public int trackBytes() {
        return sectorsPerTrack * sectorBytes;
    }

    /** Cylinders, the last one perhaps short. */
    public long cylinders() {
        long sectorsPerCylinder = (long) heads * sectorsPerTrack;
        return (totalSectors + sectorsPerCylinder - 1) / sectorsPerCylinder;
    }

    /** Cylinder that holds a sector. */
    public long cylinderOf(long lba) {
        return lba / ((long) heads * sectorsPerTrack);
    }
}
