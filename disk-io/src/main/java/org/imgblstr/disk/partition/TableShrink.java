package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.partition.TableGrowth.Patch;

/**
 * How the last partition of a disk ends earlier, so that a shorter disk has room for all partitions: which sectors of the partition table change,
 * and to what. Nothing is written here. Immutable. Source: docs/targets.md, section 8.
 *
 * @param partition its entry as it is
 * @param endLba first sector behind it afterwards, at most {@code partition.endLba()}, a multiple of 1 MiB
 * @param patches what is to be written to a disk as long as the source, in this order
 */
public record TableShrink(Partition partition, long endLba, List<Patch> patches) {
    public TableShrink {
        patches = List.copyOf(patches);
    }

    /**
     * Decides. Reads the table only.
     *
     * @param disk the source
     * @param requiredBytes what a target of the source must have at least
     * @param targetBytes length of the shorter disk, less than {@code requiredBytes}
     * @throws RefusedException when a shorter last partition would not do, or the table is not understood
     */
    public static TableShrink of(Disk disk, long requiredBytes, long targetBytes)
            throws DeviceException, RefusedException {
        PartitionTable table = read(disk);
        Partition last = PartitionSelection.checked(
                table.partitions().stream()
                        .max(Comparator.comparingLong(Partition::endLba))
                        .orElseThrow(),
                table,
                disk);
        GptFit fit = table instanceof PartitionTable.Gpt ? fit(disk) : null;
        long backupSectors = fit == null ? 0 : fit.backupSectors();
        checkNothingBehind(disk, Math.max(last.endLba(), endOfExtended(table)) + backupSectors, requiredBytes);
        long limit = targetBytes / disk.sectorBytes() - backupSectors;
        checkOthers(disk, table, last, limit);
        long grain = TableGrowth.ALIGNMENT_BYTES / disk.sectorBytes();
        long end = limit / grain * grain;
        if (end <= last.firstLba()) {
            long neededSectors = last.firstLba() + grain + backupSectors;
            throw lacking(
                    disk,
                    "partition " + last.number() + " would have no room at all",
                    neededSectors * disk.sectorBytes() - targetBytes);
        }
        List<Patch> patches = table instanceof PartitionTable.Mbr mbr
                ? MbrGrowth.patches(disk, mbr, last, end)
                : patches(disk, fit, last, end);
        return new TableShrink(last, end, patches);
    }

    private static PartitionTable read(Disk disk) throws DeviceException, RefusedException {
        PartitionTable table;
        try {
            table = PartitionTable.read(disk);
        } catch (MalformedTableException e) {
            throw new RefusedException(Reason.DOES_NOT_FIT, e.getMessage() + ", so no partition can be made smaller");
        }
        if (table.partitions().isEmpty()) {
            throw refused(disk, "the image has no partition that could be made smaller");
        }
        String doubt = ForeignTables.doubt(disk, table);
        if (!doubt.isEmpty()) {
            throw refused(disk, doubt + ", so no partition can be made smaller");
        }
        return table;
    }

    private static GptFit fit(Disk disk) throws DeviceException, RefusedException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(Geometry.DEFAULT_TRACK_BYTES, disk.sizeBytes()));
        disk.read(0, head);
        GptFit fit = GptFit.of(head.flip(), disk.sectorBytes())
                .orElseThrow(() -> refused(
                        disk,
                        "the first GPT of the image is damaged, or its MBR names partitions too, so no partition can be"
                                + " made smaller"));
        if (fit.backupLba() != disk.sizeBytes() / disk.sectorBytes() - 1) {
            throw refused(
                    disk,
                    "the image has the backup of its GPT elsewhere than at its end, so no partition can be made smaller:"
                            + " 'sgdisk -e' on the source moves the backup");
        }
        return fit;
    }

    /** Where more is needed than the partitions, something else lies behind them, and a smaller partition does not help. */
    private static void checkNothingBehind(Disk disk, long endSectors, long requiredBytes) throws RefusedException {
        // Track 0 holds the head of a GPT alone, and its backup comes behind it.
        if (requiredBytes > Math.max(endSectors * disk.sectorBytes(), 2L * Geometry.DEFAULT_TRACK_BYTES)) {
            throw refused(
                    disk,
                    "the source has bytes other than zero behind its last partition, so a smaller partition does not help:"
                            + " overwrite them with zeros on the source when nobody needs them");
        }
    }

    private static long endOfExtended(PartitionTable table) {
        return table instanceof PartitionTable.Mbr mbr
                ? mbr.extended().stream().mapToLong(Partition::endLba).max().orElse(0)
                : 0;
    }

    private static void checkOthers(Disk disk, PartitionTable table, Partition last, long limit)
            throws RefusedException {
        List<Partition> others = new ArrayList<>(table.partitions());
        others.remove(last);
        if (table instanceof PartitionTable.Mbr mbr) {
            mbr.extended().stream().filter(each -> !each.overlaps(last)).forEach(others::add);
        }
        for (Partition other : others) {
            if (other.endLba() > limit) {
                throw lacking(
                        disk,
                        "partition " + other.number() + " would have to become smaller too",
                        (other.endLba() - limit) * disk.sectorBytes());
            }
        }
    }

    /** The head, and the backup at the end of the source: who writes the shorter disk moves it. */
    private static List<Patch> patches(Disk disk, GptFit fit, Partition partition, long end) {
        GptFit shrunk = fit.withEnd(partition.number(), end);
        int sectorBytes = disk.sectorBytes();
        long sectors = disk.sizeBytes() / sectorBytes;
        return List.of(
                new Patch(sectors - fit.backupSectors(), shrunk.backup(sectors)),
                new Patch(0, shrunk.head(sectors).slice(0, fit.headSectors() * sectorBytes)));
    }

    private static RefusedException lacking(Disk disk, String why, long bytes) {
        return refused(
                disk,
                why + ", and only the last one is made smaller: " + bytes + " bytes (" + DiskIdentity.size(bytes)
                        + ") are lacking. Nothing was written");
    }

    private static RefusedException refused(Disk disk, String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, disk.identity().describe() + ": --shrink: " + why);
    }
}
