package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.filesystem.BlockSource;

/**
 * The first bytes of an array as a volume that watches its reader: a read outside the volume, and more bytes than {@code mostBytes}, are
 * faults of the reader and end it with an {@link AssertionError}.
 */
final class WatchedVolume implements BlockSource {
    private static final int SECTOR_BYTES = 512;

    private final byte[] content;
    private final int sizeBytes;
    private final long mostBytes;
    private final List<long[]> reads = new ArrayList<>();
    private long bytesRead;
    private int failingRead = -1;

    WatchedVolume(byte[] content, int sizeBytes) {
        this.content = content;
        this.sizeBytes = sizeBytes;
        this.mostBytes = 3L * sizeBytes + (1 << 20);
    }

    static WatchedVolume of(byte[] content) {
        return new WatchedVolume(content, content.length);
    }

    /** The n-th read, counted from 0, fails as that of a bad sector does. */
    WatchedVolume failing(int read) {
        failingRead = read;
        return this;
    }

    /** What was read, as {from, end}. */
    List<long[]> reads() {
        return reads;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return SECTOR_BYTES;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        int length = into.remaining();
        if (offset < 0 || offset > sizeBytes - length) {
            throw new AssertionError(
                    "read of " + length + " bytes at " + offset + " leaves the volume of " + sizeBytes);
        }
        bytesRead += length;
        if (bytesRead > mostBytes) {
            throw new AssertionError("more than " + mostBytes + " bytes were read of a volume of " + sizeBytes);
        }
        if (reads.size() == failingRead) {
            throw new DeviceException("read at byte " + offset, Errno.EIO, null);
        }
        reads.add(new long[] {offset, offset + length});
        into.put(content, (int) offset, length);
    }
}
