package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;

/** A byte range of a disk as a volume. Reads what is not aligned through a small buffer. */
public final class VolumeSlice implements BlockSource {
    private static final int BOUNCE_BYTES = 64 * 1024;

    private final Disk disk;
    private final long firstByte;
    private final long sizeBytes;
    private final boolean isDivided;

    /** {@code firstByte} and {@code sizeBytes}: multiples of the disk's sector size, within the disk. */
    public VolumeSlice(Disk disk, long firstByte, long sizeBytes) {
        this(disk, firstByte, sizeBytes, false);
    }

    private VolumeSlice(Disk disk, long firstByte, long sizeBytes, boolean isDivided) {
        int sectorBytes = disk.sectorBytes();
        if (firstByte < 0
                || sizeBytes < 0
                || firstByte > disk.sizeBytes() - sizeBytes
                || firstByte % sectorBytes != 0
                || sizeBytes % sectorBytes != 0) {
            throw new IllegalArgumentException(
                    "slice: first byte " + firstByte + ", bytes " + sizeBytes + " of a disk of " + disk.sizeBytes());
        }
        this.disk = disk;
        this.firstByte = firstByte;
        this.sizeBytes = sizeBytes;
        this.isDivided = isDivided;
    }

    /** All of a disk, down to a whole number of sectors. */
    public static VolumeSlice whole(Disk disk) {
        return new VolumeSlice(disk, 0, wholeBytes(disk));
    }

    /** All of a disk that has a partition table. */
    public static VolumeSlice divided(Disk disk) {
        return new VolumeSlice(disk, 0, wholeBytes(disk), true);
    }

    private static long wholeBytes(Disk disk) {
        return disk.sizeBytes() / disk.sectorBytes() * disk.sectorBytes();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return disk.sectorBytes();
    }

    @Override
    public boolean isDivided() {
        return isDivided;
    }

    @Override
    public Optional<String> node() {
        return Disks.nodeOf(disk.identity(), firstByte, sizeBytes);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws DeviceException {
        int length = into.remaining();
        if (offset < 0 || offset > sizeBytes - length) {
            throw new DeviceException(
                    "read of " + length + " bytes at " + offset + " leaves the volume of " + sizeBytes, 0, null);
        }
        if (offset % sectorBytes() == 0 && length % sectorBytes() == 0) {
            disk.readAlone(firstByte + offset, into);
        } else {
            readUnaligned(offset, into);
        }
    }

    private void readUnaligned(long offset, ByteBuffer into) throws DeviceException {
        ByteBuffer bounce = ByteBuffer.allocate(BOUNCE_BYTES);
        long at = offset;
        while (into.hasRemaining()) {
            int lead = (int) (at % sectorBytes());
            int wanted = Math.min(into.remaining(), BOUNCE_BYTES - lead);
            int sectors = (lead + wanted + sectorBytes() - 1) / sectorBytes();
            bounce.clear().limit(sectors * sectorBytes());
            disk.readAlone(firstByte + at - lead, bounce);
            bounce.clear().position(lead).limit(lead + wanted);
            into.put(bounce);
            at += wanted;
        }
    }
}
