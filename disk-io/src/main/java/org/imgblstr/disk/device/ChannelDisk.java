package org.imgblstr.disk.device;

import static org.imgblstr.disk.device.AlignedBuffers.ALIGNMENT;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk behind file channels: a direct one, past the page cache, for all that is aligned, and a buffered one for the rest. The kernel
 * keeps the two coherent: a direct read writes dirty pages of its range out first, a direct write drops the pages of its range.
 */
public final class ChannelDisk implements Disk {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelDisk.class);

    /** Zeroing goes in pieces, so that a drive without a command for it answers within seconds. */
    private static final long ZERO_PIECE_BYTES = 256L << 20;

    /** A program that looks at each new partition, as udev does, keeps one open for a moment. */
    private static final int REREAD_TRIES = 5;

    private static final long REREAD_GAP_NS = 200_000_000;

    /** No descriptor: a device that is only read, a small file that is only read, or JNA is not there. */
    static final int NO_FD = -1;

    private final DiskIdentity identity;
    private final FileChannel buffered;
    private final FileChannel direct;
    private final int fd;
    private final Holes holes;
    private final boolean isWritable;
    private final SectorReader sectorReader;
    private final DiskPlace place;
    private DiskFavours favours;

    /**
     * @param direct null where direct I/O does not work
     * @param fd {@link #NO_FD} or a descriptor that this disk closes
     */
    ChannelDisk(DiskIdentity identity, FileChannel buffered, FileChannel direct, int fd, boolean isWritable) {
        this.identity = identity;
        this.buffered = buffered;
        this.direct = direct;
        this.fd = fd;
        this.holes = fd == NO_FD || identity.isBlockDevice() ? null : new Holes(fd, buffered);
        this.isWritable = isWritable;
        this.sectorReader = new SectorReader(identity);
        this.place = isWritable ? DiskPlace.of(identity, fd) : null;
        this.favours = new DiskFavours(identity, fd, DiskFavours.Commands.OF_KERNEL);
    }

    @Override
    public DiskIdentity identity() {
        return identity;
    }

    @Override
    public long sizeBytes() {
        return identity.sizeBytes();
    }

    @Override
    public int sectorBytes() {
        return identity.sectorBytes();
    }

    /** For tests: asks others than the kernel for favours. */
    ChannelDisk asking(DiskFavours.Commands commands) {
        favours = new DiskFavours(identity, fd, commands);
        return this;
    }

    boolean isDirect() {
        return direct != null;
    }

    @Override
    public long endOfHole(long offset) throws DeviceException {
        try {
            return holes == null ? offset : Math.min(sizeBytes(), holes.end(offset));
        } catch (IOException e) {
            throw failure("ask for holes", offset, 0, e);
        }
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        long at = offset;
        check("read", at, into.remaining());
        try {
            if (holes != null && holes.contain(at, into.remaining())) {
                fillWithZeros(into);
                return;
            }
            if (direct == null && isWritable && fd != NO_FD) {
                Libc.dropFromCache(fd, at, into.remaining());
            }
            while (into.hasRemaining()) {
                int count = readSome(at, into);
                if (count <= 0) {
                    throw unlikeItsSize("read", at, into.remaining(), "the device ends here");
                }
                at += count;
            }
        } catch (IOException | LastErrorException e) {
            throw failure("read", at, into.remaining(), e);
        }
    }

    @Override
    public void readSectors(long offset, ByteBuffer into) throws DeviceException {
        int position = into.position();
        try {
            if (direct == null || AlignedBuffers.fits(offset, into) || !sectorReader.read(offset, into)) {
                read(offset, into);
            }
        } catch (LastErrorException e) {
            throw failure("read", offset, into.position(position).remaining(), e);
        }
    }

    @Override
    public int physicalBlockBytes() {
        return sectorReader.physicalBlockBytes();
    }

    private static void fillWithZeros(ByteBuffer into) {
        ByteBuffer zeros = Zeros.BLOCK.duplicate();
        while (into.hasRemaining()) {
            into.put(zeros.clear().limit(Math.min(zeros.capacity(), into.remaining())));
        }
    }

    private int readSome(long offset, ByteBuffer into) throws IOException {
        if (direct == null) {
            return buffered.read(into, offset);
        }
        return AlignedBuffers.fits(offset, into) ? direct.read(into, offset) : readBounced(offset, into);
    }

    /** Reads the whole pages around the wanted bytes. At the end of the disk the last page may come short, which is enough. */
    private int readBounced(long offset, ByteBuffer into) throws IOException {
        ByteBuffer bounce = AlignedBuffers.bounce();
        long start = AlignedBuffers.down(offset);
        int lead = (int) (offset - start);
        bounce.limit((int) Math.min(bounce.capacity(), AlignedBuffers.up(lead + (long) into.remaining())));
        int count = Math.min(direct.read(bounce, start) - lead, into.remaining());
        if (count > 0) {
            into.put(into.position(), bounce, lead, count).position(into.position() + count);
        }
        return count;
    }

    @Override
    public void write(long offset, ByteBuffer from) throws DeviceException {
        long at = offset;
        check("write", at, from.remaining());
        try {
            while (from.hasRemaining()) {
                int count = writeSome(at, from);
                if (count <= 0) {
                    throw unlikeItsSize("write", at, from.remaining(), "the device takes no more");
                }
                at += count;
            }
        } catch (IOException e) {
            throw failure("write", at, from.remaining(), e);
        }
    }

    private int writeSome(long offset, ByteBuffer from) throws IOException {
        if (direct == null) {
            return buffered.write(from, offset);
        }
        if (AlignedBuffers.fits(offset, from)) {
            return direct.write(from, offset);
        }
        int toBoundary = (int) (AlignedBuffers.up(offset) - offset);
        if (toBoundary > 0 || from.remaining() < ALIGNMENT) {
            return writePiece(buffered, offset, from, toBoundary > 0 ? toBoundary : from.remaining());
        }
        return writeBounced(offset, from);
    }

    private int writeBounced(long offset, ByteBuffer from) throws IOException {
        ByteBuffer bounce = AlignedBuffers.bounce();
        int length = (int) AlignedBuffers.down(Math.min(bounce.capacity(), from.remaining()));
        bounce.put(0, from, from.position(), length).limit(length);
        int count = direct.write(bounce, offset);
        from.position(from.position() + count);
        return count;
    }

    private static int writePiece(FileChannel channel, long offset, ByteBuffer from, int most) throws IOException {
        int limit = from.limit();
        from.limit(Math.min(limit, from.position() + most));
        try {
            return channel.write(from, offset);
        } finally {
            from.limit(limit);
        }
    }

    @Override
    public void zero(long offset, long length) throws DeviceException {
        check("zero", offset, length);
        for (long at = offset; at < offset + length; ) {
            long piece = Math.min(ZERO_PIECE_BYTES, offset + length - at);
            if (!favours.zero(at, piece)) {
                writeZeros(at, piece);
            }
            at += piece;
        }
    }

    private void writeZeros(long offset, long length) throws DeviceException {
        ByteBuffer zeros = Zeros.BLOCK.duplicate();
        for (long at = offset; at < offset + length; at += zeros.capacity()) {
            int piece = (int) Math.min(zeros.capacity(), offset + length - at);
            // A full file system that cannot punch holes cannot fill them either.
            if (endOfHole(at) < at + piece) {
                write(at, zeros.clear().limit(piece));
            }
        }
    }

    @Override
    public void discard(long offset, long length) throws DeviceException {
        check("discard", offset, length);
        favours.discard(offset, length);
    }

    @Override
    public void sync() throws DeviceException {
        try {
            buffered.force(false);
        } catch (IOException e) {
            throw failure("sync", 0, 0, e);
        }
        if (fd != NO_FD) {
            Libc.dropFromCache(fd);
        }
    }

    @Override
    public void checkInPlace() throws DeviceException {
        if (place != null) {
            place.check();
        }
    }

    @Override
    public boolean rereadPartitionTable() {
        if (!identity.isBlockDevice() || identity.isPartition()) {
            return true;
        }
        for (int attempt = 1; attempt <= REREAD_TRIES; attempt++) {
            try {
                Libc.rereadPartitionTable(fd);
                return true;
            } catch (LastErrorException e) {
                LOG.debug("{}: BLKRRPART: {}", identity.path(), e.getMessage());
                if (Errno.isUnsupported(e.getErrorCode()) && !isDividedByKernel()) {
                    return true;
                }
            }
            if (attempt < REREAD_TRIES) {
                LockSupport.parkNanos(REREAD_GAP_NS);
            }
        }
        return false;
    }

    /** Whether the kernel has partitions of this disk. */
    private boolean isDividedByKernel() {
        try {
            return !DiskList.partitions(identity).isEmpty();
        } catch (DeviceException e) {
            LOG.debug("{}: its partitions are not known", identity.path(), e);
            return true;
        }
    }

    @Override
    public void close() {
        closeQuietly(direct);
        closeQuietly(buffered);
        sectorReader.close();
        if (fd != NO_FD) {
            Libc.closeQuietly(fd);
        }
    }

    private void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("{}: close: {}", identity.path(), e.getMessage());
            }
        }
    }

    private void check(String operation, long offset, long length) throws DeviceException {
        if (offset < 0 || length < 0 || offset % sectorBytes() != 0 || length % sectorBytes() != 0) {
            throw new IllegalArgumentException(operation + " of " + length + " bytes at byte " + offset
                    + ": expected multiples of " + sectorBytes());
        }
        if (offset > sizeBytes() - length) {
            throw new DeviceException(
                    where(operation, offset, length) + ": past the end, the device has " + sizeBytes() + " bytes",
                    "read".equals(operation) ? Errno.EINVAL : Errno.ENOSPC,
                    null);
        }
        if (!isWritable && !"read".equals(operation)) {
            throw new IllegalStateException(where(operation, offset, length) + ": the disk is open for reading only");
        }
    }

    private DeviceException unlikeItsSize(String operation, long offset, long length, String found) {
        return new DeviceException(
                where(operation, offset, length) + ": " + found + ", expected " + sizeBytes()
                        + " bytes as when it was opened; see whether it was cut or removed, or take another",
                0,
                null);
    }

    private DeviceException failure(String operation, long offset, long length, Exception cause) {
        if (cause instanceof DeviceException known) {
            return known;
        }
        int errno = DeviceErrors.errnoOf(cause);
        return new DeviceException(
                where(operation, offset, length) + ": " + DeviceErrors.text(errno, cause), errno, cause);
    }

    private String where(String operation, long offset, long length) {
        if ("sync".equals(operation)) {
            return identity.describe() + ": sync";
        }
        return identity.describe() + ": " + operation + " of " + length + " bytes at LBA " + offset / sectorBytes();
    }

    /** Made when first needed. Never written to, so that all threads may share it. */
    private static final class Zeros {
        static final ByteBuffer BLOCK = AlignedBuffers.allocate(1 << 20);
    }
}
