package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.filesystem.VolumePatch;
import org.imgblstr.disk.geometry.Geometry;

/**
 * A partition table in sectors of another size: each partition keeps its bytes. Nothing is written here. Immutable. Source: docs/targets.md,
 * section 11.
 *
 * @param sizeBytes of the disk afterwards, a multiple of the new sectors; longer than the source only where the backup of a GPT has no room behind
 *     the last partition
 * @param moreBytes by which the backup of a GPT becomes longer, 0 or more
 * @param patches bytes of the disk, in the order in which they are to be written
 */
public record TableTranslation(long sizeBytes, long moreBytes, List<VolumePatch> patches) {
    private static final long MOST_32 = 0xFFFF_FFFFL;
    private static final String NEEDED = "where the new GPT needs room";

    public TableTranslation {
        patches = List.copyOf(patches);
    }

    /**
     * Decides. Reads the table only.
     *
     * @param table the table of {@code disk}
     * @param toBytes size of the new sectors: 512 or 4096
     * @throws RefusedException when the table cannot count in them; the message is a clause
     */
    public static TableTranslation of(Disk disk, PartitionTable table, int toBytes)
            throws DeviceException, RefusedException {
        String doubt = ForeignTables.doubt(disk, table);
        if (!doubt.isEmpty()) {
            throw refused(doubt);
        }
        for (Partition partition : table.partitions()) {
            checkPlace(disk, partition, "partition ", toBytes);
        }
        if (table instanceof PartitionTable.Gpt) {
            return gpt(disk, table, toBytes);
        }
        long sizeBytes = disk.sizeBytes() / toBytes * toBytes;
        checkZero(disk, sizeBytes, disk.sizeBytes(), "behind the last whole sector of " + toBytes);
        return table instanceof PartitionTable.Mbr mbr
                ? new TableTranslation(sizeBytes, 0, mbr(disk, mbr, toBytes))
                : new TableTranslation(sizeBytes, 0, List.of());
    }

    private static void checkPlace(Disk disk, Partition partition, String what, int toBytes) throws RefusedException {
        long sectors = disk.sizeBytes() / disk.sectorBytes();
        if (partition.endLba() > sectors || partition.firstLba() < 0) {
            throw refused(what + partition.number() + " ends behind its disk");
        }
        checkMultiple(
                what + partition.number() + " starts at byte ", partition.firstLba() * disk.sectorBytes(), toBytes);
        checkMultiple(what + partition.number() + " ends at byte ", partition.endLba() * disk.sectorBytes(), toBytes);
    }

    private static void checkMultiple(String what, long bytes, int toBytes) throws RefusedException {
        if (bytes % toBytes != 0) {
            throw refused(what + bytes + ", which is no multiple of " + toBytes);
        }
    }

