package org.imgblstr.disk.partition;

/**
 * Sectors of a disk that belong to its partition table, wherever they lie: also within a partition, whose file system may call them free.
 *
 * @param firstLba first sector on the disk
 * @param sectorCount sectors, at least 1
 */
public record SectorRange(long firstLba, long sectorCount) {
    /** First sector behind the range. */
    public long endLba() {
        return firstLba + sectorCount;
    }

    /** Whether the range shares a sector with those from {@code first} to {@code end}, exclusive. */
    public boolean overlaps(long first, long end) {
        return firstLba < end && first < endLba();
    }
}
