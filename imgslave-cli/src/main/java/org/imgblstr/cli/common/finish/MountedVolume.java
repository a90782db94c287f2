package org.imgblstr.cli.common.finish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A file system that is mounted in a new folder of nobody else, until {@link #close}. Nothing in it can be run. */
public final class MountedVolume implements AutoCloseable {
    private static final String OPTIONS = "nosuid,nodev,noexec";
    private static final int UNMOUNT_TRIES = 25;
    private static final long UNMOUNT_GAP_NS = 200_000_000;

    /** Field of a line of mountinfo. */
    private static final int MOUNT_POINT = 4;

    private final Path folder;

    private MountedVolume(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts.
     *
     * @param type as mount takes it
     * @param options further ones, divided by commas; "" for none
     * @param node the device
     */
    public static MountedVolume of(String type, String options, String node) throws ToolException {
        MountedVolume volume = new MountedVolume(newFolder());
        String all = OPTIONS + (type.equals("xfs") ? ",nouuid" : "") + (options.isEmpty() ? "" : "," + options);
        try {
            SystemTool.run("mount", "-t", type, "-o", all, node, volume.folder.toString());
        } catch (ToolException e) {
            volume.folder.toFile().delete();
            throw e;
        }
        try {
            volume.checkSource(node);
            return volume;
        } catch (ToolException e) {
            volume.close();
            throw e;
        }
    }

    private static Path newFolder() throws ToolException {
        try {
            return Files.createTempDirectory("imgblstr-mount-");
        } catch (IOException e) {
            throw new ToolException("there is no place to mount it: " + e.getMessage());
        }
    }

    /** Btrfs knows file systems by their ID, and may mount another disk that holds a copy. */
    private void checkSource(String node) throws ToolException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                String[] fields = line.split(" ", -1);
                String source = line.substring(line.indexOf(" - ") + 3).split(" ", -1)[1];
                if (fields[MOUNT_POINT].equals(folder.toString())
                        && !Files.isSameFile(Path.of(source), Path.of(node))) {
                    throw new ToolException("mount gives " + source + ", which holds a file system of the same ID,"
                            + " instead of " + node + ": detach that disk");
                }
            }
        } catch (IOException e) {
            throw new ToolException("what is mounted cannot be examined: " + e.getMessage());
        }
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Somebody may look at a new mount for a moment. */
    @Override
    public void close() throws ToolException {
        for (int attempt = 1; ; attempt++) {
            try {
                SystemTool.run("umount", folder.toString());
                folder.toFile().delete();
                return;
            } catch (ToolException e) {
                if (attempt == UNMOUNT_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(UNMOUNT_GAP_NS);
            }
        }
    }
}
