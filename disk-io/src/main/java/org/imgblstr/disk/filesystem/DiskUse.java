package org.imgblstr.disk.filesystem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;

/**
 * What is used of the regions of a disk that are imaged. Partition tables, extended boot records, the GPT backup and what no partition
 * covers count as used, because boot loaders live there; of a long gap only both ends ({@link #KEPT_AT_GAP_ENDS}).
 *
 * @param used bytes of the disk, counted from its start; what no region covers is not used
 * @param volumes partitions and what is on them, in the order of the disk; of an undivided disk one with number 0
 * @param requiredBytes what a target must have at least: where the last partition ends, with a GPT its backup more; or the disk where
 *     something else lies behind that; 0 when no whole disk is imaged
 * @param whyAll why the whole disk counts as used whatever is on its partitions, one line; "" when they decide
 */
public record DiskUse(UsedMap used, List<Volume> volumes, long requiredBytes, String whyAll) {
    /**
     * A region and what is on it.
     *
     * @param name the file system, "" when unknown
     * @param label its own name, "" when it has none
     * @param usedBytes bytes that count as used
     * @param whyAll why all of them do, one line; "" when the file system was read
     */
    public record Volume(Region region, String name, String label, long usedBytes, String whyAll) {
        static Volume of(Region region, FileSystem found) {
            return new Volume(region, found.name(), found.label(), found.used().usedBytes(), found.whyAll());
        }
    }

    /**
     * Bytes that are kept at either end of a gap between partitions. Boot loaders lie behind the partition table, none further than 16 MiB;
     * data of firmware RAID and the backup of a GPT lie in the last MiB of a disk, of a DDF array in the last 32 MiB.
     */
    static final long KEPT_AT_GAP_ENDS = 32L << 20;

    private static final int FIRST_LOGICAL = 5;

    public DiskUse {
        volumes = List.copyOf(volumes);
    }

    /**
     * Reads partition table and file systems of the regions.
     *
     * @param regions on the disk; one of them may be the whole disk, the others partitions
     */
    public static DiskUse of(Disk disk, List<Region> regions, FileSystems fileSystems) throws DeviceException {
        for (Region region : regions) {
            if (region.isWholeDisk()) {
                return new Reading(disk, fileSystems).wholeDisk();
            }
        }
        return new Reading(disk, fileSystems).partitions(regions);
    }

    /** Every byte of the disk, without looking: what {@code --all-blocks} asks for. */
    public static DiskUse allBlocks(Disk disk, String why) {
        return new DiskUse(UsedMap.allUsed(disk.sizeBytes()), List.of(), disk.sizeBytes(), why);
    }

    /** One reading of one disk. */
    private static final class Reading {
        private final Disk disk;
        private final FileSystems fileSystems;
        private final List<Volume> volumes = new ArrayList<>();

        Reading(Disk disk, FileSystems fileSystems) {
            this.disk = disk;
            this.fileSystems = fileSystems;
        }

        DiskUse partitions(List<Region> regions) {
            UsedMapBuilder used = new UsedMapBuilder(disk.sizeBytes());
            for (Region region : regions) {
                FileSystem fileSystem = identify(slice(region));
                used.useAll(region.firstLba() * disk.sectorBytes(), fileSystem.used());
                volumes.add(Volume.of(region, fileSystem));
            }
            return new DiskUse(used.build(), volumes, 0, "");
        }

        DiskUse wholeDisk() throws DeviceException {
            PartitionTable table;
            try {
                table = PartitionTable.read(disk);
            } catch (MalformedTableException malformed) {
                return allBlocks(disk, malformed.getMessage());
            }
            if (table instanceof PartitionTable.None) {
                return undivided(identify(VolumeSlice.whole(disk)));
            }
            FileSystem undivided = identify(VolumeSlice.divided(disk));
            if (!undivided.name().isEmpty()) {
                return allBlocks(disk, "a partition table and " + undivided.name() + " on the whole disk at once");
            }
            return divided(table);
        }

