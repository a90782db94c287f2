package org.imgblstr.disk.use;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.partition.ForeignTables;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.PartitionTypes;
import org.imgblstr.disk.partition.SectorRange;
import org.imgblstr.disk.signature.LeftoverPlaces;
import org.imgblstr.disk.signature.SignaturePlaces;

/**
 * What is used of the regions of a disk that are imaged. Partition tables, extended boot records, the GPT backup and what no partition
 * covers count as used, because boot loaders live there; of a long gap only both ends ({@link #KEPT_AT_GAP_ENDS}).
 *
 * @param used bytes of the disk, counted from its start; what no region covers is not used
 * @param volumes partitions and what is on them, in the order of the disk; of an undivided disk one with number 0
 * @param requiredBytes what a target must have at least: where the last partition ends, with a GPT its backup more; or the disk where
 *     something else lies behind that; 0 when no whole disk is imaged
 * @param sampledBytes bytes in no partition that are not used because samples of them are zero; nobody has read the others
 * @param whyAll why the whole disk counts as used whatever is on its partitions, one line; "" when they decide
 */
public record UsedBlocks(UsedMap used, List<Volume> volumes, long requiredBytes, long sampledBytes, String whyAll) {
    /**
     * A region and what is on it.
     *
     * @param name the file system, "" when unknown
     * @param label its own name, "" when it has none
     * @param usedBytes bytes that the file system calls used; all when {@code whyAll} is not ""
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

    public UsedBlocks {
        volumes = List.copyOf(volumes);
    }

    /**
     * Reads partition table and file systems of the regions.
     *
     * @param regions on the disk; one of them may be the whole disk, the others partitions
     */
    public static UsedBlocks of(Disk disk, List<Region> regions, FileSystems fileSystems) throws DeviceException {
        for (Region region : regions) {
            if (region.isWholeDisk()) {
                return new Reading(disk, fileSystems).wholeDisk();
            }
        }
        return new Reading(disk, fileSystems).partitions(regions);
    }

    /** Every byte of the disk, without looking: what {@code --all-blocks} asks for. */
    public static UsedBlocks allBlocks(Disk disk, String why) {
        return new UsedBlocks(UsedMap.allUsed(disk.sizeBytes()), List.of(), disk.sizeBytes(), 0, why);
    }

    /** One reading of one disk. */
    private static final class Reading {
        private final Disk disk;
        private final FileSystems fileSystems;
        private final List<Volume> volumes = new ArrayList<>();
        private long sampledBytes;

        Reading(Disk disk, FileSystems fileSystems) {
            this.disk = disk;
            this.fileSystems = fileSystems;
        }

        UsedBlocks partitions(List<Region> regions) throws DeviceException {
            UsedMapBuilder used = new UsedMapBuilder(disk.sizeBytes());
            PartitionTable table = new PartitionTable.None();
            String fault = "";
            if (!disk.identity().isPartition()) {
                try {
                    table = PartitionTable.read(disk);
                    TableFit fit = new TableFit(disk, fileSystems);
                    fault = fit.fault(table, sorted(table));
                    fault = fault.isEmpty() ? fit.around(table) : fault;
                } catch (MalformedTableException malformed) {
                    fault = malformed.getMessage();
                }
            }
            for (Region region : regions) {
                FileSystem found = identify(region, table);
                FileSystem fileSystem = fault.isEmpty() || !found.isMapped() ? found : inFull(found, fault);
                used.useAll(region.firstLba() * disk.sectorBytes(), kept(fileSystem));
                volumes.add(Volume.of(region, fileSystem));
                useTables(table, region, used);
            }
            return new UsedBlocks(used.build(), volumes, 0, 0, "");
        }

        UsedBlocks wholeDisk() throws DeviceException {
            PartitionTable table;
            try {
                table = PartitionTable.read(disk);
            } catch (MalformedTableException malformed) {
                return allBlocks(disk, malformed.getMessage());
            }
            if (table instanceof PartitionTable.None) {
                String doubt = ForeignTables.doubt(disk, table);
                return doubt.isEmpty() ? undivided(identify(VolumeSlice.whole(disk))) : allBlocks(disk, doubt);
            }
            return divided(table);
        }

        private UsedBlocks undivided(FileSystem fileSystem) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            volumes.add(Volume.of(whole, fileSystem));
            UsedMap used = kept(fileSystem);
            if (used.sizeBytes() < disk.sizeBytes()) {
                used = new UsedMapBuilder(disk.sizeBytes())
                        .useAll(0, used)
                        .use(used.sizeBytes(), disk.sizeBytes() - used.sizeBytes())
                        .build();
            }
            return new UsedBlocks(used, volumes, disk.sizeBytes(), 0, "");
        }

