package org.imgblstr.cli.common.grow;

import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.SystemTool;

/** What may fill a partition, and the tools of the system that let it take a larger one. */
enum GrowingContent {
    EXT("e2fsck resize2fs", "e2fsprogs"),
    XFS("xfs_growfs mount umount", "xfsprogs"),
    BTRFS("btrfs mount umount", "btrfs-progs"),
    NTFS("ntfsresize", "ntfs-3g"),
    LVM("lvm", "lvm2"),
    /** Its tool is rarely installed: without it the partition grows alone. */
    FAT("fatresize", "fatresize"),
    /** Swap, and what no tool here knows: the partition grows alone. */
    OTHER("", "");

    /** Their names, divided by spaces. */
    private final String tools;

    private final String packageName;

    GrowingContent(String tools, String packageName) {
        this.tools = tools;
        this.packageName = packageName;
    }

    /** By what {@code ContentProbe} calls it. */
    static GrowingContent of(String type) {
        return switch (type) {
            case "ext2", "ext3", "ext4" -> EXT;
            case "xfs" -> XFS;
            case "btrfs" -> BTRFS;
            case "ntfs" -> NTFS;
            case "LVM2_member" -> LVM;
            case "vfat" -> FAT;
            default -> OTHER;
        };
    }

    /** Those that only grow with their partition, or the run has failed. */
    static Stream<GrowingContent> needed() {
        return Stream.of(values()).filter(content -> content != FAT && content != OTHER);
    }

    /** Its tools that this machine has not. */
    List<String> missingTools() {
        return Stream.of(tools.split(" "))
                .filter(tool -> !tool.isEmpty() && SystemTool.find(tool).isEmpty())
                .toList();
    }

    /** The package of Debian that has its tools. */
    String packageName() {
        return packageName;
    }
}
