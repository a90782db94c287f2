package org.imgblstr.disk.safety;

import com.sun.jna.LastErrorException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.BlockDevice;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.device.Libc;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.device.Sysfs;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.imgblstr.disk.device.SystemUses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that stands still while it is read. A block device is held exclusively, so that the kernel lets nobody mount it, swap on it or
 * build on it, in any container; what of it cannot be held is in use. A regular file has a shared lock, which those who write to it respect
 * when they are ours. Who writes all the same shows at the end: {@link #change}. Held until it is closed. One thread.
 */
public final class SourceHold implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceHold.class);

    /** QEMU locks a byte of a disk for each thing that it may do to it: to write, and to resize (qemu, block/file-posix.c). */
    private static final long[] QEMU_WRITES = {101, 103};

    private final String source;
    private final Path canonical;
    private final Optional<BlockDevice> device;
    private final List<Integer> held = new ArrayList<>();
    private final List<SystemUse> uses = new ArrayList<>();
    private String before = "";

    private SourceHold(String source) throws DeviceException {
        this.source = source;
        this.canonical = Disks.canonical(source);
        try {
            this.device = Sysfs.system().ofNode(canonical);
        } catch (IOException e) {
            throw SystemUses.cannotExamine(source, e);
        }
    }

    /**
     * Holds a source: nothing on it may be mounted for writing, be swap, be part of something else, or be open for writing, unless forced.
     *
     * @throws RefusedException when it may change while it is read, and {@code force} is false
     */
    public static SourceHold take(String source, boolean force) throws DeviceException, RefusedException {
        SourceHold hold = new SourceHold(source);
        try {
            hold.find();
            if (!hold.uses.isEmpty() && !force) {
                throw new RefusedException(
                        Reason.UNSAFE,
                        Disks.identify(source).describe() + " is not read, because it may change meanwhile: "
                                + hold.warnings().stream().collect(Collectors.joining("; "))
                                + ". To go on: " + hold.remedies() + ", or mount it read-only (mount -o remount,ro); or"
                                + " add --force for an image of all blocks that may be inconsistent");
            }
            return hold;
        } catch (DeviceException | RefusedException | RuntimeException | Error e) {
            hold.close();
            throw e;
        }
    }

    /**
     * Holds an image file that is read, so that none of our programs takes it for a disk to be written meanwhile.
     *
     * @throws RefusedException when one of them writes to it
     */
    public static SourceHold ofImage(String image) throws DeviceException, RefusedException {
        SourceHold hold = new SourceHold(image);
        try {
            hold.lockFile();
        } catch (LastErrorException | LinkageError e) {
            LOG.warn("{} cannot be held while it is read: {}", image, e.getMessage());
        }
        if (!hold.uses.isEmpty()) {
            hold.close();
            throw new RefusedException(
                    Reason.UNSAFE,
                    image + " is not read, because it may change meanwhile: " + String.join("; ", hold.warnings())
                            + ". To go on: " + hold.remedies());
        }
        return hold;
    }

    /** What is gone past because it was forced, one sentence each; empty when the source stands still. */
    public List<String> warnings() {
        return uses.stream().map(SystemUse::fact).distinct().toList();
    }

    private String remedies() {
        return uses.stream().map(SystemUse::remedy).distinct().collect(Collectors.joining("; "));
    }

    /** One sentence when something has written to the source since it is held; "" when nothing has, as far as can be known. */
    public String change() {
        String after = mark();
        return before.equals(after) || before.isEmpty()
                ? ""
                : source + " was written while it was read (" + before + " before, " + after
                        + " now): what was read may be inconsistent. Find out what writes to it, and read it again";
    }

    @Override
    public void close() {
        held.forEach(Libc::closeQuietly);
        held.clear();
    }

    private void find() throws DeviceException {
        List<SystemUse> visible = SystemUses.of(source);
        visible.stream().filter(use -> use.isWritable() && isChange(use.kind())).forEach(uses::add);
        try {
            if (device.isPresent()) {
                Set<String> explained = visible.stream().map(SystemUse::device).collect(Collectors.toSet());
                holdDevice(device.get(), explained);
            } else {
                lockFile();
            }
        } catch (LastErrorException | LinkageError e) {
            // Whoever may not open it is told so when it is opened for reading.
            LOG.warn("{} cannot be held while it is read: {}", source, e.getMessage());
        }
        uses.addAll(Writers.of(source));
        uses.addAll(AfterHold.elsewhere(source));
        before = mark();
    }

    private static boolean isChange(Kind kind) {
        return switch (kind) {
            case SYSTEM, MOUNTED, SWAP, HELD, LOOP_FILE, BUSY, WRITER, FINISHING -> true;
            case READ_ONLY -> false;
        };
    }

    /** {@code explained}: nodes of which it is known already why they cannot be held; one mounted read-only is among them. */
    private void holdDevice(BlockDevice whole, Set<String> explained) {
        if (isHeldNow(whole)) {
            return;
        }
        boolean isExplained = explained.contains(whole.node());
        for (BlockDevice partition : whole.partitions()) {
            if (explained.contains(partition.node())) {
                isExplained = true;
            } else if (!isHeldNow(partition)) {
                uses.add(new SystemUse(Kind.BUSY, partition.node(), "", "", true));
                isExplained = true;
            }
        }
        if (!isExplained) {
            uses.add(new SystemUse(Kind.BUSY, whole.node(), "", "", true));
        }
    }

    private boolean isHeldNow(BlockDevice wanted) {
        try {
            int fd = Libc.openExclusively(wanted.node());
            held.add(fd);
            // What was written before is no change.
            Libc.sync(fd);
            findVirtualMachine(fd, wanted.node());
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.EBUSY) {
                return false;
            }
            throw e;
        }
    }

    private void lockFile() {
        int fd = Libc.openForReading(canonical);
        held.add(fd);
        if (!Libc.tryLockShared(fd)) {
            uses.add(new SystemUse(Kind.WRITER, source, "a program that has its lock, such as imgslave", "", true));
        }
        findVirtualMachine(fd, source);
    }

    private void findVirtualMachine(int fd, String name) {
        try {
            boolean isLocked = Libc.isRangeLocked(fd, false, 0, 0);
            for (long at : QEMU_WRITES) {
                isLocked |= Libc.isRangeLocked(fd, true, at, 1);
            }
            if (isLocked) {
                uses.add(new SystemUse(
                        Kind.WRITER, name, "a program that has locked it, such as a virtual machine", "", true));
            }
        } catch (LastErrorException e) {
            LOG.debug("{}: which programs lock it could not be found out: {}", name, e.getMessage());
        }
    }

    /** What differs after something has been written: the kernel's count of writes to a device, or the time of a file. */
    private String mark() {
        if (device.isPresent()) {
            return device.get().writes();
        }
        try {
            return "modified " + Files.getLastModifiedTime(canonical) + ", " + Files.size(canonical) + " bytes";
        } catch (IOException e) {
            return "it is gone";
        }
    }
}
