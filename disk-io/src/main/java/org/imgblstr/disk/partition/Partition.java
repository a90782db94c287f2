package org.imgblstr.disk.partition;

import org.imgblstr.disk.geometry.Region;

/**
 * An entry of a partition table.
 *
 * @param number as the kernel counts, from 1; logical partitions of an MBR from 5
 * @param firstLba first sector on the disk
 * @param sectorCount sectors, at least 1; the table may claim more than the disk has
 * @param typeId GPT: type GUID in upper case; MBR: two hexadecimal digits
 * @param uniqueId GPT: the partition's GUID in upper case; MBR: disk signature and number, as in Linux' PARTUUID
 * @param name GPT name, "" when it has none
 */
public record Partition(int number, long firstLba, long sectorCount, String typeId, String uniqueId, String name) {
    /** First sector behind the partition. */
    public long endLba() {
        return firstLba + sectorCount;
    }

    /** Whether the two share a sector. */
    public boolean overlaps(Partition other) {
        return firstLba < other.endLba() && other.firstLba < endLba();
    }

    /** The partition as a region to be imaged. */
    public Region region() {
        return new Region(number, firstLba, sectorCount, name);
    }

    /** Written out: the first use of what a record has by itself costs a program's start 25 ms. */
    @Override
    public boolean equals(Object object) {
        return object instanceof Partition other
                && number == other.number
                && firstLba == other.firstLba
                && sectorCount == other.sectorCount
                && typeId.equals(other.typeId)
                && uniqueId.equals(other.uniqueId)
                && name.equals(other.name);
    }

    @Override
    public int hashCode() {
        return 31 * number + Long.hashCode(firstLba);
    }
}
