package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;

/** Reads the sectors of tables, within the disk, and words their faults. */
final class TableSectors {
    private final Disk disk;

    TableSectors(Disk disk) {
        this.disk = disk;
    }

    int sectorBytes() {
        return disk.sectorBytes();
    }

    long sectorCount() {
        return disk.sizeBytes() / disk.sectorBytes();
    }

    boolean contains(long lba) {
        return lba >= 0 && lba < sectorCount();
    }

    /** One sector, little-endian. */
    ByteBuffer read(long lba) throws DeviceException {
        return read(lba, 1);
    }

    /** Some sectors, little-endian. The caller has checked that they lie on the disk and are few. */
    ByteBuffer read(long lba, int count) throws DeviceException {
        ByteBuffer sectors = ByteBuffer.allocate(count * sectorBytes());
        disk.read(lba * sectorBytes(), sectors);
        return sectors.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Some bytes anywhere on the disk; fewer where it ends. */
    ByteBuffer readBytes(int offset, int length) throws DeviceException {
        int first = offset / sectorBytes();
        long end = Math.min(sectorCount(), (offset + (long) length + sectorBytes() - 1) / sectorBytes());
        if (first >= end) {
            return ByteBuffer.allocate(0);
        }
        ByteBuffer sectors = read(first, (int) (end - first));
        int position = offset - first * sectorBytes();
        return sectors.slice(position, Math.min(length, sectors.limit() - position));
    }

    MalformedTableException fault(long lba, int offset, String expected, Object found) {
        return new MalformedTableException(disk.identity().describe(), lba, offset, expected, String.valueOf(found));
    }

    String describe() {
        return disk.identity().describe();
    }
}
