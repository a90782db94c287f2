package org.imgblstr.cli.master.remake;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.MountedVolume;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;

/** File systems that tools of the system make smaller. Blocking, perhaps for minutes. */
enum ShrinkingContent {
    EXT("losetup e2fsck resize2fs dumpe2fs", "e2fsprogs") {
        @Override
        void shrink(String node, long bytes) throws ToolException {
            SystemTool.run(MENDED, "e2fsck", "-f", "-p", node);
            SystemTool.run("resize2fs", node, bytes / TOOL_SECTOR_BYTES + "s");
        }

        @Override
        void check(String node) throws ToolException {
            SystemTool.run("e2fsck", "-f", "-n", node);
        }

        @Override
        long leastBytes(String node) throws ToolException {
            return number("minimum size of the filesystem: (\\d+)", SystemTool.run("resize2fs", "-P", node))
                    * number("Block size: +(\\d+)", SystemTool.run("dumpe2fs", "-h", node));
        }
    },
    NTFS("losetup ntfsresize", "ntfs-3g") {
        @Override
        void shrink(String node, long bytes) throws ToolException {
            // Once: without a question, but not in spite of a mark that the file system needs a check.
            SystemTool.run("ntfsresize", "--force", "--no-progress-bar", "--size", String.valueOf(bytes), node);
        }

        @Override
        void check(String node) throws ToolException {
            // Twice: the tool itself has left the mark that Windows is to check the file system.
            SystemTool.run("ntfsresize", "--info", "--force", "--force", "--no-progress-bar", node);
        }

        @Override
        long leastBytes(String node) throws ToolException {
            return number(
                    "You might resize at (\\d+) bytes",
                    SystemTool.run("ntfsresize", "--info", "--force", "--no-progress-bar", node));
        }
    },
    BTRFS("losetup btrfs mount umount", "btrfs-progs") {
        @Override
        void shrink(String node, long bytes) throws ToolException {
            try (MountedVolume volume = MountedVolume.of("btrfs", "", node)) {
                SystemTool.run("btrfs", "filesystem", "resize", String.valueOf(bytes), text(volume.folder()));
            }
        }

        @Override
        void check(String node) throws ToolException {
            SystemTool.run("btrfs", "check", "--readonly", node);
        }

        @Override
        long leastBytes(String node) throws ToolException {
            try (MountedVolume volume = MountedVolume.of("btrfs", "", node)) {
                return number(
                        "(\\d+) bytes",
                        SystemTool.run("btrfs", "inspect-internal", "min-dev-size", text(volume.folder())));
            }
        }
    };

    /** E2fsck has mended something, and all is well. */
    private static final int MENDED = 1;

    /** What resize2fs counts in. */
    private static final int TOOL_SECTOR_BYTES = 512;

    /** Their names, divided by spaces. */
    private final String tools;

    private final String packageName;

    ShrinkingContent(String tools, String packageName) {
        this.tools = tools;
        this.packageName = packageName;
    }

    /** By what {@code ContentProbe} calls it; empty when nothing makes it smaller. */
    static Optional<ShrinkingContent> of(String type) {
        return switch (type) {
            case "ext2", "ext3", "ext4" -> Optional.of(EXT);
            case "ntfs" -> Optional.of(NTFS);
            case "btrfs" -> Optional.of(BTRFS);
            default -> Optional.empty();
        };
    }

    /** What of its tools is not installed on this machine, and the package that has it; "" for nothing. */
    String missingTools() {
        String missing = String.join(
                " and ",
                Stream.of(tools.split(" "))
                        .filter(tool -> SystemTool.find(tool).isEmpty())
                        .toList());
        boolean isMount = missing.equals("losetup");
        return missing.isEmpty()
                ? ""
                : missing + ", not installed here: install package " + (isMount ? "mount" : packageName);
    }

    /**
     * Makes it smaller.
     *
     * @param node the device of the partition
     * @param bytes of the partition afterwards
     */
    abstract void shrink(String node, long bytes) throws ToolException;

    /** Finds out whether it is sound on a device that is as short as its partition will be. Changes nothing. */
    abstract void check(String node) throws ToolException;

    /** How small it can become, as its tool reckons. */
    abstract long leastBytes(String node) throws ToolException;

    private static String text(Path path) {
        return path.toString();
    }

    /** The number in what a tool said; 0 when it said none. */
    static long number(String pattern, String said) {
        Matcher found = Pattern.compile(pattern).matcher(said);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
