package org.imgblstr.cli.common.disks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.use.FileSystems;
import org.imgblstr.disk.use.UsedBlocks;

/**
 * How much of a disk's partitions is used, as far as their file systems tell.
 *
 * @param bytes by the number of the partition; 0 is an undivided disk
 * @param remarks why something is not known, one sentence each
 */
record UsedSpace(Map<Integer, Long> bytes, List<String> remarks) {
    /** Nobody has looked. */
    static final UsedSpace UNKNOWN = new UsedSpace(Map.of(), List.of());

    UsedSpace {
        bytes = Map.copyOf(bytes);
        remarks = List.copyOf(remarks);
    }

    static UsedSpace of(String path) {
        Map<Integer, Long> bytes = new TreeMap<>();
        List<String> remarks = new ArrayList<>();
        try (Disk disk = Disks.openForReading(path)) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            UsedBlocks use = UsedBlocks.of(disk, List.of(whole), FileSystems.standard());
            for (UsedBlocks.Volume volume : use.volumes()) {
                int number = volume.region().number();
                if (volume.whyAll().isEmpty()) {
                    bytes.put(number, volume.usedBytes());
                } else {
                    remarks.add((number == 0 ? "" : "partition " + number + ": ") + "all blocks count as used: "
                            + volume.whyAll());
                }
            }
            if (!use.whyAll().isEmpty()) {
                bytes.clear();
                remarks.add("all blocks count as used: " + use.whyAll());
            }
        } catch (DeviceException | RefusedException e) {
            remarks.add("unknown how much is used: " + e.getMessage());
        }
        return new UsedSpace(bytes, remarks);
    }

    /** Of a partition; 0: of the disk. */
    OptionalLong of(int partition) {
        Long known = bytes.get(partition);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }
}
