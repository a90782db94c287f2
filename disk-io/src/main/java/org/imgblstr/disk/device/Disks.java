package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens disks: block devices (disks, partitions, loop devices, links to them as in {@code /dev/disk/by-id}) and regular files that stand
 * for a disk. Never creates or enlarges one, except by {@link #createSparse}.
 */
public final class Disks {
    private static final Logger LOG = LoggerFactory.getLogger(Disks.class);

    /** Sector size of a regular file: its own when it holds a GPT that tells, else 512. */
    public static final int DETECT_SECTOR_BYTES = 0;

    /** Files from this size on are asked for their holes. What a smaller one may save is not worth the tenth of a second of JNA. */
    private static final long HOLES_FROM_BYTES = 64L << 20;

    private Disks() {}

    /** Opens for reading; the sector size of a regular file is detected. */
    public static Disk openForReading(String path) throws DeviceException, RefusedException {
        return openForReading(path, DETECT_SECTOR_BYTES);
    }

    /**
     * Opens for reading.
     *
     * @param fileSectorBytes sector size of a regular file, 512, 4096 or {@link #DETECT_SECTOR_BYTES}; a block device has its own
     * @throws RefusedException when it is no disk, or its size is no multiple of the sector size
     */
    public static Disk openForReading(String path, int fileSectorBytes) throws DeviceException, RefusedException {
        Path canonical = canonical(path);
        FileChannel buffered = null;
        int fd = ChannelDisk.NO_FD;
        try {
            Optional<BlockDevice> device = DiskIdentities.blockDevice(path, canonical);
            fd = device.isPresent() ? ChannelDisk.NO_FD : descriptorForHoles(canonical);
            buffered = FileChannel.open(fd == ChannelDisk.NO_FD ? canonical : opened(fd), StandardOpenOption.READ);
            DiskIdentity identity = DiskIdentities.identity(path, canonical, device, buffered, fileSectorBytes);
            FileChannel direct = device.isPresent() ? openDirect(canonical, identity, StandardOpenOption.READ) : null;
            return new ChannelDisk(identity, buffered, direct, fd, false);
        } catch (IOException e) {
            close(buffered, fd);
            throw cannotOpen(path, " for reading", e);
        } catch (RefusedException | RuntimeException | Error e) {
            close(buffered, fd);
            throw e;
        }
    }

    /** Opens for writing and reading back, not forced; the sector size of a regular file is detected. */
    public static Disk openForWriting(String path) throws DeviceException, RefusedException {
        return openForWriting(path, DETECT_SECTOR_BYTES, false);
    }

    /**
     * Opens for writing and reading back. A block device is held exclusively (O_EXCL): while it is open the kernel lets nobody mount it or
     * a partition of it, and it is not opened when the kernel itself uses it. A regular file is locked against other imagers (flock).
     *
     * @param fileSectorBytes sector size of a regular file, 512, 4096 or {@link #DETECT_SECTOR_BYTES}; give that of the image, because
     *     what a file held before says nothing about what it will hold; a block device has its own
     * @param force go on when the kernel uses the device
     * @throws RefusedException when it is no disk, read-only or in use, or its size is no multiple of the sector size
     */
    public static Disk openForWriting(String path, int fileSectorBytes, boolean force)
            throws DeviceException, RefusedException {
        Path canonical = canonical(path);
        FileChannel buffered = null;
        int fd = ChannelDisk.NO_FD;
        try {
            Optional<BlockDevice> device = DiskIdentities.blockDevice(path, canonical);
            fd = openDescriptor(path, canonical, device, force);
            Path opened = opened(fd);
            buffered = FileChannel.open(opened, StandardOpenOption.READ, StandardOpenOption.WRITE);
            DiskIdentity identity = DiskIdentities.identity(path, canonical, device, buffered, fileSectorBytes);
            FileChannel direct = openDirect(opened, identity, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new ChannelDisk(identity, buffered, direct, fd, true);
        } catch (IOException | LastErrorException e) {
            close(buffered, fd);
            throw cannotOpen(path, " for writing", e);
        } catch (LinkageError e) {
            close(buffered, fd);
            throw new DeviceException(
                    path + ": cannot be opened for writing: the native library of JNA does not load: " + e.getMessage()
                            + "; set TMPDIR to a folder that is not mounted noexec",
                    0,
                    e);
        } catch (RefusedException | RuntimeException | Error e) {
            close(buffered, fd);
            throw e;
        }
    }

    /** What the medium of a disk loses as a whole; the sector size where that is not known. */
    static int physicalBlockBytes(DiskIdentity identity) {
        try {
            int bytes = DiskIdentities.blockDevice(identity.device(), Path.of(identity.device()))
                    .map(BlockDevice::physicalBlockBytes)
                    .orElse(0);
            return Math.max(bytes, identity.sectorBytes());
        } catch (IOException | RefusedException e) {
            LOG.debug("{}: the size of its physical blocks could not be read: {}", identity.path(), e.getMessage());
            return identity.sectorBytes();
        }
    }

    /** What a disk is. A block device is not opened for that, so it works for one that may not be opened. */
    public static DiskIdentity identify(String path) throws DeviceException, RefusedException {
        Path canonical = canonical(path);
        try {
            Optional<BlockDevice> device = DiskIdentities.blockDevice(path, canonical);
            if (device.isPresent()) {
                return DiskIdentities.checked(DiskIdentities.identity(
                        path, canonical, device.get(), device.get().sizeBytes()));
            }
        } catch (IOException e) {
            throw SystemUses.cannotExamine(path, e);
        }
        try (Disk file = openForReading(path)) {
            return file.identity();
        }
    }

    /** Number of the partition whose device this is; 0 for a whole disk and for a file. */
    public static int partitionNumber(DiskIdentity identity) throws DeviceException {
        return partition(identity).map(BlockDevice::partitionNumber).orElse(0);
    }

    /** Where the partition whose device this is begins on its disk, in bytes; 0 for a whole disk and for a file. */
    public static long partitionStartByte(DiskIdentity identity) throws DeviceException {
        return partition(identity).map(BlockDevice::startByte).orElse(0L);
    }

    private static Optional<BlockDevice> partition(DiskIdentity identity) throws DeviceException {
        if (!identity.isPartition()) {
            return Optional.empty();
        }
        try {
            return Sysfs.system().ofNode(Path.of(identity.device()));
        } catch (IOException e) {
            throw new DeviceException(identity.describe() + ": it has vanished", Errno.ENODEV, e);
        }
    }

    /** Makes a file of {@code bytes} bytes that reads as zeros and takes no room yet. It must not exist. */
    public static void createSparse(Path path, long bytes) throws DeviceException {
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            if (bytes > 0) {
                channel.write(ByteBuffer.allocate(1), bytes - 1);
            }
        } catch (IOException e) {
            throw cannotOpen(path.toString(), " for creation", e);
        }
    }

    /**
     * The device or file that is a range of a disk, no more and no less: the disk itself, or a partition that the kernel knows. Empty when
     * there is none.
     */
    public static Optional<String> nodeOf(DiskIdentity identity, long firstByte, long bytes) {
        if (firstByte == 0 && bytes == identity.sizeBytes()) {
            return Optional.of(identity.device());
        }
        if (!identity.isBlockDevice()) {
            return Optional.empty();
        }
        try {
            return Sysfs.system().ofNode(Path.of(identity.device())).stream()
                    .flatMap(device -> device.partitions().stream())
                    .filter(partition -> partition.startByte() == firstByte && partition.sizeBytes() == bytes)
                    .map(BlockDevice::node)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static Path canonical(String path) throws DeviceException {
        try {
            return Path.of(path).toRealPath();
        } catch (IOException e) {
            throw cannotOpen(path, "", e);
        } catch (InvalidPathException e) {
            throw new DeviceException(
                    path + ": this name cannot be used: " + e.getReason()
                            + "; set LC_ALL=C.UTF-8, or name a link to it",
                    Errno.ENOENT,
                    e);
        }
    }

    /** None for a file that is small, and where it cannot be had: what is wrong with the file, its channel will say. */
    private static int descriptorForHoles(Path canonical) throws IOException {
        if (Files.size(canonical) < HOLES_FROM_BYTES) {
            return ChannelDisk.NO_FD;
        }
        try {
            return Libc.openForReading(canonical);
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("{}: its holes are not known: {}", canonical, e.getMessage());
            return ChannelDisk.NO_FD;
        }
    }

    /** The open file itself, whatever its name stands for by now. */
    static Path opened(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }

    private static int openDescriptor(String path, Path canonical, Optional<BlockDevice> device, boolean force)
            throws RefusedException {
        if (device.isEmpty()) {
            return lockedFile(path, canonical);
        }
        if (device.get().isReadOnly()) {
            throw new RefusedException(
                    Reason.UNSAFE,
                    DiskIdentities.about(path, device.get()) + " is read-only: release its write"
                            + " protection (blockdev --setrw, or the switch of the card or the drive) and try again");
        }
        try {
            int fd = Libc.openForWriting(canonical, true);
            // Udev leaves a disk alone while its lock is held. That it has the lock for a moment itself is no reason to
            // stop.
            Libc.tryLock(fd);
            return fd;
        } catch (LastErrorException e) {
            if (e.getErrorCode() != Errno.EBUSY) {
                throw e;
            }
            return openBusy(path, canonical, device.get(), force);
        }
    }

    private static int openBusy(String path, Path canonical, BlockDevice device, boolean force)
            throws RefusedException {
        if (!force) {
            throw new RefusedException(
                    Reason.UNSAFE,
                    DiskIdentities.about(path, device)
                            + " is in use: it or a part of it is mounted, is swap, belongs to LVM, RAID or a"
                            + " device map, or another program holds it. Release it and try again, or add --force");
        }
        LOG.warn("{} is in use and will be overwritten, because it was forced", DiskIdentities.about(path, device));
        return Libc.openForWriting(canonical, false);
    }

    private static int lockedFile(String path, Path canonical) throws RefusedException {
        int fd = Libc.openForWriting(canonical, false);
        if (Libc.tryLock(fd) && !hasRangeLock(path, fd)) {
            return fd;
        }
        Libc.closeQuietly(fd);
        throw new RefusedException(
                Reason.UNSAFE,
                path + " is in use: another program holds its lock, because it reads or writes the file (imgblstr,"
                        + " imgslave, a virtual machine). Wait until that has ended, and try again");
    }

    /** Virtual machines, and ours for a file that grows, lock bytes of it. */
    private static boolean hasRangeLock(String path, int fd) {
        try {
            return Libc.isRangeLocked(fd, true, 0, 0);
        } catch (LastErrorException e) {
            LOG.debug("{}: which programs lock it could not be found out: {}", path, e.getMessage());
            return false;
        }
    }

    /** A channel past the page cache, or null where that does not work, which the first page tells. */
    private static FileChannel openDirect(Path path, DiskIdentity identity, StandardOpenOption... access) {
        if (identity.sizeBytes() < AlignedBuffers.ALIGNMENT) {
            return null;
        }
        FileChannel direct = null;
        try {
            // Java demands this alignment of its caller, and that of some file systems is a whole cluster.
            if (Files.getFileStore(path).getBlockSize() > AlignedBuffers.ALIGNMENT) {
                return null;
            }
            Set<OpenOption> options = new HashSet<>(List.of(access));
            options.add(ExtendedOpenOption.DIRECT);
            direct = FileChannel.open(path, options);
            direct.read(AlignedBuffers.bounce().limit(AlignedBuffers.ALIGNMENT), 0);
            return direct;
        } catch (UnsupportedOperationException e) {
            close(direct);
            return null;
        } catch (IOException e) {
            int errno = DeviceErrors.errnoOf(e);
            if (direct != null && Errno.isMedia(errno)) {
                return direct;
            }
            LOG.debug("{}: no direct I/O: {}", identity.path(), e.getMessage());
            close(direct);
            return null;
        }
    }

    private static DeviceException cannotOpen(String path, String purpose, Exception cause) {
        int errno = DeviceErrors.errnoOf(cause);
        String reason =
                cause instanceof FileSystemException e && errno == 0 ? e.getReason() : DeviceErrors.text(errno, cause);
        String hint =
                switch (errno) {
                    case Errno.ENOENT -> ": it must exist; 'imgblstr disks' lists the disks of this machine";
                    case Errno.EACCES -> ": run as root, or as a user who may access it";
                    default -> "";
                };
        return new DeviceException(path + ": cannot be opened" + purpose + ": " + reason + hint, errno, cause);
    }

    private static void close(FileChannel channel, int fd) {
        close(channel);
        if (fd != ChannelDisk.NO_FD) {
            Libc.closeQuietly(fd);
        }
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("close: {}", e.getMessage());
            }
        }
    }
}
