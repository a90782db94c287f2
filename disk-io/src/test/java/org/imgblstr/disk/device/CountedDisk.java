package org.imgblstr.disk.device;

import java.nio.ByteBuffer;

/** An array as a disk that is only read, and counts what is read of it. */
public final class CountedDisk implements Disk {
    private final byte[] content;
    private final int sectorBytes;
    private final long mostBytes;
    private long bytesRead;

    /** {@code mostBytes}: who reads more of it is at fault. */
    public CountedDisk(byte[] content, int sectorBytes, long mostBytes) {
        this.content = content;
        this.sectorBytes = sectorBytes;
        this.mostBytes = mostBytes;
    }

    @Override
    public DiskIdentity identity() {
        return new DiskIdentity("disk", "disk", "", "", sizeBytes(), sectorBytes, DiskIdentity.Kind.FILE);
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    @Override
    public int sectorBytes() {
        return sectorBytes;
    }

    /** A read that is not of whole sectors of the disk, or one too many, is a fault of the caller. */
    @Override
    public void read(long offset, ByteBuffer into) {
        int length = into.remaining();
        boolean isWhole = offset % sectorBytes == 0 && length % sectorBytes == 0;
        if (offset < 0 || offset > content.length - length || !isWhole) {
            throw new AssertionError("read of " + length + " bytes at " + offset + " of a disk of " + content.length);
        }
        bytesRead += length;
        if (bytesRead > mostBytes) {
            throw new AssertionError("more than " + mostBytes + " bytes were read");
        }
        into.put(content, (int) offset, length);
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw new AssertionError("nobody writes here");
    }

    @Override
    public void zero(long offset, long length) {
        throw new AssertionError("nobody writes here");
    }

    @Override
    public void discard(long offset, long length) {
        throw new AssertionError("nobody writes here");
    }

    @Override
    public void sync() {}

    @Override
    public void checkInPlace() {}

    @Override
    public void close() {}
}
