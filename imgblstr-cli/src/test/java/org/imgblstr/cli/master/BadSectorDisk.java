package org.imgblstr.cli.master;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;

/** A disk on which chosen sectors cannot be read. */
record BadSectorDisk(Disk disk, BitSet bad) implements Disk {
    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        int first = (int) (offset / sectorBytes());
        int hit = bad.nextSetBit(first);
        if (hit >= 0 && hit < first + into.remaining() / sectorBytes()) {
            throw new DeviceException("read at LBA " + hit + ": Input/output error", 5, null);
        }
        disk.read(offset, into);
    }

    @Override
    public DiskIdentity identity() {
        return disk.identity();
    }

    @Override
    public long sizeBytes() {
        return disk.sizeBytes();
    }

    @Override
    public int sectorBytes() {
        return disk.sectorBytes();
    }

    @Override
    public void write(long offset, ByteBuffer from) throws DeviceException {
        disk.write(offset, from);
    }

    @Override
    public void zero(long offset, long length) throws DeviceException {
        disk.zero(offset, length);
    }

    @Override
    public void discard(long offset, long length) throws DeviceException {
        disk.discard(offset, length);
    }

    @Override
    public void sync() throws DeviceException {
        disk.sync();
    }

    @Override
    public void checkInPlace() throws DeviceException {
        disk.checkInPlace();
    }

    @Override
    public void close() {
        disk.close();
    }
}
