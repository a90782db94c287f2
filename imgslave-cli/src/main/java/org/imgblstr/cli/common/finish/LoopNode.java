package org.imgblstr.cli.common.finish;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;
import org.imgblstr.disk.device.Libc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop device for a range of a device or a file, until {@link #close}. It is detached as soon as this process has it open: the kernel then
 * removes it when the last that has it open is gone, so a program that is killed leaves none behind. Source: loop(4), LO_FLAGS_AUTOCLEAR.
 */
public final class LoopNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopNode.class);
    private static final int NO_FD = -1;

    private final String path;
    private final int fd;

    private LoopNode(String path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Makes one.
     *
     * @param below device or file
     * @param sectorBytes of the disk
     * @param firstByte where the range begins
     * @param bytes its length
     */
    public static LoopNode of(String below, int sectorBytes, long firstByte, long bytes) throws ToolException {
        String path = SystemTool.run(
                        "losetup",
                        "--find",
                        "--show",
                        "--sector-size",
                        String.valueOf(sectorBytes),
                        "--offset",
                        String.valueOf(firstByte),
                        "--sizelimit",
                        String.valueOf(bytes),
                        below)
                .strip();
        int opened;
        try {
            opened = Libc.openForReading(Path.of(path));
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("{} cannot be opened, and stays when the program is killed: {}", path, e.getMessage());
            return new LoopNode(path, NO_FD);
        }
        try {
            detach(path);
            return new LoopNode(path, opened);
        } catch (ToolException e) {
            Libc.closeQuietly(opened);
            throw e;
        }
    }

    private static void detach(String path) throws ToolException {
        SystemTool.run("losetup", "--detach", path);
    }

    /** Its node. */
    public String path() {
        return path;
    }

    /** One that stays is told: it holds the disk. */
    @Override
    public void close() throws ToolException {
        if (fd == NO_FD) {
            detach(path);
        } else {
            Libc.closeQuietly(fd);
        }
    }
}
