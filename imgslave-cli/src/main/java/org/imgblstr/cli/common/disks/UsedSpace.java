package org.imgblstr.cli.common.disks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.imgblstr.cli.common.report.SampledText;
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
 * @param full numbers of those that count as used in full
 * @param remarks why something is not known
 */
record UsedSpace(Map<Integer, Long> bytes, Set<Integer> full, List<Remark> remarks) {
    /** Nobody has looked. */
    static final UsedSpace UNKNOWN = new UsedSpace(Map.of(), Set.of(), List.of());

    /**
     * Why something is not known.
     *
     * @param partition 0 for the disk
     * @param why a sentence
     * @param isPlain whether the table of disks shows the same by a word
     */
    record Remark(int partition, String why, boolean isPlain) {
        /** With its partition. */
        String text() {
            return (partition == 0 ? "" : "partition " + partition + ": ") + why;
        }
    }

    UsedSpace {
        bytes = Map.copyOf(bytes);
        full = Set.copyOf(full);
        remarks = List.copyOf(remarks);
    }

    static UsedSpace of(String path) {
        Map<Integer, Long> bytes = new TreeMap<>();
        Set<Integer> full = new TreeSet<>();
        List<Remark> remarks = new ArrayList<>();
        try (Disk disk = Disks.openForReading(path)) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            UsedBlocks use = UsedBlocks.of(disk, List.of(whole), FileSystems.standard());
            for (UsedBlocks.Volume volume : use.volumes()) {
                int number = volume.region().number();
                if (volume.whyAll().isEmpty()) {
                    bytes.put(number, volume.usedBytes());
                } else {
                    full.add(number);
                    remarks.add(inFull(number, volume.whyAll(), volume.name().isEmpty()));
                }
            }
            if (!use.whyAll().isEmpty()) {
                bytes.clear();
                full.clear();
                full.add(0);
                remarks.add(inFull(0, use.whyAll(), false));
            }
            if (use.sampledBytes() > 0) {
                remarks.add(new Remark(0, SampledText.of(use.sampledBytes()), false));
            }
        } catch (DeviceException | RefusedException e) {
            remarks.add(new Remark(0, "unknown how much is used: " + e.getMessage(), false));
        }
        return new UsedSpace(bytes, full, remarks);
    }

    private static Remark inFull(int number, String why, boolean isPlain) {
        return new Remark(number, "all blocks count as used: " + why, isPlain);
    }

    /** Whether all of a partition counts as used; 0: of the disk. */
    boolean isFull(int partition) {
        return full.contains(partition);
    }

    /** Of a partition; 0: of the disk. */
    OptionalLong of(int partition) {
        Long known = bytes.get(partition);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }
}
