package org.imgblstr.disk.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;

/** Turns what an operator asks for into regions of a disk. */
public final class PartitionSelection {
    private PartitionSelection() {}

    /**
     * One region that is all of a disk. For the device of a partition, as /dev/sda2, the region has the number of that partition, and is
     * restored as a partition.
     */
    public static List<Region> whole(Disk disk) throws DeviceException {
        int number = Disks.partitionNumber(disk.identity());
        return List.of(new Region(number, 0, disk.sizeBytes() / disk.sectorBytes(), ""));
    }

    /**
     * Chosen partitions, in the order in which they are named.
     *
     * @param list numbers, GPT names or partition GUIDs (PARTUUID), separated by commas; up to nine digits are always a number
     * @throws RefusedException when a partition does not exist, is named twice, has its name in common with another, overlaps another
     *     one, or ends past the disk; the message lists the partitions of the disk
     */
    public static List<Region> parse(String list, PartitionTable table, Disk disk) throws RefusedException {
        List<Region> regions = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            Region region = checked(find(item.trim(), table, disk), table, disk).region();
            if (regions.contains(region)) {
                throw refused(disk, "partition " + region.number() + " is named twice in '" + list + "'", table);
            }
            regions.add(region);
        }
        if (regions.size() > TrackSpace.MAX_REGIONS) {
            throw refused(
                    disk, "expected at most " + TrackSpace.MAX_REGIONS + " partitions, found " + regions.size(), table);
        }
        return regions;
    }

    private static Partition find(String item, PartitionTable table, Disk disk) throws RefusedException {
        List<Partition> found = table.partitions().stream()
                .filter(partition -> isNamed(partition, item))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.size() > 1) {
            throw refused(
                    disk, "'" + item + "' is the name of " + found.size() + " partitions: give its number", table);
        }
        if (isExtended(table, item)) {
            throw refused(disk, "partition " + item + " only holds logical partitions: name those", table);
        }
        throw refused(disk, "no partition '" + item + "'", table);
    }

    private static boolean isNamed(Partition partition, String item) {
        if (item.matches("\\d{1,9}")) {
            return partition.number() == Integer.parseInt(item);
        }
        return !item.isEmpty() && (item.equals(partition.name()) || item.equalsIgnoreCase(partition.uniqueId()));
    }

    private static boolean isExtended(PartitionTable table, String item) {
        return table instanceof PartitionTable.Mbr mbr
                && mbr.extended().stream().anyMatch(partition -> isNamed(partition, item));
    }

    /** Returns the partition when it is sound: it lies on the disk and overlaps no other. Refuses it otherwise. */
    static Partition checked(Partition partition, PartitionTable table, Disk disk) throws RefusedException {
        long sectors = disk.sizeBytes() / disk.sectorBytes();
        if (partition.endLba() > sectors) {
            throw refused(
                    disk,
                    "partition " + partition.number() + " ends before LBA " + partition.endLba() + ", but the disk has "
                            + sectors + " sectors",
                    table);
        }
        for (Partition other : table.partitions()) {
            if (other.number() != partition.number() && other.overlaps(partition)) {
                throw refused(disk, "partitions " + partition.number() + " and " + other.number() + " overlap", table);
            }
        }
        return partition;
    }

    private static RefusedException refused(Disk disk, String why, PartitionTable table) {
        return new RefusedException(
                Reason.DOES_NOT_FIT,
                disk.identity().describe() + ": " + why + "; " + existing(table, disk.sectorBytes()));
    }

    /** The partitions of the disk, for messages. */
    static String existing(PartitionTable table, int sectorBytes) {
        if (table.partitions().isEmpty()) {
            return table instanceof PartitionTable.None ? "it has no partition table" : "its partition table is empty";
        }
        return table.partitions().stream()
                .map(partition -> partition.number()
                        + (partition.name().isEmpty() ? "" : " '" + partition.name() + "'")
                        + " (" + DiskIdentity.size(partition.sectorCount() * sectorBytes) + ")")
                .collect(Collectors.joining(", ", "it has ", ""));
    }
}
