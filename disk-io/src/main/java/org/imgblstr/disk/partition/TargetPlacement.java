package org.imgblstr.disk.partition;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * Where the regions of an image go on a target. Immutable. Source: docs/targets.md.
 *
 * @param places one for each region, in the order of the regions
 */
public record TargetPlacement(List<Place> places) {
    /**
     * Where one region goes.
     *
     * @param region the region
     * @param targetPartition number of the partition it goes to; 0 when it goes to the start of the target
     * @param offsetBytes first byte on the target
     * @param roomBytes bytes that are there for it
     */
    public record Place(Region region, int targetPartition, long offsetBytes, long roomBytes) {}

    public TargetPlacement {
        places = List.copyOf(places);
    }

    /** Offsets as {@code DiskTrackTarget} wants them. */
    public long[] regionOffsetsBytes() {
        return places.stream().mapToLong(Place::offsetBytes).toArray();
    }

    /**
     * Decides. Reads the target's partition table at most.
     *
     * @param requiredBytes a whole-disk target shorter than this does not fit; 0 when all of the image is needed
     * @param partitionList partitions of the target, as {@link PartitionSelection#parse} takes them, one for each region in order; "" for
     *     those with the numbers of the regions
     * @throws RefusedException when the image does not fit; the message says what would
     */
    public static TargetPlacement of(Disk target, TrackSpace space, long requiredBytes, String partitionList)
            throws DeviceException, RefusedException {
        checkSectors(target, space);
        List<Region> regions = space.regions();
        if (regions.stream().noneMatch(Region::isWholeDisk)) {
            return partitions(target, space, partitionList);
        }
        if (regions.size() != 1) {
            throw refused(target, "the image holds a whole disk and partitions as well, which makes no sense");
        }
        if (!partitionList.isEmpty()) {
            throw refused(
                    target,
                    "the image is one of a whole disk and cannot go to partition " + partitionList
                            + ": leave --partition out, or make an image of that partition");
        }
        return wholeDisk(target, space, requiredBytes);
    }

    /** A regular file has no sectors of its own, and takes on those of the image. */
    private static void checkSectors(Disk target, TrackSpace space) throws RefusedException {
        int expected = space.geometry().sectorBytes();
        DiskIdentity identity = target.identity();
        if (identity.isBlockDevice() && identity.sectorBytes() != expected) {
            throw refused(
                    target,
                    "the image is one of a disk with sectors of " + expected + " bytes, this one has "
                            + identity.sectorBytes()
                            + ": partition tables and file systems count in sectors, so choose a disk with"
                            + " sectors of " + expected + " bytes"
                            + (space.regions().get(0).isWholeDisk()
                                    ? ", or make a disk with such sectors of the image, where its file systems allow"
                                            + " ('imgblstr --download IMAGE --sector-size " + identity.sectorBytes()
                                            + "')"
                                    : ""));
        }
    }

    private static TargetPlacement wholeDisk(Disk target, TrackSpace space, long requiredBytes)
            throws RefusedException {
        if (target.identity().isPartition()) {
            throw refused(target, "the image is one of a whole disk, and this is a partition: name the whole disk");
        }
        Region region = space.regions().get(0);
        checkRoom(
                target,
                region,
                requiredBytes == 0 ? space.totalBytes() : requiredBytes,
                target.sizeBytes(),
                "the target");
        return new TargetPlacement(List.of(new Place(region, 0, 0, target.sizeBytes())));
    }

    private static TargetPlacement partitions(Disk target, TrackSpace space, String partitionList)
            throws DeviceException, RefusedException {
        if (target.identity().isPartition()) {
            return atStart(
                    target,
                    space,
                    "this is one partition: name the whole disk, then each goes to the partition of its number");
        }
        PartitionTable table = table(target);
        if (table instanceof PartitionTable.None && partitionList.isEmpty()) {
            return atStart(
                    target,
                    space,
                    "this disk has no partition table: divide it first (sfdisk, sgdisk), or restore an image of a whole disk");
        }
        return inTable(target, space, table, partitionList);
    }

    private static PartitionTable table(Disk target) throws DeviceException, RefusedException {
        try {
            return PartitionTable.read(target);
        } catch (MalformedTableException e) {
            throw new RefusedException(
                    Reason.DOES_NOT_FIT,
                    e.getMessage()
                            + "; a partition's image needs a sound table: repair it (sgdisk, sfdisk), or restore an"
                            + " image of a whole disk");
        }
    }

