package org.imgblstr.cli.common.identity;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.MountedVolume;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;

/** What may be in a volume, and the tools of the system that give it another identifier. */
enum VolumeTool {
    EXT("e2fsck tune2fs", "e2fsprogs"),
    XFS("xfs_admin mount umount", "xfsprogs"),
    BTRFS("btrfstune mount umount", "btrfs-progs"),
    FAT("fatlabel", "dosfstools"),
    EXFAT("exfatlabel", "exfatprogs"),
    NTFS("ntfslabel ntfsls", "ntfs-3g"),
    SWAP("swaplabel", "util-linux"),
    /** Chooses identifiers itself: {@link #write} is not for it. */
    LVM("lvm", "lvm2");

    /** E2fsck has mended something, and all is well. */
    private static final int MENDED = 1;

    /** Their names, divided by spaces. */
    private final String tools;

    private final String packageName;

    VolumeTool(String tools, String packageName) {
        this.tools = tools;
        this.packageName = packageName;
    }

    /** By what {@code ContentProbe} calls it; empty for what has no identifier that is changed here. */
    static Optional<VolumeTool> of(String type) {
        return Optional.ofNullable(
                switch (type) {
                    case "ext2", "ext3", "ext4" -> EXT;
                    case "xfs" -> XFS;
                    case "btrfs" -> BTRFS;
                    case "vfat" -> FAT;
                    case "exfat" -> EXFAT;
                    case "ntfs" -> NTFS;
                    case "swap" -> SWAP;
                    case "LVM2_member" -> LVM;
                    default -> null;
                });
    }

    /** What is not installed here, with its package; "" for nothing. */
    String missing() {
        List<String> missing = Stream.of(tools.split(" "))
                .filter(tool -> SystemTool.find(tool).isEmpty())
                .toList();
        return missing.isEmpty() ? "" : String.join(" and ", missing) + " (package " + packageName + ")";
    }

    /**
     * Writes an identifier.
     *
     * @param node the device
     * @param id as Linux spells it
     * @param hasGrown whether the file system of this volume was enlarged just now
     */
    void write(String node, String id, boolean hasGrown) throws ToolException {
        switch (this) {
            case EXT -> {
                SystemTool.run(MENDED, "e2fsck", "-f", "-p", node);
                SystemTool.run("tune2fs", "-U", id, node);
            }
            case XFS -> {
                mountOnce(node);
                SystemTool.run("xfs_admin", "-U", id, node);
            }
            case BTRFS -> SystemTool.run("btrfstune", "-f", "-U", id, node);
            case FAT -> SystemTool.run("fatlabel", "-i", node, id.replace("-", ""));
            case EXFAT -> SystemTool.run("exfatlabel", "-i", node, "0x" + id.replace("-", ""));
            case NTFS -> writeNtfs(node, id, hasGrown);
            case SWAP -> SystemTool.run("swaplabel", "-U", id, node);
            case LVM -> throw new IllegalStateException("lvm chooses identifiers itself");
        }
    }

    private static void writeNtfs(String node, String id, boolean hasGrown) throws ToolException {
        // Only a forced tool takes a volume that ntfsresize has marked to be checked.
        if (hasGrown && WindowsFiles.isMarkedByGrowth(node, true)) {
            SystemTool.run("ntfslabel", "--force", "--new-serial=" + id, node);
        } else {
            SystemTool.run("ntfslabel", "--new-serial=" + id, node);
        }
    }

    /** The kernel empties the log, without which the tool does nothing. */
    private static void mountOnce(String node) throws ToolException {
        MountedVolume.of("xfs", "", node).close();
    }
}
