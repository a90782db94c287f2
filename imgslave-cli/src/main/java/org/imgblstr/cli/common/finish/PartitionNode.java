package org.imgblstr.cli.common.finish;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;

/** A device that is a partition, for the tools: the kernel's own with the right place and length, else a loop device that {@link #close} removes. */
public final class PartitionNode implements AutoCloseable {
    private final String path;

    /** Null for the kernel's own. */
    private final LoopNode loop;

    private PartitionNode(String path) {
        this.path = path;
        this.loop = null;
    }

    private PartitionNode(LoopNode loop) {
        this.path = loop.path();
        this.loop = loop;
    }

    /** The range of a disk or a file. Nobody else may hold the disk exclusively. */
    public static PartitionNode of(DiskIdentity disk, int sectorBytes, long firstByte, long bytes)
            throws ToolException {
        Optional<String> own = ownNode(disk, firstByte, bytes);
        if (own.isPresent()) {
            return new PartitionNode(own.get());
        }
        return new PartitionNode(LoopNode.of(disk.device(), sectorBytes, firstByte, bytes));
    }

    /**
     * What the kernel has. Udev reads the table of a disk that was written once more, so that partitions vanish for a moment; and a kernel that
     * could not read it, or does not know tables, can be told by partx.
     */
    private static Optional<String> ownNode(DiskIdentity disk, long firstByte, long bytes) {
        if (!disk.isBlockDevice()) {
            return Optional.empty();
        }
        SystemTool.attempt("udevadm", "settle", "--timeout=10");
        Optional<String> own = Disks.nodeOf(disk, firstByte, bytes);
        // Partitions of a loop device that partx has made would stay when that is detached.
        if (own.isEmpty() && !disk.device().startsWith("/dev/loop")) {
            SystemTool.attempt("partx", "--update", disk.device());
            own = Disks.nodeOf(disk, firstByte, bytes);
        }
        return own.filter(node -> Files.exists(Path.of(node)));
    }

    public String path() {
        return path;
    }

    /** A loop device that stays is told: it holds the disk. */
    @Override
    public void close() throws ToolException {
        if (loop != null) {
            loop.close();
        }
    }
}