    private static TargetPlacement atStart(Disk target, TrackSpace space, String remedy) throws RefusedException {
        if (space.regions().size() > 1) {
            throw refused(target, "the image holds " + space.regions().size() + " partitions, and " + remedy);
        }
        Region region = space.regions().get(0);
        checkRoom(target, region, bytes(region, space), target.sizeBytes(), "the target");
        int number = target.identity().isPartition() ? partitionNumber(target) : 0;
        return new TargetPlacement(List.of(new Place(region, number, 0, target.sizeBytes())));
    }

    private static int partitionNumber(Disk target) throws RefusedException {
        try {
            return Disks.partitionNumber(target.identity());
        } catch (DeviceException e) {
            throw refused(target, e.getMessage());
        }
    }

    private static TargetPlacement inTable(Disk target, TrackSpace space, PartitionTable table, String partitionList)
            throws RefusedException {
        List<Region> chosen = partitionList.isEmpty()
                ? sameNumbers(target, space, table)
                : PartitionSelection.parse(partitionList, table, target);
        List<Region> regions = space.regions();
        if (chosen.size() != regions.size()) {
            throw refused(
                    target,
                    "the image holds " + regions.size() + " partitions, and " + chosen.size()
                            + " were named for them: name one for each");
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            Region place = chosen.get(i);
            checkTable(target, table, place);
            long roomBytes = place.sectorCount() * target.sectorBytes();
            checkRoom(
                    target, regions.get(i), bytes(regions.get(i), space), roomBytes, "its partition " + place.number());
            places.add(new Place(regions.get(i), place.number(), place.firstLba() * target.sectorBytes(), roomBytes));
        }
        return new TargetPlacement(places);
    }

    /** A boot record or a copy of the table within a partition would be overwritten with it, and others would be lost. */
    private static void checkTable(Disk target, PartitionTable table, Region place) throws RefusedException {
        for (SectorRange range : table.sectors()) {
            if (range.overlaps(place.firstLba(), place.endLba())) {
                throw refused(
                        target,
                        "sectors of its partition table lie within partition " + place.number() + ", at LBA "
                                + range.firstLba() + ": writing the partition would destroy other partitions;"
                                + " divide the disk anew, or restore an image of a whole disk");
            }
        }
    }

    private static List<Region> sameNumbers(Disk target, TrackSpace space, PartitionTable table)
            throws RefusedException {
        StringBuilder numbers = new StringBuilder();
        for (Region region : space.regions()) {
            numbers.append(numbers.length() == 0 ? "" : ",").append(region.number());
        }
        return PartitionSelection.parse(numbers.toString(), table, target);
    }

    private static long bytes(Region region, TrackSpace space) {
        return region.sectorCount() * space.geometry().sectorBytes();
    }

    private static void checkRoom(Disk target, Region region, long neededBytes, long roomBytes, String where)
            throws RefusedException {
        if (roomBytes < neededBytes) {
            boolean isAllOfIt = region.isWholeDisk() && neededBytes / target.sectorBytes() >= region.sectorCount();
            String why = isAllOfIt
                    ? " (its partitions reach to the end of their disk, something lies behind them, its GPT cannot be made shorter, or there is no table)"
                    : "";
            String remedy = region.isWholeDisk()
                    ? ": use a disk of at least " + neededBytes + " bytes" + why
                            + ", or image only partitions that fit (--partition where the disk is read), or make the last partition"
                            + " smaller ('imgblstr --download IMAGE --shrink --disk DEV')"
                    : ": use a place of at least " + neededBytes
                            + " bytes, or shrink the file system in the source first";
            String what = region.isWholeDisk() ? "the image" : "partition " + region.number() + " of the image";
            throw refused(
                    target,
                    what + " needs " + neededBytes + " bytes (" + DiskIdentity.size(neededBytes) + "), " + where
                            + " has " + roomBytes + ", " + (neededBytes - roomBytes)
                            + " bytes are lacking" + remedy);
        }
    }

    private static RefusedException refused(Disk target, String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, target.identity().describe() + ": " + why);
    }
}