    private static TableTranslation gpt(Disk disk, PartitionTable table, int toBytes)
            throws DeviceException, RefusedException {
        int fromBytes = disk.sectorBytes();
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(Geometry.DEFAULT_TRACK_BYTES, disk.sizeBytes()));
        disk.read(0, start);
        GptFit fit = GptFit.of(start.flip(), fromBytes)
                .filter(found -> found.headerBytes() <= VolumePatch.UNIT_BYTES)
                .orElseThrow(() -> refused(
                        "its first GPT is damaged or far from the start of the disk, or its MBR names partitions too"));
        GptFit translated = fit.withSectors(toBytes);
        long sectors = Math.max(disk.sizeBytes() / toBytes, translated.leastSectors());
        ByteBuffer head = translated.head(sectors);
        int oldHead = fit.headSectors() * fromBytes;
        checkRoom(table, start, oldHead, head.limit(), fromBytes);
        checkZero(start, 2 * fromBytes, fit.entriesLba() * fromBytes, "between the header of its GPT and the entries");
        ByteBuffer wholeHead =
                ByteBuffer.allocate(Math.max(oldHead, head.limit())).put(0, head, 0, head.limit());
        List<VolumePatch> patches =
                end(disk, fit, fromBytes, (sectors - translated.backupSectors()) * toBytes, translated.backup(sectors));
        patches.add(new VolumePatch(0, wholeHead));
        return new TableTranslation(sectors * toBytes, moreBytes(disk, fit, fromBytes, translated, toBytes), patches);
    }

    /** Up to the whole disk where something lies at the place of the old backup that is none: it stays, and it is needed. */
    private static long moreBytes(Disk disk, GptFit old, int fromBytes, GptFit translated, int toBytes)
            throws DeviceException {
        long oldBytes = (long) old.backupSectors() * fromBytes;
        long sizeBytes = disk.sizeBytes() / fromBytes * fromBytes;
        if (backupEnd(disk, old, fromBytes) == 0
                && firstData(disk, Math.max(0, sizeBytes - oldBytes), sizeBytes) < sizeBytes) {
            return sizeBytes;
        }
        return Math.max(0, (long) translated.backupSectors() * toBytes - oldBytes);
    }

    /** The new backup, and zeros where the old one was; they overlap where both are at the end of the disk. */
    private static List<VolumePatch> end(Disk disk, GptFit old, int fromBytes, long first, ByteBuffer backup)
            throws DeviceException, RefusedException {
        long oldEnd = backupEnd(disk, old, fromBytes);
        long oldFirst = Math.max(old.endLba() * fromBytes, oldEnd - (long) old.backupSectors() * fromBytes);
        long end = first + backup.limit();
        long diskEnd = Math.max(end, disk.sizeBytes());
        checkZero(disk, first, Math.min(diskEnd, oldFirst), NEEDED);
        checkZero(disk, Math.max(first, oldEnd), diskEnd, NEEDED);
        List<VolumePatch> patches = new ArrayList<>();
        long zerosEnd = Math.min(oldEnd, first);
        if (oldFirst < zerosEnd) {
            patches.add(new VolumePatch(oldFirst, ByteBuffer.allocate((int) (zerosEnd - oldFirst))));
        }
        patches.add(new VolumePatch(first, backup));
        long zerosFirst = Math.max(end, oldFirst);
        if (zerosFirst < oldEnd) {
            patches.add(new VolumePatch(zerosFirst, ByteBuffer.allocate((int) (oldEnd - zerosFirst))));
        }
        return patches;
    }

    /** The end of the old backup; 0 where it is not at the place that the header names, or lies in a partition. */
    private static long backupEnd(Disk disk, GptFit old, int fromBytes) throws DeviceException {
        long lba = old.backupLba();
        if (lba < old.endLba() || lba >= disk.sizeBytes() / fromBytes) {
            return 0;
        }
        ByteBuffer sector = ByteBuffer.allocate(fromBytes);
        disk.read(lba * fromBytes, sector);
        return GptFit.hasMagic(sector.flip(), 0) ? (lba + 1) * fromBytes : 0;
    }

    /** Refuses to write over what is neither a partition nor the old table. */
    private static void checkZero(Disk disk, long first, long end, String where)
            throws DeviceException, RefusedException {
        long at = firstData(disk, first, end);
        if (at < end) {
            throw refused("something lies at byte " + at + ", " + where);
        }
    }

    /** The first byte that is not zero; {@code end} when there is none. Bytes behind the disk count as zeros. */
    private static long firstData(Disk disk, long first, long end) throws DeviceException {
        long from = first / disk.sectorBytes() * disk.sectorBytes();
        long to = Math.min(end, disk.sizeBytes() / disk.sectorBytes() * disk.sectorBytes());
        if (first >= to) {
            return end;
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        disk.read(from, bytes);
        for (long at = first; at < to; at++) {
            if (bytes.get((int) (at - from)) != 0) {
                return at;
            }
        }
        return end;
    }

    private static void checkZero(ByteBuffer bytes, int from, int to, String where) throws RefusedException {
        for (int at = from; at < to; at++) {
            if (at >= bytes.limit() || bytes.get(at) != 0) {
                throw refused("something lies at byte " + at + ", " + where);
            }
        }
    }

    /** A GPT of longer sectors takes more of the start of the disk. */
    private static void checkRoom(PartitionTable table, ByteBuffer start, int oldHead, int newHead, int fromBytes)
            throws RefusedException {
        for (Partition partition : table.partitions()) {
            if (partition.firstLba() * fromBytes < newHead) {
                throw refused("partition " + partition.number() + " starts at byte " + partition.firstLba() * fromBytes
                        + ", and the new GPT needs the first " + newHead + " bytes");
            }
        }
        checkZero(start, oldHead, newHead, NEEDED);
    }

    /** Each sector of the table, the MBR and all extended boot records, counts from itself or from the extended partition. */
    private static List<VolumePatch> mbr(Disk disk, PartitionTable.Mbr table, int toBytes)
            throws DeviceException, RefusedException {
        for (Partition container : table.extended()) {
            checkPlace(disk, container, "extended partition ", toBytes);
        }
        int fromBytes = disk.sectorBytes();
        List<VolumePatch> patches = new ArrayList<>();
        for (SectorRange range : table.sectors().stream().distinct().toList()) {
            long at = range.firstLba() * fromBytes;
            checkMultiple("an extended boot record lies at byte ", at, toBytes);
            ByteBuffer sector = ByteBuffer.allocate(fromBytes);
            disk.read(at, sector);
            ByteBuffer record = sector.flip().slice(0, VolumePatch.UNIT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (MbrReader.hasMagic(record)) {
                for (int slot = 0; slot < MbrReader.ENTRY_COUNT; slot++) {
                    long base = base(table, range.firstLba(), MbrReader.isExtended(record, slot));
                    translate(record, slot, base * fromBytes, fromBytes, toBytes);
                }
                patches.add(new VolumePatch(at, record));
            }
        }
        return patches;
    }

    /** What the entries of a record count from: the record, or for a link the extended partition. */
    private static long base(PartitionTable.Mbr table, long recordLba, boolean isLink) {
        return table.extended().stream()
                .filter(container -> isLink && container.firstLba() <= recordLba && recordLba < container.endLba())
                .mapToLong(Partition::firstLba)
                .findFirst()
                .orElse(recordLba);
    }

    private static void translate(ByteBuffer record, int slot, long base, int fromBytes, int toBytes)
            throws RefusedException {
        long count = MbrReader.sectorCount(record, slot) * fromBytes;
        long first = MbrReader.firstLba(record, slot) * fromBytes;
        if (count == 0) {
            return;
        }
        checkMultiple("an entry of its MBR starts at byte ", base + first, toBytes);
        checkMultiple("an entry of its MBR ends at byte ", base + first + count, toBytes);
        if ((first + count) / toBytes > MOST_32) {
            throw refused("an MBR cannot count " + (first + count) / toBytes + " sectors");
        }
        int at = MbrReader.ENTRIES + slot * MbrReader.ENTRY_BYTES;
        record.putInt(at + MbrReader.FIRST_LBA, (int) (first / toBytes));
        record.putInt(at + MbrReader.SECTOR_COUNT, (int) (count / toBytes));
        MbrChs.putStart(record, slot, (base + first) / toBytes);
        MbrChs.putEnd(record, slot, (base + first + count) / toBytes);
    }

    private static RefusedException refused(String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, why);
    }
}
