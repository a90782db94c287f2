package org.imgblstr.cli.common.lvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.imgblstr.cli.common.finish.LoopNode;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Logical;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Piece;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that is a logical volume, until {@link #close}: a loop device where the volume is in one piece, else a device of the device mapper. LVM
 * is not asked to activate anything, because it finds volumes by names and identifiers that another disk of this machine may have too.
 */
public final class LogicalNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogicalNode.class);
    private static final int SECTOR = 512;
    private static final AtomicLong COUNT = new AtomicLong();

    private final String path;

    /** Of the device mapper; "" for a loop device. */
    private final String name;

    /** Null for one of the device mapper. */
    private final LoopNode loop;

    private LogicalNode(String path, String name) {
        this.path = path;
        this.name = name;
        this.loop = null;
    }

    private LogicalNode(LoopNode loop) {
        this.path = loop.path();
        this.name = "";
        this.loop = loop;
    }

    /**
     * Makes one.
     *
     * @param node the device of its physical volume
     * @param sectorBytes of the disk
     */
    public static LogicalNode of(String node, int sectorBytes, Logical volume) throws ToolException {
        return volume.pieces().size() == 1
                ? new LogicalNode(loop(node, sectorBytes, volume.pieces().get(0)))
                : mapped(node, volume);
    }

    private static LoopNode loop(String node, int sectorBytes, Piece piece) throws ToolException {
        return LoopNode.of(node, sectorBytes, piece.place(), piece.bytes());
    }

    private static LogicalNode mapped(String node, Logical volume) throws ToolException {
        checkMapper(volume);
        String name = "imgblstr-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        // On the command line dmsetup takes a table of one line only.
        Path table = null;
        try {
            table = Files.createTempFile("imgblstr-", ".table");
            Files.writeString(table, table(node, volume));
            SystemTool.run("dmsetup", "create", name, "--noudevrules", "--noudevsync", table.toString());
        } catch (IOException e) {
            throw new ToolException(
                    "the table of logical volume " + volume.name() + " cannot be written: " + e.getMessage());
        } finally {
            if (table != null) {
                table.toFile().delete();
            }
        }
        return new LogicalNode(kernelNode(name), name);
    }

    /** The node that the kernel itself makes: nobody makes the one in /dev/mapper where no udev runs. */
    private static String kernelNode(String name) throws ToolException {
        try {
            return "/dev/dm-"
                    + SystemTool.run("dmsetup", "info", "--columns", "--noheadings", "-o", "minor", name)
                            .strip();
        } catch (ToolException e) {
            remove(name);
            throw e;
        }
    }

    private static void remove(String name) throws ToolException {
        SystemTool.run("dmsetup", "remove", "--retry", "--noudevrules", "--noudevsync", name);
    }

    /** The pieces one behind the other, a line each: first sector, sectors, kind, device, its first sector. */
    static String table(String node, Logical volume) {
        List<String> lines = new ArrayList<>();
        long first = 0;
        for (Piece piece : volume.pieces()) {
            long sectors = piece.bytes() / SECTOR;
            lines.add(first + " " + sectors + " linear " + node + " " + piece.place() / SECTOR);
            first += sectors;
        }
        return String.join("\n", lines) + "\n";
    }

    private static void checkMapper(Logical volume) throws ToolException {
        String why =
                "logical volume " + volume.name() + " is in " + volume.pieces().size() + " pieces, and ";
        if (SystemTool.find("dmsetup").isEmpty()) {
            throw new ToolException(why + "dmsetup is not installed on this machine");
        }
        if (!hasMapper()) {
            SystemTool.attempt("modprobe", "dm-mod");
            if (!hasMapper()) {
                throw new ToolException(why + "the kernel of this machine has no device mapper");
            }
        }
    }

    private static boolean hasMapper() {
        try {
            return Files.readString(Path.of("/proc/devices")).contains("device-mapper");
        } catch (IOException e) {
            LOG.debug("the drivers of this machine are not known", e);
            return false;
        }
    }

    public String path() {
        return path;
    }

    /** One that stays is told: it holds the disk. */
    @Override
    public void close() throws ToolException {
        if (loop != null) {
            loop.close();
        } else {
            remove(name);
        }
    }
}
