package org.imgblstr.cli.common.disks;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.Logging;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskList;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.DiskInventory;
import org.imgblstr.disk.partition.DiskInventory.Entry;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;

/**
 * A disk of a list.
 *
 * @param entry what is on it
 * @param used how much of that is used
 */
public record ListedDisk(Entry entry, UsedSpace used) {
    /**
     * All disks of this machine, fixed ones first, loop devices last. {@code isUsedShown}: reads the maps of file systems, which may take seconds.
     * Oddities of tables, which a run tells of the disk that it reads, are logged with -v only.
     */
    @SuppressWarnings("try") // The log only has to be let go.
    public static List<ListedDisk> all(boolean isUsedShown) throws DeviceException {
        List<ListedDisk> disks = new ArrayList<>();
        try (Logging.Hush hush = Logging.hush()) {
            for (Entry entry : DiskInventory.list()) {
                disks.add(of(entry, isUsedShown));
            }
        }
        return disks;
    }

    /** One disk, or a file that stands for one. */
    @SuppressWarnings("try") // The log only has to be let go.
    public static ListedDisk of(String path, boolean isUsedShown) throws DeviceException, RefusedException {
        try (Logging.Hush hush = Logging.hush()) {
            return of(DiskInventory.look(path), isUsedShown);
        }
    }

    private static ListedDisk of(Entry entry, boolean isUsedShown) {
        boolean isLookedAt = isUsedShown && entry.problem().isEmpty();
        return new ListedDisk(entry, isLookedAt ? UsedSpace.of(entry.identity().path()) : UsedSpace.UNKNOWN);
    }

    public String path() {
        return entry.identity().path();
    }

    DiskList.Attachment attachment() {
        return entry.attachment();
    }

    boolean isUndivided() {
        return entry.table().equals("none");
    }

    /** What the system does with the disk itself, not with a partition that is listed too. */
    List<SystemUse> ownUses() {
        List<SystemUse> uses = new ArrayList<>(entry.uses());
        for (PartitionEntry partition : entry.partitions()) {
            uses.removeAll(partition.uses().stream()
                    .filter(use -> use.kind() != SystemUse.Kind.READ_ONLY)
                    .toList());
        }
        return uses;
    }

    /** What is not known and why. */
    List<UsedSpace.Remark> remarks() {
        List<UsedSpace.Remark> remarks = new ArrayList<>(used.remarks());
        if (!entry.problem().isEmpty()) {
            remarks.add(0, new UsedSpace.Remark(0, entry.problem(), false));
        }
        return remarks;
    }

    static String word(Content content) {
        return content.type().isEmpty() ? "unknown" : content.type();
    }
}
