package org.imgblstr.cli.common.grow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Lets what is in a partition take all of it, by the system's own tools. Blocking, perhaps for minutes. */
final class ContentGrowth {
    private static final int UNMOUNT_TRIES = 25;
    private static final long UNMOUNT_GAP_NS = 200_000_000;

    /** Field of a line of mountinfo. */
    private static final int MOUNT_POINT = 4;

    /** E2fsck has mended something, and all is well. */
    private static final int MENDED = 1;

    private ContentGrowth() {}

    /** {@code node}: the device of the partition. */
    static void run(GrowingContent content, String node) throws GrowException {
        switch (content) {
            case EXT -> {
                SystemTool.run(MENDED, "e2fsck", "-f", "-p", node);
                SystemTool.run("resize2fs", node);
            }
            case XFS -> mounted("xfs", "nosuid,nodev,noexec,nouuid", node, "xfs_growfs");
            case BTRFS -> mounted("btrfs", "nosuid,nodev,noexec", node, "btrfs", "filesystem", "resize", "max");
            // Once: without a question, but not in spite of a mark that the file system needs a check.
            case NTFS -> SystemTool.run("ntfsresize", "--force", "--no-progress-bar", node);
            case LVM -> SystemTool.run("pvresize", node);
            case FAT -> SystemTool.run("fatresize", "--force-yes", "--size", "max", node);
            case OTHER -> {}
        }
    }

    /** The tool gets the mount point behind its words. The folder is nobody else's. */
    private static void mounted(String type, String options, String node, String... tool) throws GrowException {
        Path folder = folder();
        try {
            SystemTool.run("mount", "-t", type, "-o", options, node, folder.toString());
            try {
                checkSource(folder, node);
                String[] command = Arrays.copyOf(tool, tool.length + 1);
                command[tool.length] = folder.toString();
                SystemTool.run(command);
            } finally {
                unmount(folder);
            }
        } finally {
            folder.toFile().delete();
        }
    }

    /** Btrfs knows file systems by their ID, and may mount another disk that holds a copy. */
    private static void checkSource(Path folder, String node) throws GrowException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                String[] fields = line.split(" ", -1);
                String source = line.substring(line.indexOf(" - ") + 3).split(" ", -1)[1];
                if (fields[MOUNT_POINT].equals(folder.toString())
                        && !Files.isSameFile(Path.of(source), Path.of(node))) {
                    throw new GrowException("mount gives " + source + ", which holds a file system of the same ID,"
                            + " instead of " + node + ": detach that disk");
                }
            }
        } catch (IOException e) {
            throw new GrowException("what is mounted cannot be examined: " + e.getMessage());
        }
    }

    private static Path folder() throws GrowException {
        try {
            return Files.createTempDirectory("imgblstr-grow-");
        } catch (IOException e) {
            throw new GrowException("there is no place to mount it: " + e.getMessage());
        }
    }

    /** Somebody may look at a new mount for a moment. */
    private static void unmount(Path folder) throws GrowException {
        for (int attempt = 1; ; attempt++) {
            try {
                SystemTool.run("umount", folder.toString());
                return;
            } catch (GrowException e) {
                if (attempt == UNMOUNT_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(UNMOUNT_GAP_NS);
            }
        }
    }
}
