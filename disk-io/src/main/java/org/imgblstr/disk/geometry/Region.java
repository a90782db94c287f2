package org.imgblstr.disk.geometry;

import java.util.Objects;

/**
 * A run of sectors of a source disk that is imaged.
 *
 * @param number 0 for the whole disk, else the partition's number in its table, from 1
 * @param firstLba first sector on the source disk
 * @param sectorCount sectors, at least 1
 * @param name what the table calls it (GPT name), or "" when it has no name
 */
public record Region(int number, long firstLba, long sectorCount, String name) {
    public Region {
        Objects.requireNonNull(name, "name");
        if (number < 0 || firstLba < 0 || sectorCount < 1 || firstLba + sectorCount < 0) {
            throw new IllegalArgumentException(
                    "region " + number + ": first LBA " + firstLba + ", sectors " + sectorCount);
        }
    }

    /** First sector behind the region. */
    public long endLba() {
        return firstLba + sectorCount;
    }

    public boolean isWholeDisk() {
        return number == 0;
    }
}
