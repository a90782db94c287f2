package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.device.CountedDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.fuzz.Budget;

/**
 * All that is done with the partition table of a disk, for fuzz targets. The table is a value or the one exception; what is chosen of it lies on
 * the disk; one that is made to fit a shorter or a longer disk is read again as what it was.
 */
final class TableRun {
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final long MOST_READ_BYTES = 16 << 20;

    /** What the image of a disk has in its first track. */
    private static final int HEAD_BYTES = 1 << 16;

    private final CountedDisk disk;
    private final byte[] content;

    private TableRun(byte[] content, int sectorBytes) {
        this.content = content;
        this.disk = new CountedDisk(content, sectorBytes, MOST_READ_BYTES);
    }

    static void of(byte[] content, int sectorBytes) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            new TableRun(content, sectorBytes).run();
        } catch (DeviceException e) {
            throw new AssertionError("no device has failed", e);
        }
        budget.check();
    }

    private void run() throws DeviceException {
        try {
            PartitionTable table = PartitionTable.read(disk);
            require(table.partitions().size() <= PartitionTable.MAX_PARTITIONS, "more partitions than may be");
            for (SectorRange range : table.sectors()) {
                require(
                        range.firstLba() >= 0 && range.endLba() <= disk.sizeBytes() / disk.sectorBytes(),
                        "a sector of the table lies outside of the disk");
            }
            for (Partition partition : table.partitions()) {
                choose(table, partition);
            }
            ForeignTables.doubt(disk, table);
        } catch (MalformedTableException e) {
            require(!e.getMessage().contains("\n"), "a reason of several lines");
        }
        grow();
        fit();
    }

    private void choose(PartitionTable table, Partition partition) throws DeviceException {
        try {
            Region region = PartitionSelection.parse("" + partition.number(), table, disk)
                    .get(0);
            require(region.endLba() <= disk.sizeBytes() / disk.sectorBytes(), "a partition ends behind the disk");
            ForeignTables.within(disk, region);
            PartitionTypes.owner(partition);
        } catch (RefusedException e) {
            require(e.reason() == RefusedException.Reason.DOES_NOT_FIT, "another reason");
        }
    }

    private void grow() throws DeviceException {
        try {
            TableGrowth growth = TableGrowth.of(disk, "");
            require(growth.endLba() >= growth.partition().endLba(), "a partition becomes shorter");
            long sectors = disk.sizeBytes() / disk.sectorBytes();
            require(growth.endLba() <= sectors, "a partition grows over the end of the disk");
            for (TableGrowth.Patch patch : growth.patches()) {
                long end = patch.firstLba() + patch.bytes().remaining() / disk.sectorBytes();
                require(patch.firstLba() >= 0 && end <= sectors, "a sector of the new table lies outside of the disk");
            }
        } catch (RefusedException e) {
            require(!e.getMessage().isBlank(), "no reason");
        }
    }

    private void fit() {
        Optional<GptFit> found = GptFit.of(ByteBuffer.wrap(content, 0, HEAD_BYTES), disk.sectorBytes());
        if (found.isEmpty()) {
            return;
        }
        GptFit fit = found.get();
        long least = fit.leastSectors();
        require(fit.endLba() >= 0 && least > fit.endLba(), "a disk of " + least + " sectors is long enough");
        ByteBuffer head = fit.head(least);
        require(head.remaining() == HEAD_BYTES, "a head of another length");
        GptFit again =
                GptFit.of(head, disk.sectorBytes()).orElseThrow(() -> new AssertionError("it is no GPT any more"));
        require(again.endLba() == fit.endLba() && again.backupLba() == least - 1, "the head is of another disk");
        require(
                fit.backup(least).remaining() == fit.backupSectors() * disk.sectorBytes(),
                "a backup of another length");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Sectors as pieces of an input. */
    static List<int[]> sectors(int sectorBytes, int... lbas) {
        return Arrays.stream(lbas)
                .mapToObj(lba -> new int[] {lba * sectorBytes, (lba + 1) * sectorBytes})
                .toList();
    }
}
