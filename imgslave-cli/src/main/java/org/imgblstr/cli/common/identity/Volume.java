package org.imgblstr.cli.common.identity;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.filesystem.lvm.LvmLayout;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Logical;
import org.imgblstr.disk.identity.VolumeId;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition, an undivided disk, or a logical volume of LVM in one of these, and what is in it. Immutable.
 *
 * @param number of the partition; 0 for an undivided disk
 * @param tableId the identifier that the table gives it, in small letters; "" for none
 * @param typeId the type in the table, in capital letters
 * @param place where it is
 * @param type what {@code ContentProbe} calls its content
 * @param id of its content, as Linux spells it, that of an LVM physical volume being the one of its group; "" for none, and for what has other
 *     devices too
 */
record Volume(int number, String tableId, String typeId, Place place, String type, String id) {
    private static final String LVM = "LVM2_member";
    private static final Logger LOG = LoggerFactory.getLogger(Volume.class);
    private static final String ZFS_LINUX = "6A898CC3-1DD2-11B2-99A6-080020736631";
    private static final String ZFS_ROOT = "6A85CF4D-1DD2-11B2-99A6-080020736631";

    /**
     * Where a volume is. Immutable.
     *
     * @param firstByte of its partition on the disk
     * @param bytes length of its partition
     * @param group of the LVM physical volume that the partition holds; null when it holds none, or one that is not understood
     * @param logical the logical volume of this group; null for the partition as a whole
     */
    record Place(long firstByte, long bytes, LvmLayout group, Logical logical) {}

    /** All of a disk, each logical volume behind the partition that it lies in. Those that lie past the end of the disk are left out. */
    static List<Volume> of(Disk disk, PartitionTable table) throws DeviceException {
        List<Volume> volumes = new ArrayList<>();
        if (table instanceof PartitionTable.None) {
            add(disk, new Partition(0, 0, disk.sizeBytes() / disk.sectorBytes(), "", "", ""), volumes);
        }
        for (Partition partition : table.partitions()) {
            if (partition.endLba() <= disk.sizeBytes() / disk.sectorBytes()) {
                add(disk, partition, volumes);
            }
        }
        return volumes;
    }

    private static void add(Disk disk, Partition partition, List<Volume> volumes) throws DeviceException {
        long firstByte = partition.firstLba() * disk.sectorBytes();
        long bytes = partition.sectorCount() * disk.sectorBytes();
        VolumeSlice slice = new VolumeSlice(disk, firstByte, bytes);
        boolean isLvm = ContentProbe.probe(disk, firstByte, bytes).type().equals(LVM);
        LvmLayout group = isLvm ? group(slice) : null;
        Place place = new Place(firstByte, bytes, group, null);
        String tableId = partition.uniqueId().toLowerCase(Locale.ROOT);
        volumes.add(
                of(disk, new Volume(partition.number(), tableId, partition.typeId(), place, "", ""), firstByte, bytes));
        if (group != null) {
            for (Logical logical : group.volumes()) {
                Volume inner =
                        new Volume(partition.number(), "", "", new Place(firstByte, bytes, group, logical), "", "");
                LvmLayout.Piece piece = logical.pieces().get(0);
                volumes.add(of(disk, inner, firstByte + piece.place(), piece.bytes()));
            }
        }
    }

    private static LvmLayout group(VolumeSlice slice) throws DeviceException {
        try {
            return LvmLayout.read(slice);
        } catch (UnsureException e) {
            LOG.debug("logical volumes are not looked into", e);
            return null;
        }
    }

    /** With the content that shows in its first bytes. */
    private static Volume of(Disk disk, Volume volume, long firstByte, long bytes) throws DeviceException {
        String type = ContentProbe.probe(disk, firstByte, bytes).type();
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(bytes, VolumeId.START_BYTES));
        disk.read(firstByte, start);
        start.flip();
        boolean isSpread = type.equals("btrfs") && VolumeId.hasOtherDevices(start);
        return new Volume(
                volume.number,
                volume.tableId,
                volume.typeId,
                volume.place,
                isSpread ? "btrfs on several devices" : type,
                isSpread ? "" : volume.isGroup() ? volume.place.group().groupId() : VolumeId.of(type, start));
    }

    /** {@code partition 2 (ext4)}, {@code logical volume lab/root (ext4)}. */
    String describe() {
        String name = number == 0 ? "the disk" : "partition " + number;
        if (isLogical()) {
            name = "logical volume " + place.group().group() + "/"
                    + place.logical().name();
        }
        return name + (type.isEmpty() ? "" : " (" + type + ")");
    }

    /** Whether it is a logical volume of LVM. */
    boolean isLogical() {
        return place.logical() != null;
    }

    /** Whether it is an LVM physical volume whose logical volumes are known. */
    boolean isGroup() {
        return place.group() != null && !isLogical();
    }

    /** Other spellings by which this group or its physical volume may be named, which are not rewritten; none for all else. */
    List<String> otherSpellings() {
        return isGroup()
                ? List.of(
                        place.group().groupId().replace("-", ""),
                        place.group().physicalId(),
                        place.group().physicalId().replace("-", ""))
                : List.of();
    }

    /** Whether references may be in it and nobody here can look. */
    boolean isSealed() {
        return switch (type) {
            case LVM -> !isGroup();
            case "crypto_LUKS", "BitLocker", "linux_raid_member", "btrfs on several devices", "f2fs" -> true;
            default -> typeId.equals(ZFS_LINUX) || typeId.equals(ZFS_ROOT);
        };
    }

    /** The type by which it is mounted; "" for what is not looked into. */
    String mountType() {
        return switch (type) {
            case "ext2", "ext3", "ext4", "xfs", "btrfs", "vfat" -> type;
            default -> "";
        };
    }
}
