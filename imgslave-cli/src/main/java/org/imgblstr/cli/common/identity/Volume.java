package org.imgblstr.cli.common.identity;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.identity.VolumeId;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;

/**
 * A partition, or an undivided disk, and what is in it. Immutable.
 *
 * @param number of the partition; 0 for an undivided disk
 * @param tableId the identifier that the table gives it, in small letters; "" for none
 * @param typeId the type in the table, in capital letters
 * @param firstByte on the disk
 * @param bytes its length
 * @param type what {@code ContentProbe} calls its content
 * @param id of its content, as Linux spells it; "" for none, and for what has other devices too
 */
record Volume(int number, String tableId, String typeId, long firstByte, long bytes, String type, String id) {
    private static final String ZFS_LINUX = "6A898CC3-1DD2-11B2-99A6-080020736631";
    private static final String ZFS_ROOT = "6A85CF4D-1DD2-11B2-99A6-080020736631";

    /** All of a disk. Those that lie past its end are left out. */
    static List<Volume> of(Disk disk, PartitionTable table) throws DeviceException {
        if (table instanceof PartitionTable.None) {
            return List.of(of(disk, new Partition(0, 0, disk.sizeBytes() / disk.sectorBytes(), "", "", "")));
        }
        List<Volume> volumes = new ArrayList<>();
        for (Partition partition : table.partitions()) {
            if (partition.endLba() <= disk.sizeBytes() / disk.sectorBytes()) {
                volumes.add(of(disk, partition));
            }
        }
        return volumes;
    }

    private static Volume of(Disk disk, Partition partition) throws DeviceException {
        long firstByte = partition.firstLba() * disk.sectorBytes();
        long bytes = partition.sectorCount() * disk.sectorBytes();
        String type = ContentProbe.probe(disk, firstByte, bytes).type();
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(bytes, VolumeId.START_BYTES));
        disk.read(firstByte, start);
        start.flip();
        boolean isSpread = type.equals("btrfs") && VolumeId.hasOtherDevices(start);
        return new Volume(
                partition.number(),
                partition.uniqueId().toLowerCase(Locale.ROOT),
                partition.typeId(),
                firstByte,
                bytes,
                isSpread ? "btrfs on several devices" : type,
                isSpread ? "" : VolumeId.of(type, start));
    }

    /** {@code partition 2 (ext4)}. */
    String describe() {
        return (number == 0 ? "the disk" : "partition " + number) + (type.isEmpty() ? "" : " (" + type + ")");
    }

    /** Whether references may be in it and nobody here can look. */
    boolean isSealed() {
        return switch (type) {
            case "LVM2_member", "crypto_LUKS", "linux_raid_member", "btrfs on several devices", "f2fs" -> true;
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
