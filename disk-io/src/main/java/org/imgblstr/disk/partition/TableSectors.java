package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;

/** Reads the sectors of tables, within the disk, remembers which those were, and words their faults. */
final class TableSectors {
    private final Disk disk;
    private final List<SectorRange> used = new ArrayList<>();

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

    /** Every range of sectors that {@link #read} gave: what it took to find the partitions. */
    List<SectorRange> used() {
        return List.copyOf(used);
    }

    /** One sector, little-endian. */
    ByteBuffer read(long lba) throws DeviceException, MalformedTableException {
        return read(lba, 1);
    }

    /**
     * Some sectors, little-endian. The caller has checked that they lie on the disk and are few.
     *
     * @throws MalformedTableException when they cannot be read: another copy of the table may answer
     * @throws DeviceException when the disk is gone
     */
    ByteBuffer read(long lba, int count) throws DeviceException, MalformedTableException {
        ByteBuffer sectors = ByteBuffer.allocate(count * sectorBytes());
        try {
            disk.readAlone(lba * sectorBytes(), sectors);
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            throw fault(lba, 0, count == 1 ? "a readable sector" : count + " readable sectors", e.getMessage());
        }
        used.add(new SectorRange(lba, count));
        return sectors.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Some bytes anywhere on the disk; fewer where it ends. */
    ByteBuffer readBytes(int offset, int length) throws DeviceException, MalformedTableException {
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
