package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import org.imgblstr.disk.filesystem.BlockSource;

/** The first bytes of an array as a volume that counts what is read of it, and remembers nothing else: it is read a million times. */
final class CountedVolume implements BlockSource {
    private final byte[] content;
    private final int sizeBytes;
    private long bytesRead;

    CountedVolume(byte[] content, int sizeBytes) {
        this.content = content;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return 512;
    }

    /** A read that leaves the volume, or one too many, is a fault of the reader. */
    @Override
    public void read(long offset, ByteBuffer into) {
        int length = into.remaining();
        if (offset < 0 || offset > sizeBytes - length) {
            throw new AssertionError(
                    "read of " + length + " bytes at " + offset + " leaves the volume of " + sizeBytes);
        }
        bytesRead += length;
        long mostBytes = 3L * content.length + (1 << 20);
        if (bytesRead > mostBytes) {
            throw new AssertionError("more than " + mostBytes + " bytes were read");
        }
        into.put(content, (int) offset, length);
    }
}
