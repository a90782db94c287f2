package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.TableGrowth.Patch;

/**
 * How an entry of a master boot record gets another end, because it grows with its disk or shrinks: sector count, and the CHS address of its end. A logical
 * partition takes its extended partition with it, and the link that names its record.
 */
final class MbrGrowth {
    /** Behind this an entry of 32 bits names nothing. */
    private static final long END_OF_MBR = 0xFFFF_FFFFL;

    private final Disk disk;
    private final PartitionTable.Mbr table;
    private final Partition partition;
    private final long endLba;
    private final List<Patch> patches = new ArrayList<>();

    private MbrGrowth(Disk disk, PartitionTable.Mbr table, Partition partition, long endLba) {
        this.disk = disk;
        this.table = table;
        this.partition = partition;
        this.endLba = endLba;
    }

    static TableGrowth of(Disk disk, PartitionTable.Mbr table, Partition partition)
            throws DeviceException, RefusedException {
        long sectors = disk.sizeBytes() / disk.sectorBytes();
        long end = TableGrowth.alignedEnd(partition, Math.min(sectors, END_OF_MBR), disk.sectorBytes());
        MbrGrowth growth = new MbrGrowth(disk, table, partition, end);
        if (end > partition.endLba()) {
            growth.addPatches();
        }
        return new TableGrowth(partition, end, growth.patches, sectors > END_OF_MBR);
    }

    /** What changes when a partition ends elsewhere, earlier than it does: then its extended partition ends there too. */
    static List<Patch> patches(Disk disk, PartitionTable.Mbr table, Partition partition, long endLba)
            throws DeviceException, RefusedException {
        MbrGrowth change = new MbrGrowth(disk, table, partition, endLba);
        change.addPatches();
        return change.patches;
    }

    /** What holds comes before what is held, so that nothing ever lies outside. */
    private void addPatches() throws DeviceException, RefusedException {
        ByteBuffer mbr = sector(0);
        if (partition.number() < MbrReader.FIRST_LOGICAL) {
            setEnd(mbr, partition.number() - 1, partition.firstLba());
            patches.add(new Patch(0, mbr));
            return;
        }
        Partition container = table.extended().stream()
                .filter(partition::overlaps)
                .findFirst()
                .orElseThrow(() -> notFound());
        boolean isShorter = endLba < partition.endLba();
        if (isShorter ? endLba < container.endLba() : endLba > container.endLba()) {
            setEnd(mbr, container.number() - 1, container.firstLba());
            patches.add(new Patch(0, mbr));
        }
        addChain(container);
    }

    /** The record of the partition, and before it the link that leads there. */
    private void addChain(Partition container) throws DeviceException, RefusedException {
        long recordLba = container.firstLba();
        ByteBuffer record = sector(recordLba);
        for (int count = 0; count < PartitionTable.MAX_PARTITIONS; count++) {
            int slot = slotOfPartition(record, recordLba);
            if (slot >= 0) {
                setEnd(record, slot, partition.firstLba());
                patches.add(new Patch(recordLba, record));
                return;
            }
            int link = slotOfLink(record);
            long nextLba = container.firstLba() + MbrReader.firstLba(record, link);
            ByteBuffer next = sector(nextLba);
            if (slotOfPartition(next, nextLba) >= 0) {
                setEnd(record, link, nextLba);
                patches.add(new Patch(recordLba, record));
            }
            recordLba = nextLba;
            record = next;
        }
        throw notFound();
    }

    private int slotOfPartition(ByteBuffer record, long recordLba) {
        for (int slot = 0; slot < MbrReader.CHAIN_ENTRY_COUNT; slot++) {
            if (!MbrReader.isExtended(record, slot)
                    && recordLba + MbrReader.firstLba(record, slot) == partition.firstLba()
                    && MbrReader.sectorCount(record, slot) == partition.sectorCount()) {
                return slot;
            }
        }
        return -1;
    }

    private int slotOfLink(ByteBuffer record) throws RefusedException {
        for (int slot = 0; slot < MbrReader.ENTRY_COUNT; slot++) {
            if (MbrReader.isExtended(record, slot) && MbrReader.sectorCount(record, slot) != 0) {
                return slot;
            }
        }
        throw notFound();
    }

    /** {@code firstLba}: where the entry begins on the disk. */
    private void setEnd(ByteBuffer sector, int slot, long firstLba) {
        int at = MbrReader.ENTRIES + slot * MbrReader.ENTRY_BYTES;
        sector.putInt(at + MbrReader.SECTOR_COUNT, (int) (endLba - firstLba));
        MbrChs.putEnd(sector, slot, endLba);
    }

    private ByteBuffer sector(long lba) throws DeviceException {
        ByteBuffer sector = ByteBuffer.allocate(disk.sectorBytes());
        disk.read(lba * disk.sectorBytes(), sector);
        return sector.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private RefusedException notFound() {
        return TableGrowth.refused(
                disk,
                "the chain of extended boot records has changed, so partition " + partition.number()
                        + " cannot be enlarged");
    }
}
