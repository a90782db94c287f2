package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** A disk of any size whose bytes are a function of their place. Chosen sectors cannot be read, and each read that fails takes its time. */
public final class BadDisk implements Disk {
    private final long sectors;
    private final int sectorBytes;
    private final int physicalBytes;
    public final BitSet bad = new BitSet();
    public long failNs;
    public long nowNs;
    public int reads;
    public int failures;

    /** {@code physicalBytes}: what is lost with one bad sector. */
    public BadDisk(long sectors, int sectorBytes, int physicalBytes) {
        this.sectors = sectors;
        this.sectorBytes = sectorBytes;
        this.physicalBytes = physicalBytes;
    }

    public static byte byteAt(long offset) {
        return (byte) (1 + (offset / 512 * 31 + offset) % 251);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        reads++;
        long first = offset / physicalBytes * physicalBytes / sectorBytes;
        long end = (offset + into.remaining() + physicalBytes - 1) / physicalBytes * physicalBytes / sectorBytes;
        int hit = bad.nextSetBit((int) first);
        long at = offset;
        while (into.hasRemaining() && (hit < 0 || hit >= end || at < (long) hit * sectorBytes)) {
            into.put(byteAt(at++));
        }
        if (hit >= 0 && hit < end) {
            // What a failing read leaves in the buffer is anything.
            into.put(into.position(), (byte) 0x77);
            failures++;
            nowNs += failNs;
            throw new DeviceException("read at LBA " + hit, Errno.EIO, null);
        }
    }

    @Override
    public int physicalBlockBytes() {
        return physicalBytes;
    }

    @Override
    public DiskIdentity identity() {
        return new DiskIdentity("bad", "bad", "", "", sizeBytes(), sectorBytes, DiskIdentity.Kind.FILE);
    }

    @Override
    public long sizeBytes() {
        return sectors * sectorBytes;
    }

    @Override
    public int sectorBytes() {
        return sectorBytes;
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void zero(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void discard(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkInPlace() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