        private DiskUse undivided(FileSystem fileSystem) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            volumes.add(Volume.of(whole, fileSystem));
            UsedMap used = fileSystem.used();
            if (used.sizeBytes() < disk.sizeBytes()) {
                used = new UsedMapBuilder(disk.sizeBytes())
                        .useAll(0, used)
                        .use(used.sizeBytes(), disk.sizeBytes() - used.sizeBytes())
                        .build();
            }
            return new DiskUse(used, volumes, disk.sizeBytes(), "");
        }

        private DiskUse divided(PartitionTable table) throws DeviceException {
            List<Partition> partitions = new ArrayList<>(table.partitions());
            partitions.sort(Comparator.comparingLong(Partition::firstLba));
            String fault = fault(table, partitions);
            if (!fault.isEmpty()) {
                return allBlocks(disk, fault);
            }
            DiskEnd end = DiskEnd.of(disk, table);
            UsedMapBuilder used = new UsedMapBuilder(disk.sizeBytes()).use(0, disk.sizeBytes());
            freeGaps(table, used);
            for (Partition partition : partitions) {
                Region region = partition.region();
                FileSystem fileSystem = identify(slice(region));
                volumes.add(Volume.of(region, fileSystem));
                if (fileSystem.isMapped()) {
                    long firstByte = region.firstLba() * disk.sectorBytes();
                    used.free(firstByte, region.sectorCount() * disk.sectorBytes())
                            .useAll(firstByte, fileSystem.used());
                }
            }
            used.free(end.usedBytes(), disk.sizeBytes() - end.usedBytes());
            useLeftovers(used, end.requiredBytes());
            return new DiskUse(used.build(), volumes, end.requiredBytes(), "");
        }

        /** Of the disk as a whole. What a shorter target has no room for is not sent, and zeroed on targets that have it. */
        private void useLeftovers(UsedMapBuilder used, long endBytes) {
            for (SignaturePlaces.Range place : LeftoverPlaces.of(disk.sizeBytes(), disk.sectorBytes())) {
                used.use(place.offset(), Math.min(place.endOffset(), endBytes) - place.offset());
            }
        }

        /** Why partitions, sorted by their place, cannot be told from each other and from the tables, or "". */
        private String fault(PartitionTable table, List<Partition> partitions) {
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

        /** The middle of long gaps. An extended partition counts as one, because its boot records lie anywhere in it. */
        private void freeGaps(PartitionTable table, UsedMapBuilder used) {
            List<Partition> covered = new ArrayList<>(table.partitions());
            if (table instanceof PartitionTable.Mbr mbr) {
                covered.addAll(mbr.extended());
            }
            covered.sort(Comparator.comparingLong(Partition::firstLba));
            long from = 0;
            for (Partition partition : covered) {
                freeGap(from, partition.firstLba() * disk.sectorBytes(), used);
                from = Math.max(from, partition.endLba() * disk.sectorBytes());
            }
            freeGap(from, disk.sizeBytes(), used);
        }

        private static void freeGap(long from, long end, UsedMapBuilder used) {
            if (end - from > 2 * KEPT_AT_GAP_ENDS) {
                used.free(from + KEPT_AT_GAP_ENDS, end - from - 2 * KEPT_AT_GAP_ENDS);
            }
        }

        /** A volume whose file system cannot be read is no reason to read nothing of it. */
        private FileSystem identify(VolumeSlice volume) {
            try {
                return fileSystems.identify(volume).withLeftovers(disk.sectorBytes());
            } catch (DeviceException e) {
                return new FileSystem("", "", UsedMap.allUsed(volume.sizeBytes()), e.getMessage());
            }
        }

        private VolumeSlice slice(Region region) {
            return new VolumeSlice(
                    disk, region.firstLba() * disk.sectorBytes(), region.sectorCount() * disk.sectorBytes());
        }
    }
}
