package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.partition.ForeignTables;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.PartitionTypes;

/**
 * Whether a partition table fits what lies on its disk. One that does not leaves nothing out: all blocks count as used. Each method gives
 * the reason, one line, or "". Source: docs/used-blocks.md, section 1.
 */
final class TableFit {
    private static final int FIRST_LOGICAL = 5;

    /** Both sector sizes there are, so that one gives the other. */
    private static final int BOTH_SECTOR_BYTES = 512 + 4096;

    private static final long LARGE_SECTOR_BYTES = 4096;

    private final Disk disk;
    private final FileSystems fileSystems;

    TableFit(Disk disk, FileSystems fileSystems) {
        this.disk = disk;
        this.fileSystems = fileSystems;
    }

    /** What the table itself shows. */
    String fault(PartitionTable table, List<Partition> sorted) throws DeviceException {
        String fault = faultOfPlaces(table, sorted);
        for (Partition partition : sorted) {
            if (fault.isEmpty() && PartitionTypes.ownsDisk(partition)) {
                fault = "partition " + partition.number() + " is of a Windows dynamic disk (type " + partition.typeId()
                        + "), whose volumes and database lie anywhere on the disk";
            }
        }
        return fault.isEmpty() ? ForeignTables.doubt(disk, table) : fault;
    }

    /** Why partitions, sorted by their place, cannot be told from each other and from the tables. */
    private String faultOfPlaces(PartitionTable table, List<Partition> partitions) {
        if (partitions.isEmpty()) {
            return "the partition table has no partitions";
        }
        // The table itself: one sector, or with a GPT the header and at least one sector of entries too.
        long end = table instanceof PartitionTable.Gpt ? 3 : 1;
        for (Partition partition : partitions) {
            if (partition.firstLba() < end) {
                return "partition " + partition.number() + " overlaps what is before it";
            }
            end = partition.endLba();
        }
        if (end > disk.sizeBytes() / disk.sectorBytes()) {
            return "the last partition ends behind the disk";
        }
        return table instanceof PartitionTable.Mbr mbr ? faultOfContainers(mbr) : "";
    }

    private static String faultOfContainers(PartitionTable.Mbr mbr) {
        for (Partition container : mbr.extended()) {
            for (Partition partition : mbr.partitions()) {
                boolean isLogical = partition.number() >= FIRST_LOGICAL;
                if (!isLogical && partition.overlaps(container)) {
                    return "partition " + partition.number() + " overlaps extended partition " + container.number();
                }
            }
        }
        return "";
    }

    /** What fills the whole disk besides its table. A sector that cannot be read may hold its signature. */
    String around(PartitionTable table) throws DeviceException {
        BlockSource whole = VolumeSlice.divided(disk);
        try {
            String name = fileSystems
                    .identify(table instanceof PartitionTable.Gpt ? new BehindTable(whole) : whole)
                    .name();
            return name.isEmpty() ? "" : "a partition table and " + name + " on the whole disk at once";
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            return "what lies on the whole disk is not known: " + e.getMessage();
        }
    }

    /** A partition with nothing known at its start has something where it starts when the table counts in sectors of the other size. */
    String otherSectors(Partition partition) throws DeviceException {
        int other = BOTH_SECTOR_BYTES - disk.sectorBytes();
        long first = partition.firstLba() * other;
        long bytes = Math.min(partition.sectorCount() * other, disk.sizeBytes() - first)
                / LARGE_SECTOR_BYTES
                * LARGE_SECTOR_BYTES;
        if (first % disk.sectorBytes() != 0 || bytes <= 0) {
            return "";
        }
        String name = fileSystems.nameOf(new VolumeSlice(disk, first, bytes));
        return name.isEmpty()
                ? ""
                : "partition " + partition.number() + " has nothing known at its start, but " + name
                        + " where it starts when the table counts in sectors of " + other + " bytes, and the disk has "
                        + disk.sectorBytes()
                        + (disk.identity().isBlockDevice() ? "" : ": add --sector-size " + other + " for this file");
    }
}
