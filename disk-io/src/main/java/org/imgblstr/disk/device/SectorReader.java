package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads single sectors of a block device past the page cache: Java's channels read whole pages of it, and one bad sector makes the page fail. Opens its own
 * descriptor when first needed. Safe for use by several threads.
 */
final class SectorReader {
    private static final Logger LOG = LoggerFactory.getLogger(SectorReader.class);
    private static final int UNOPENED = -2;

    private final DiskIdentity identity;
    private int fd = UNOPENED;
    private int physicalBlockBytes;

    SectorReader(DiskIdentity identity) {
        this.identity = identity;
    }

    /**
     * Fills {@code into} from position to limit.
     *
     * @return false when the device cannot be read so; nothing was read then
     * @throws LastErrorException when the medium fails
     */
    boolean read(long offset, ByteBuffer into) {
        int descriptor = descriptor();
        if (descriptor == ChannelDisk.NO_FD) {
            return false;
        }
        ByteBuffer bounce = AlignedBuffers.bounce();
        int length = into.remaining();
        try {
            if (length > bounce.capacity() || Libc.read(descriptor, bounce, length, offset) != length) {
                return false;
            }
        } catch (LastErrorException e) {
            if (Errno.isUnsupported(e.getErrorCode())) {
                return false;
            }
            throw e;
        }
        into.put(bounce.limit(length));
        return true;
    }

    synchronized int physicalBlockBytes() {
        if (physicalBlockBytes == 0) {
            physicalBlockBytes = identity.isBlockDevice() ? Disks.physicalBlockBytes(identity) : identity.sectorBytes();
        }
        return physicalBlockBytes;
    }

    private synchronized int descriptor() {
        if (fd == UNOPENED) {
            try {
                fd = Libc.openForDirectReading(Path.of(identity.device()));
            } catch (LastErrorException | LinkageError e) {
                LOG.debug("{}: no single sectors: {}", identity.path(), e.getMessage());
                fd = ChannelDisk.NO_FD;
            }
        }
        return fd;
    }

    synchronized void close() {
        if (fd >= 0) {
            Libc.closeQuietly(fd);
        }
        fd = ChannelDisk.NO_FD;
    }
}
