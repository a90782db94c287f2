package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A disk on which chosen sectors fail, a chosen number of times, with a chosen error number. */
public final class FaultyDisk implements Disk {
    /** For a fault that never goes away. */
    public static final int FOR_EVER = Integer.MAX_VALUE;

    private static final class Fault {
        final String operation;
        final long lba;
        final int errno;
        int times;

        Fault(String operation, long lba, int errno, int times) {
            this.operation = operation;
            this.lba = lba;
            this.errno = errno;
            this.times = times;
        }
    }

    private final Disk disk;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    public FaultyDisk(Disk disk) {
        this.disk = disk;
    }

    public synchronized FaultyDisk failReads(long lba, int errno, int times) {
        faults.add(new Fault("read", lba, errno, times));
        return this;
    }

    public synchronized FaultyDisk failWrites(long lba, int errno, int times) {
        faults.add(new Fault("write", lba, errno, times));
        return this;
    }

    /** What was called, as {@code "read 0 512"}, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized void call(String operation, long offset, long length, ByteBuffer moved)
            throws DeviceException {
        calls.add(operation + " " + offset + " " + length);
        for (Fault fault : faults) {
            long at = fault.lba * sectorBytes();
            if (fault.times > 0 && fault.operation.equals(operation) && at >= offset && at < offset + length) {
                fault.times = fault.times == FOR_EVER ? FOR_EVER : fault.times - 1;
                moved.position(moved.position() + (int) (at - offset));
                throw new DeviceException(operation + " at LBA " + fault.lba, fault.errno, null);
            }
        }
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
    public void read(long offset, ByteBuffer into) throws DeviceException {
        call("read", offset, into.remaining(), into);
        disk.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws DeviceException {
        call("write", offset, from.remaining(), from);
        disk.write(offset, from);
    }

    @Override
    public void zero(long offset, long length) throws DeviceException {
        call("zero", offset, length, ByteBuffer.allocate(0));
        disk.zero(offset, length);
    }

    @Override
    public void discard(long offset, long length) throws DeviceException {
        call("discard", offset, length, ByteBuffer.allocate(0));
        disk.discard(offset, length);
    }

    @Override
    public void sync() throws DeviceException {
        call("sync", 0, 0, null);
        disk.sync();
    }

    @Override
    public void checkInPlace() throws DeviceException {
        disk.checkInPlace();
    }

    @Override
    public synchronized boolean rereadPartitionTable() {
        calls.add("reread");
        return true;
    }

    @Override
    public void close() {
        disk.close();
    }
}