        private UsedBlocks divided(PartitionTable table) throws DeviceException {
            List<Partition> partitions = sorted(table);
            TableFit fit = new TableFit(disk, fileSystems);
            String fault = fit.fault(table, partitions);
            fault = fault.isEmpty() ? fit.around(table) : fault;
            if (!fault.isEmpty()) {
                return allBlocks(disk, fault);
            }
            DiskEnd end = DiskEnd.of(disk, table);
            UsedMapBuilder used = new UsedMapBuilder(disk.sizeBytes()).use(0, disk.sizeBytes());
            for (Partition partition : partitions) {
                FileSystem fileSystem = identify(partition.region(), table);
                boolean isUnknown = fileSystem.name().isEmpty();
                fault = isUnknown ? fit.otherSectors(partition) : "";
                if (!fault.isEmpty()) {
                    return allBlocks(disk, fault);
                }
                add(partition.region(), fileSystem, used);
            }
            fault = freeGaps(table, end, used);
            if (!fault.isEmpty()) {
                return allBlocks(disk, fault);
            }
            useLeftovers(used, end.requiredBytes());
            useTables(table, new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), ""), used);
            return new UsedBlocks(used.build(), volumes, end.requiredBytes(), sampledBytes, "");
        }

        private void add(Region region, FileSystem fileSystem, UsedMapBuilder used) {
            volumes.add(Volume.of(region, fileSystem));
            if (fileSystem.isMapped()) {
                long firstByte = region.firstLba() * disk.sectorBytes();
                used.free(firstByte, region.sectorCount() * disk.sectorBytes()).useAll(firstByte, kept(fileSystem));
            }
        }

        /** More than a file system calls used: a copy has what its source has where signatures of an earlier life may lie. */
        private UsedMap kept(FileSystem fileSystem) {
            return fileSystem.withLeftovers(disk.sectorBytes()).used();
        }

        private static List<Partition> sorted(PartitionTable table) {
            return table.partitions().stream()
                    .sorted(Comparator.comparingLong(Partition::firstLba))
                    .toList();
        }

        /** Last of all: what leads to the partitions is used, also where the file system around it calls it free. */
        private void useTables(PartitionTable table, Region within, UsedMapBuilder used) {
            for (SectorRange range : table.sectors()) {
                long first = Math.max(range.firstLba(), within.firstLba());
                long end = Math.min(range.endLba(), within.endLba());
                used.use(first * disk.sectorBytes(), (end - first) * disk.sectorBytes());
            }
        }

        /** Of the disk as a whole. What a shorter target has no room for is not sent, and zeroed on targets that have it. */
        private void useLeftovers(UsedMapBuilder used, long endBytes) {
            for (SignaturePlaces.Range place : LeftoverPlaces.of(disk.sizeBytes(), disk.sectorBytes())) {
                used.use(place.offset(), Math.min(place.endOffset(), endBytes) - place.offset());
            }
        }

        /**
         * The middle of long gaps, and what lies behind the end. An extended partition counts as one, because its boot records lie
         * anywhere in it. Returns why nothing may be left out, or "".
         */
        private String freeGaps(PartitionTable table, DiskEnd end, UsedMapBuilder used) throws DeviceException {
            List<Partition> covered = new ArrayList<>(table.partitions());
            if (table instanceof PartitionTable.Mbr mbr) {
                covered.addAll(mbr.extended());
            }
            covered.sort(Comparator.comparingLong(Partition::firstLba));
            long from = 0;
            for (Partition partition : covered) {
                String found = freeGap(from, partition.firstLba() * disk.sectorBytes(), KEPT_AT_GAP_ENDS, used);
                if (!found.isEmpty()) {
                    return found;
                }
                from = Math.max(from, partition.endLba() * disk.sectorBytes());
            }
            boolean isEndFree = end.usedBytes() < disk.sizeBytes();
            return freeGap(from, disk.sizeBytes(), isEndFree ? 0 : KEPT_AT_GAP_ENDS, used);
        }

        private String freeGap(long from, long end, long keptBytes, UsedMapBuilder used) throws DeviceException {
            long freeFrom = from + keptBytes;
            long freeEnd = end - keptBytes;
            if (freeFrom >= freeEnd) {
                return "";
            }
            String found = new GapScan(disk, fileSystems).findIn(from, freeFrom, freeEnd);
            used.free(freeFrom, freeEnd - freeFrom);
            sampledBytes += freeEnd - freeFrom;
            return found;
        }

        /** A partition that belongs to a volume manager, or is divided itself, is used in full unless its reader understands the whole. */
        private FileSystem identify(Region region, PartitionTable table) throws DeviceException {
            FileSystem found = identify(slice(region));
            if (!found.isMapped()) {
                return found;
            }
            String owner = table.partition(region.number())
                    .flatMap(PartitionTypes::owner)
                    .orElse("");
            if (!owner.isEmpty() && !PartitionTypes.isUnderstood(owner, found.name())) {
                return inFull(found, "its partition type is that of " + owner);
            }
            try {
                String tables = ForeignTables.within(disk, region);
                return tables.isEmpty() ? found : inFull(found, "it is divided by a table of its own: " + tables);
            } catch (DeviceException e) {
                return inFull(found, e.getMessage());
            }
        }

        private static FileSystem inFull(FileSystem found, String why) {
            return new FileSystem(
                    found.name(), found.label(), UsedMap.allUsed(found.used().sizeBytes()), why);
        }

        /** A volume whose file system cannot be read is no reason to read nothing of it. */
        private FileSystem identify(VolumeSlice volume) {
            try {
                return fileSystems.identify(volume);
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
