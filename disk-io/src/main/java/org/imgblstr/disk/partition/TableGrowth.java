package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Region;

/**
 * How a partition with nothing behind it takes the rest of its disk: which sectors of the partition table change, and to what. Nothing is
 * written here. Immutable. Source: docs/targets.md, section 7.
 *
 * @param partition its entry as it is
 * @param endLba first sector behind it afterwards; {@code partition.endLba()} when there is less than 1 MiB to gain
 * @param patches what is to be written, in this order; empty when the table is right as it is
 * @param isLimited whether the table cannot name all sectors of the disk, so that the last ones stay unused
 */
public record TableGrowth(Partition partition, long endLba, List<Patch> patches, boolean isLimited) {
    /** Partitions end at a multiple of this, as partitioning tools choose their ends. */
    static final long ALIGNMENT_BYTES = 1L << 20;

    /**
     * Sectors to be written.
     *
     * @param firstLba the first of them
     * @param bytes whole sectors, from position 0 to limit
     */
    public record Patch(long firstLba, ByteBuffer bytes) {
        public Patch {
            bytes = bytes.asReadOnlyBuffer();
        }

        /** The sectors, as a buffer of its own to read from. */
        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }
    }

    public TableGrowth {
        patches = List.copyOf(patches);
    }

    /** Whether the partition becomes larger. */
    public boolean isLarger() {
        return endLba > partition.endLba();
    }

    /**
     * Decides. Reads the table only.
     *
     * @param disk with a partition table; its length is the one to be filled
     * @param name number, name or GUID of the partition; "" for the one with the highest end
     * @throws RefusedException when there is no such partition, something lies behind it, or the table is not understood
     */
    public static TableGrowth of(Disk disk, String name) throws DeviceException, RefusedException {
        PartitionTable table = read(disk);
        Partition partition = PartitionSelection.checked(chosen(disk, table, name), table, disk);
        checkNothingBehind(disk, table, partition);
        return table instanceof PartitionTable.Mbr mbr
                ? MbrGrowth.of(disk, mbr, partition)
                : GptGrowth.of(disk, partition);
    }

    private static PartitionTable read(Disk disk) throws DeviceException, RefusedException {
        PartitionTable table;
        try {
            table = PartitionTable.read(disk);
        } catch (MalformedTableException e) {
            throw new RefusedException(Reason.DOES_NOT_FIT, e.getMessage() + ", so no partition can be enlarged");
        }
        if (table.partitions().isEmpty()) {
            throw refused(disk, "it has no partition that could be enlarged");
        }
        String doubt = ForeignTables.doubt(disk, table);
        if (!doubt.isEmpty()) {
            throw refused(disk, doubt + ", so no partition can be enlarged");
        }
        return table;
    }

    private static Partition chosen(Disk disk, PartitionTable table, String name) throws RefusedException {
        if (name.isEmpty()) {
            return table.partitions().stream()
                    .max(Comparator.comparingLong(Partition::endLba))
                    .orElseThrow();
        }
        List<Region> named = PartitionSelection.parse(name, table, disk);
        if (named.size() > 1) {
            throw refused(disk, "only one partition can be enlarged, found '" + name + "'");
        }
        return table.partition(named.get(0).number()).orElseThrow();
    }

    private static void checkNothingBehind(Disk disk, PartitionTable table, Partition partition)
            throws RefusedException {
        for (Partition other : table.partitions()) {
            checkNotBehind(disk, partition, other, "partition ");
        }
        if (table instanceof PartitionTable.Mbr mbr) {
            for (Partition other : mbr.extended()) {
                checkNotBehind(disk, partition, other, "extended partition ");
            }
        }
    }

    private static void checkNotBehind(Disk disk, Partition partition, Partition other, String what)
            throws RefusedException {
        if (other.firstLba() >= partition.endLba()) {
            throw refused(
                    disk,
                    what + other.number() + " lies behind partition " + partition.number()
                            + ", so partition " + partition.number()
                            + " cannot be enlarged: name the last partition, or none");
        }
    }

    /** The highest end for a partition when sectors from {@code limitLba} on are not for it: aligned, and never before its present end. */
    static long alignedEnd(Partition partition, long limitLba, int sectorBytes) {
        long grain = ALIGNMENT_BYTES / sectorBytes;
        return Math.max(partition.endLba(), limitLba / grain * grain);
    }

    static RefusedException refused(Disk disk, String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, disk.identity().describe() + ": " + why);
    }
}
