package org.imgblstr.disk.safety;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.device.BlockDevice;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Libc;
import org.imgblstr.disk.device.Sysfs;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.imgblstr.disk.device.SystemUses;
import org.imgblstr.disk.text.PlainText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other imagers away from a disk that is complete, while tools and hooks work on it: a lock of fcntl on one byte, far behind the end of any
 * disk, whose place tells the process. The kernel lets partitions be used meanwhile, udev looks at other locks, and the lock ends with the
 * process, however that ends. Source: fcntl(2), "Open file description locks"; docs/identity.md, section 1.
 */
public final class AfterHold implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AfterHold.class);
    private static final int NO_FD = -1;

    private int fd;

    private AfterHold(int fd) {
        this.fd = fd;
    }

    /** Takes the lock. Where that cannot be had, as in some network file systems, nothing is held. */
    public static AfterHold of(DiskIdentity disk) {
        int opened = NO_FD;
        try {
            opened = Libc.openForReading(Path.of(disk.device()));
            Libc.markAsOurs(opened, ProcessHandle.current().pid());
            return new AfterHold(opened);
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("{}: other programs cannot be kept away: {}", disk.path(), e.getMessage());
            if (opened != NO_FD) {
                Libc.closeQuietly(opened);
            }
            return new AfterHold(NO_FD);
        }
    }

    /** Other processes that hold the disk, what is built on it, or the disk that it is a part of; or the file, whatever its name. */
    static List<SystemUse> elsewhere(String path) throws DeviceException {
        Path canonical = Disks.canonical(path);
        List<SystemUse> uses = new ArrayList<>();
        try {
            Optional<BlockDevice> device = Sysfs.system().ofNode(canonical);
            List<String> nodes = new ArrayList<>(List.of(canonical.toString()));
            if (device.isPresent()) {
                SystemUses.builtOn(device.get()).values().forEach(each -> nodes.add(each.node()));
                nodes.add(device.get().disk().node());
            }
            for (String node : nodes.stream().distinct().toList()) {
                long process = process(node);
                if (process > 0 && process != ProcessHandle.current().pid()) {
                    uses.add(new SystemUse(Kind.FINISHING, node, "process " + process + name(process), "", true));
                }
            }
            return uses;
        } catch (IOException e) {
            throw SystemUses.cannotExamine(path, e);
        }
    }

    /** 0 when nobody holds it, or it may not be asked. */
    private static long process(String node) {
        int opened = NO_FD;
        try {
            opened = Libc.openForReading(Path.of(node));
            return Libc.markOf(opened);
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("{}: which programs work on it is not known: {}", node, e.getMessage());
            return 0;
        } finally {
            if (opened != NO_FD) {
                Libc.closeQuietly(opened);
            }
        }
    }

    private static String name(long process) {
        try {
            String name = Files.readString(Path.of("/proc/" + process + "/comm"), StandardCharsets.ISO_8859_1);
            return " (" + PlainText.of(name.strip()) + ")";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        if (fd != NO_FD) {
            Libc.closeQuietly(fd);
            fd = NO_FD;
        }
    }
}
