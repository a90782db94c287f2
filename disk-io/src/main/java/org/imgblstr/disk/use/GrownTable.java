package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.TableGrowth;
import org.imgblstr.disk.signature.LeftoverPlaces;
import org.imgblstr.disk.signature.SignaturePlaces.Range;

/** Writes the table of a disk of which a partition grows. Blocking; one thread. Source: docs/targets.md, section 7. */
public final class GrownTable {
    private final Disk disk;
    private final TableGrowth growth;

    private GrownTable(Disk disk, TableGrowth growth) {
        this.disk = disk;
        this.growth = growth;
    }

    /**
     * Zeroes in the new room of the partition each place where something of an earlier life might show, writes the table, syncs, and reads
     * all of that back. Each piece of the table is synced before the next is written, so that a power cut always leaves a whole table where
     * the table has two copies.
     *
     * @param disk open for writing, the one that {@code growth} was decided for
     * @throws DeviceException also when something else is read back
     */
    public static void write(Disk disk, TableGrowth growth) throws DeviceException {
        GrownTable table = new GrownTable(disk, growth);
        if (growth.isLarger()) {
            table.zeroLeftovers();
        }
        TablePatches.write(disk, growth.patches());
    }

    private void zeroLeftovers() throws DeviceException {
        Partition partition = growth.partition();
        long first = partition.firstLba() * disk.sectorBytes();
        long oldEnd = partition.endLba() * disk.sectorBytes();
        long bytes = growth.endLba() * disk.sectorBytes() - first;
        for (Range place : LeftoverPlaces.of(bytes, disk.sectorBytes())) {
            long from = Math.max(oldEnd, first + place.offset());
            long length = first + place.endOffset() - from;
            if (length > 0) {
                ByteBuffer zeros = AlignedBuffers.allocate((int) length);
                disk.write(from, zeros);
                TablePatches.check(disk, from, zeros.rewind());
            }
        }
    }
}
