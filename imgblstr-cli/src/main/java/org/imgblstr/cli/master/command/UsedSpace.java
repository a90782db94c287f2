package org.imgblstr.cli.master.command;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.use.FileSystems;
import org.imgblstr.disk.use.UsedBlocks;

/** How much of a disk's partitions is used, for a list of disks. */
final class UsedSpace {
    private UsedSpace() {}

    /** One line for each partition number; 0 is the disk itself. A disk that cannot be read has the reason there. */
    static Map<Integer, String> of(String path) {
        Map<Integer, String> lines = new TreeMap<>();
        try (Disk disk = Disks.openForReading(path)) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            UsedBlocks use = UsedBlocks.of(disk, List.of(whole), FileSystems.standard());
            for (UsedBlocks.Volume volume : use.volumes()) {
                lines.put(volume.region().number(), text(volume));
            }
            if (!use.whyAll().isEmpty()) {
                lines.put(0, "all blocks count as used: " + use.whyAll());
            }
        } catch (DeviceException | RefusedException e) {
            lines.put(0, "unknown how much is used: " + e.getMessage());
        }
        return lines;
    }

    private static String text(UsedBlocks.Volume volume) {
        return volume.whyAll().isEmpty()
                ? Units.bytes(volume.usedBytes()) + " used"
                : "all blocks count as used: " + volume.whyAll();
    }
}
