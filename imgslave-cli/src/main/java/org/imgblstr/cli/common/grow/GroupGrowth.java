package org.imgblstr.cli.common.grow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.lvm.Activated;
import org.imgblstr.cli.common.lvm.LogicalNode;
import org.imgblstr.cli.common.lvm.LvmTool;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.filesystem.lvm.LvmLayout;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Logical;
import org.imgblstr.disk.partition.ContentProbe;

/**
 * What becomes of an LVM physical volume whose partition grows, and of the last of its logical volumes that a file system of Linux fills. Immutable.
 *
 * @param layout null when the volume group stays as it is
 * @param volume which takes the free extents; null when none does
 * @param type of the file system in it, as {@code ContentProbe} calls it; "" when there is no such volume
 * @param obstacle why the volume group stays as it is; "" when it does not
 */
record GroupGrowth(LvmLayout layout, Logical volume, String type, String obstacle) {
    /** Decides, by the bytes of the partition. */
    static GroupGrowth of(Disk disk, long firstByte, long bytes) throws DeviceException {
        LvmLayout layout;
        try {
            layout = LvmLayout.read(new VolumeSlice(disk, firstByte, bytes));
        } catch (UnsureException e) {
            return new GroupGrowth(null, null, "", e.getMessage());
        }
        List<Logical> last = new ArrayList<>(layout.volumes());
        last.sort(Comparator.comparingLong(Logical::end).reversed());
        for (Logical volume : last) {
            LvmLayout.Piece start = volume.pieces().get(0);
            String type = ContentProbe.probe(disk, firstByte + start.place(), start.bytes())
                    .type();
            if (isGrowing(type)) {
                return new GroupGrowth(layout, volume, type, "");
            }
        }
        return new GroupGrowth(layout, null, "", "");
    }

    private static boolean isGrowing(String type) {
        GrowingContent content = GrowingContent.of(type);
        return content == GrowingContent.EXT || content == GrowingContent.XFS || content == GrowingContent.BTRFS;
    }

    /** Whether there is something to do. */
    boolean hasWork() {
        return layout != null;
    }

    /** What happens or has happened, behind the lengths of the partition. */
    String text() {
        if (layout == null) {
            return "the LVM physical volume in it does not: " + obstacle;
        }
        return volume == null
                ? "the LVM physical volume with it, but no logical volume, as none holds ext, XFS or Btrfs"
                : "the LVM physical volume, logical volume " + name() + " and its " + type + " with it";
    }

    /** Tools that this machine lacks, for all of it. */
    List<String> missingTools() {
        List<String> missing = new ArrayList<>();
        if (hasWork()) {
            missing.addAll(GrowingContent.LVM.missingTools());
            missing.addAll(GrowingContent.of(type).missingTools());
        }
        return missing;
    }

    /** Packages of Debian that have all tools. */
    String packages() {
        String inner = GrowingContent.of(type).packageName();
        return GrowingContent.LVM.packageName() + (inner.isEmpty() ? "" : " and " + inner);
    }

    private String name() {
        return layout.group() + "/" + volume.name();
    }

    /**
     * Does it. Whatever fails, the disk can be used as it is.
     *
     * @param partition which, for a message
     * @param node its device
     * @return what has failed and which command does the rest, a clause; "" when all is well
     */
    String run(String partition, String node, int sectorBytes) {
        LvmTool tool = new LvmTool(node);
        String both = volume == null ? "" : "'lvextend -l +100%FREE " + name() + "' and " + command();
        String done = partition + " has grown without its LVM physical volume";
        String rest = "'pvresize' for that partition" + (volume == null ? "" : ", " + both);
        try {
            Activated.remove(node);
            tool.resize();
            if (volume == null) {
                return "";
            }
            done = partition + " and its LVM physical volume have grown without logical volume " + name();
            rest = both;
            if (tool.layout(sectorBytes).freeExtents() > 0) {
                tool.extend(name());
            }
            done = partition + " and logical volume " + name() + " have grown without the " + type + " in it";
            rest = command();
            growFileSystem(tool.layout(sectorBytes), node, sectorBytes);
            return "";
        } catch (ToolException e) {
            return done + ": " + e.getMessage() + "; in the restored system the rest is done by " + rest;
        }
    }

    private String command() {
        return switch (GrowingContent.of(type)) {
            case XFS -> "'xfs_growfs' with the folder where it is mounted";
            case BTRFS -> "'btrfs filesystem resize max' with the folder where it is mounted";
            default -> "'resize2fs /dev/" + name() + "'";
        };
    }

    private void growFileSystem(LvmLayout now, String node, int sectorBytes) throws ToolException {
        for (Logical grown : now.volumes()) {
            if (grown.name().equals(volume.name())) {
                try (LogicalNode device = LogicalNode.of(node, sectorBytes, grown)) {
                    ContentGrowth.run(GrowingContent.of(type), device.path());
                }
            }
        }
    }
}
