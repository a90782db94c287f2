package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.partition.TableGrowth.Patch;

/**
 * How a GPT grows with its disk: the backup moves to the end, both headers and the protective MBR name the new end, and the entry of one
 * partition changes in both copies.
 */
final class GptGrowth {
    private final Disk disk;
    private final Partition partition;
    private final GptFit fit;
    private final int sectorBytes;
    private final long sectors;

    private GptGrowth(Disk disk, Partition partition, GptFit fit) {
        this.disk = disk;
        this.partition = partition;
        this.fit = fit;
        this.sectorBytes = disk.sectorBytes();
        this.sectors = disk.sizeBytes() / sectorBytes;
    }

    static TableGrowth of(Disk disk, Partition partition) throws DeviceException, RefusedException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(Geometry.DEFAULT_TRACK_BYTES, disk.sizeBytes()));
        disk.read(0, head);
        GptFit fit = GptFit.of(head.flip(), disk.sectorBytes())
                .orElseThrow(() -> TableGrowth.refused(
                        disk,
                        "its first GPT is damaged, or its MBR names partitions too, so no partition can be enlarged"));
        return new GptGrowth(disk, partition, fit).growth();
    }

    private TableGrowth growth() throws RefusedException {
        if (fit.leastSectors() > sectors) {
            throw TableGrowth.refused(disk, "there is no room for the backup of its GPT behind the last partition");
        }
        long end = TableGrowth.alignedEnd(partition, sectors - fit.backupSectors(), sectorBytes);
        boolean isRight = end == partition.endLba() && fit.backupLba() == sectors - 1;
        return new TableGrowth(partition, end, isRight ? List.of() : patches(end), false);
    }

    /** The backup first, so that a sound copy is at hand while the head is written; the old backup last. */
    private List<Patch> patches(long end) {
        GptFit grown = fit.withEnd(partition.number(), end);
        List<Patch> patches = new ArrayList<>();
        patches.add(new Patch(sectors - fit.backupSectors(), grown.backup(sectors)));
        patches.add(new Patch(0, grown.head(sectors).slice(0, fit.headSectors() * sectorBytes)));
        long oldFirst = Math.max(partition.endLba(), fit.backupLba() + 1 - fit.backupSectors());
        long oldEnd = Math.min(fit.backupLba() + 1, sectors - fit.backupSectors());
        if (oldFirst < oldEnd) {
            patches.add(new Patch(oldFirst, ByteBuffer.allocate((int) (oldEnd - oldFirst) * sectorBytes)));
        }
        return patches;
    }
}
