package org.imgblstr.cli.common.grow;

import java.util.Arrays;
import org.imgblstr.cli.common.finish.MountedVolume;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;

/** Lets the file system that is in a partition or logical volume take all of it, by the system's own tools. Blocking, perhaps for minutes. */
final class ContentGrowth {
    /** E2fsck has mended something, and all is well. */
    private static final int MENDED = 1;

    private ContentGrowth() {}

    /** {@code node}: its device. An LVM physical volume is the business of {@link GroupGrowth}. */
    static void run(GrowingContent content, String node) throws ToolException {
        switch (content) {
            case EXT -> {
                SystemTool.run(MENDED, "e2fsck", "-f", "-p", node);
                SystemTool.run("resize2fs", node);
            }
            case XFS -> mounted("xfs", node, "xfs_growfs");
            case BTRFS -> mounted("btrfs", node, "btrfs", "filesystem", "resize", "max");
            // Once: without a question, but not in spite of a mark that the file system needs a check.
            case NTFS -> SystemTool.run("ntfsresize", "--force", "--no-progress-bar", node);
            case FAT -> SystemTool.run("fatresize", "--force-yes", "--size", "max", node);
            case LVM, OTHER -> {}
        }
    }

    /** The tool gets the mount point behind its words. */
    private static void mounted(String type, String node, String... tool) throws ToolException {
        try (MountedVolume volume = MountedVolume.of(type, "", node)) {
            String[] command = Arrays.copyOf(tool, tool.length + 1);
            command[tool.length] = volume.folder().toString();
            SystemTool.run(command);
        }
    }
}
