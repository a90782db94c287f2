package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The block devices of this machine, as the kernel lists them; opens none of them. */
public final class DiskList {
    private DiskList() {}

    /** Whole disks that have a medium, by name; no memory disks, and no loop devices without a file. */
    public static List<DiskIdentity> disks() throws DeviceException {
        try {
            return Sysfs.system().disks().stream()
                    .filter(DiskList::isDisk)
                    .map(DiskList::identity)
                    .filter(DiskList::isStillThere)
                    .toList();
        } catch (IOException e) {
            throw SystemUses.cannotExamine("/sys/block", e);
        }
    }

    /** Devices of the partitions that the kernel knows on a disk, by number; none for a file. */
    public static List<DiskIdentity> partitions(DiskIdentity disk) throws DeviceException {
        try {
            Optional<BlockDevice> device = Sysfs.system().ofNode(Path.of(disk.device()));
            return device.stream()
                    .flatMap(found -> found.partitions().stream())
                    .map(DiskList::identity)
                    .filter(DiskList::isStillThere)
                    .toList();
        } catch (IOException e) {
            throw SystemUses.cannotExamine(disk.path(), e);
        }
    }

    /**
     * How a disk hangs on this machine.
     *
     * @param bus one word: nvme, ata, usb, virtio, ...; {@code map}, {@code raid} and {@code loop} for what is built on others, "file" for a
     *     file; "" when unknown
     * @param isRemovable whether it is one that comes and goes
     */
    public record Attachment(String bus, boolean isRemovable) {
        private static final Attachment OF_FILE = new Attachment("file", false);

        /** For a list: 0 for fixed disks, then those that come and go, then what is built on others, loop devices last. */
        public int rank() {
            return switch (bus) {
                case "loop", "file" -> 3;
                case "map", "raid" -> 2;
                default -> isRemovable ? 1 : 0;
            };
        }
    }

    /** How a disk or a file hangs on this machine. */
    public static Attachment attachment(DiskIdentity disk) throws DeviceException {
        return ofKernel(disk).map(DiskList::attachment).orElse(Attachment.OF_FILE);
    }

    /** World Wide Name of a disk, with the word that tells its kind; "" when it has none, and for a file. */
    public static String wwn(DiskIdentity disk) throws DeviceException {
        return ofKernel(disk).map(BlockDevice::wwn).orElse("");
    }

    /** Whether a disk has heads, which take milliseconds from one place to another; false for a file. */
    public static boolean isRotating(DiskIdentity disk) throws DeviceException {
        return ofKernel(disk).map(BlockDevice::isRotating).orElse(false);
    }

    private static Optional<BlockDevice> ofKernel(DiskIdentity disk) throws DeviceException {
        try {
            return Sysfs.system().ofNode(Path.of(disk.device()));
        } catch (IOException e) {
            throw SystemUses.cannotExamine(disk.path(), e);
        }
    }

    static Attachment attachment(BlockDevice device) {
        return new Attachment(device.bus(), device.isRemovable());
    }

    static boolean isDisk(BlockDevice device) {
        return device.sizeBytes() > 0 && !device.isHidden() && !device.name().matches("z?ram\\d+");
    }

    /** A device may vanish between two of its attributes. */
    private static boolean isStillThere(DiskIdentity identity) {
        return identity.sizeBytes() > 0 && identity.sectorBytes() > 0;
    }

    private static DiskIdentity identity(BlockDevice device) {
        return DiskIdentities.identity(device.node(), Path.of(device.node()), device, device.sizeBytes());
    }
}
