package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The head of a disk with a GPT (protective MBR, header, entries), and what becomes of it on a disk of another length: protective MBR, last
 * usable LBA, place of the backup and checksums change, the partitions do not, but by {@link #withEnd}, {@link #withIds} and {@link #withSectors}. Immutable.
 * Source: UEFI 2.10, 5.2.3 and 5.3.
 */
public final class GptFit {
    private static final byte[] MAGIC = "EFI PART".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 12;
    private static final int HEADER_CRC = 16;
    private static final int MY_LBA = 24;
    private static final int OTHER_LBA = 32;
    private static final int FIRST_USABLE = 40;
    private static final int LAST_USABLE = 48;
    private static final int DISK_GUID = 56;
    private static final int ENTRIES_LBA = 72;
    private static final int ENTRY_COUNT = 80;
    private static final int ENTRY_BYTES = 84;
    private static final int ENTRIES_CRC = 88;
    private static final int LEAST_HEADER_BYTES = 92;
    private static final int UNIQUE_GUID = 16;
    private static final int FIRST_LBA = 32;
    private static final int LAST_LBA = 40;

    private static final int MBR_BYTES = 512;
    private static final int MBR_ENTRIES = 446;
    private static final int MBR_ENTRY_BYTES = 16;
    private static final int MBR_TYPE = 4;
    private static final int MBR_SECTORS = 12;
    private static final int PROTECTIVE = 0xEE;

    private final ByteBuffer head;
    private final int sectorBytes;
    private final int headerBytes;
    private final int entriesLba;
    private final int entriesBytes;
    private final long endLba;

    private GptFit(ByteBuffer head, int sectorBytes, int headerBytes, int entriesLba, int entriesBytes, long endLba) {
        this.head = head;
        this.sectorBytes = sectorBytes;
        this.headerBytes = headerBytes;
        this.entriesLba = entriesLba;
        this.entriesBytes = entriesBytes;
        this.endLba = endLba;
    }

    /**
     * Reads the head of a disk.
     *
     * @param start the first bytes of the disk, position 0 to limit; copied
     * @return empty when there is no sound GPT that lies in these bytes as a whole, or when the MBR names more than the GPT
     */
    public static Optional<GptFit> of(ByteBuffer start, int sectorBytes) {
        ByteBuffer head = copy(start);
        if (head.limit() < 3 * sectorBytes || !isProtective(head) || !hasMagic(head, sectorBytes)) {
            return Optional.empty();
        }
        ByteBuffer header = head.slice(sectorBytes, sectorBytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = header.getInt(HEADER_BYTES);
        if (headerBytes < LEAST_HEADER_BYTES
                || headerBytes > sectorBytes
                || header.getLong(MY_LBA) != 1
                || headerCrc(header, headerBytes) != header.getInt(HEADER_CRC)) {
            return Optional.empty();
        }
        long entriesLba = header.getLong(ENTRIES_LBA);
        int entryBytes = header.getInt(ENTRY_BYTES);
        long entriesBytes = Integer.toUnsignedLong(header.getInt(ENTRY_COUNT)) * entryBytes;
        if (entriesLba < 2
                || entryBytes < 128
                || entriesBytes < 1
                || entriesLba > head.limit() / sectorBytes
                || entriesBytes > head.limit() - entriesLba * sectorBytes) {
            return Optional.empty();
        }
        ByteBuffer entries =
                head.slice((int) entriesLba * sectorBytes, (int) entriesBytes).order(ByteOrder.LITTLE_ENDIAN);
        if (crc(entries.duplicate()) != header.getInt(ENTRIES_CRC)) {
            return Optional.empty();
        }
        long endLba = endLba(entries, entryBytes);
        return endLba < 0
                ? Optional.empty()
                : Optional.of(new GptFit(head, sectorBytes, headerBytes, (int) entriesLba, (int) entriesBytes, endLba));
    }

    /** A hybrid MBR names partitions of its own, which nobody would keep right. */
    private static boolean isProtective(ByteBuffer head) {
        int others = 0;
        int protective = 0;
        for (int slot = 0; slot < 4; slot++) {
            int type = Byte.toUnsignedInt(head.get(MBR_ENTRIES + slot * MBR_ENTRY_BYTES + MBR_TYPE));
            protective += type == PROTECTIVE ? 1 : 0;
            others += type != PROTECTIVE && type != 0 ? 1 : 0;
        }
        return protective == 1 && others == 0;
    }

    static boolean hasMagic(ByteBuffer head, int at) {
        return head.slice(at, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    /** First sector behind the last partition; -1 when a partition ends where no disk has a sector. */
    private static long endLba(ByteBuffer entries, int entryBytes) {
        long end = 0;
        for (int at = 0; at + entryBytes <= entries.limit(); at += entryBytes) {
            boolean isUsed = isUsed(entries, at);
            long last = isUsed ? entries.getLong(at + LAST_LBA) : 0;
            if (last < 0 || last >= GptReader.END_OF_ALL_DISKS) {
                return -1;
            }
            end = isUsed ? Math.max(end, last + 1) : end;
        }
        return end;
    }

    private static boolean isUsed(ByteBuffer entries, int at) {
        return entries.getLong(at) != 0 || entries.getLong(at + Long.BYTES) != 0;
    }

    /** First sector behind the last partition. */
    public long endLba() {
        return endLba;
    }

    /** Where the header says that the backup is: the last sector of the disk that it was made for. */
    public long backupLba() {
        return head.getLong(sectorBytes + OTHER_LBA);
    }

    /** Sectors of a backup: its entries and its header. */
    public int backupSectors() {
        return entriesSectors() + 1;
    }

    /** Sectors that a disk must have for all partitions and the backup. */
    public long leastSectors() {
        return endLba + backupSectors();
    }

    /** What the header counts as itself. */
    int headerBytes() {
        return headerBytes;
    }

    /** First sector of the entries. */
    int entriesLba() {
        return entriesLba;
    }

    /** Sectors of the head: up to the end of the entries. */
    int headSectors() {
        return entriesLba + entriesSectors();
    }

    /**
     * The same table with another end of one partition.
     *
     * @param number of the partition, which must have an entry
     * @param partitionEndLba first sector behind it then
     */
    GptFit withEnd(int number, long partitionEndLba) {
        ByteBuffer changed = copy(head);
        ByteBuffer header = changed.slice(sectorBytes, sectorBytes).order(ByteOrder.LITTLE_ENDIAN);
        int entryBytes = header.getInt(ENTRY_BYTES);
        changed.putLong(entriesLba * sectorBytes + (number - 1) * entryBytes + LAST_LBA, partitionEndLba - 1);
        return sealed(changed);
    }

    /**
     * The same table with other GUIDs.
     *
     * @param disk 16 bytes as they lie on the disk
     * @param partitions the same by number of the partition, which must have an entry; others keep theirs
     */
    GptFit withIds(byte[] disk, Map<Integer, byte[]> partitions) {
        ByteBuffer changed = copy(head);
        ByteBuffer header = changed.slice(sectorBytes, sectorBytes).order(ByteOrder.LITTLE_ENDIAN);
        int entryBytes = header.getInt(ENTRY_BYTES);
        header.put(DISK_GUID, disk);
        partitions.forEach((number, guid) ->
                changed.put(entriesLba * sectorBytes + (number - 1) * entryBytes + UNIQUE_GUID, guid));
        return sealed(changed);
    }

    /**
     * The same table in sectors of another size, with the entries behind the header: all partitions keep their bytes.
     *
     * @param toBytes 512 or 4096, at least {@link #headerBytes()}; each partition begins and ends at a multiple of it
     */
    GptFit withSectors(int toBytes) {
        int entriesSectors = (entriesBytes + toBytes - 1) / toBytes;
        int newEntriesLba = 2;
        ByteBuffer changed = ByteBuffer.allocate((newEntriesLba + entriesSectors) * toBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, head, 0, MBR_BYTES)
                .put(toBytes, head, sectorBytes, headerBytes)
                .put(newEntriesLba * toBytes, head, entriesLba * sectorBytes, entriesBytes);
        ByteBuffer header = changed.slice(toBytes, toBytes).order(ByteOrder.LITTLE_ENDIAN);
        long firstUsable = (header.getLong(FIRST_USABLE) * sectorBytes + toBytes - 1) / toBytes;
        header.putLong(ENTRIES_LBA, newEntriesLba)
                .putLong(FIRST_USABLE, Math.max(firstUsable, newEntriesLba + entriesSectors));
        int entryBytes = header.getInt(ENTRY_BYTES);
        ByteBuffer entries =
                changed.slice(newEntriesLba * toBytes, entriesBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + entryBytes <= entriesBytes; at += entryBytes) {
            if (isUsed(entries, at)) {
                entries.putLong(at + FIRST_LBA, entries.getLong(at + FIRST_LBA) * sectorBytes / toBytes);
                entries.putLong(at + LAST_LBA, (entries.getLong(at + LAST_LBA) + 1) * sectorBytes / toBytes - 1);
            }
        }
        return new GptFit(changed, toBytes, headerBytes, newEntriesLba, entriesBytes, 0).sealed(changed);
    }

    /** A table whose entries have changed, with the checksums that it must have. */
    private GptFit sealed(ByteBuffer changed) {
        ByteBuffer header = changed.slice(sectorBytes, sectorBytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer entries =
                changed.slice(entriesLba * sectorBytes, entriesBytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(ENTRIES_CRC, crc(entries.duplicate()));
        seal(header);
        int entryBytes = header.getInt(ENTRY_BYTES);
        return new GptFit(changed, sectorBytes, headerBytes, entriesLba, entriesBytes, endLba(entries, entryBytes));
    }

    private int entriesSectors() {
        return (entriesBytes + sectorBytes - 1) / sectorBytes;
    }

    /** The head for a disk of so many sectors, at least {@link #leastSectors()}; as many bytes as it was made of, from position 0. */
    public ByteBuffer head(long diskSectors) {
        checkFits(diskSectors);
        ByteBuffer fitted = copy(head);
        for (int slot = 0; slot < 4; slot++) {
            int at = MBR_ENTRIES + slot * MBR_ENTRY_BYTES;
            if (Byte.toUnsignedInt(fitted.get(at + MBR_TYPE)) == PROTECTIVE) {
                fitted.putInt(at + MBR_SECTORS, (int) Math.min(diskSectors - 1, 0xFFFF_FFFFL));
            }
        }
        header(fitted.slice(sectorBytes, sectorBytes).order(ByteOrder.LITTLE_ENDIAN), diskSectors)
                .putLong(OTHER_LBA, diskSectors - 1);
        seal(fitted.slice(sectorBytes, sectorBytes).order(ByteOrder.LITTLE_ENDIAN));
        return fitted;
    }

    /** The last {@link #backupSectors()} of a disk of so many sectors: entries, then header. */
    public ByteBuffer backup(long diskSectors) {
        checkFits(diskSectors);
        ByteBuffer backup = ByteBuffer.allocate(backupSectors() * sectorBytes).order(ByteOrder.LITTLE_ENDIAN);
        backup.put(0, head, entriesLba * sectorBytes, entriesBytes);
        int at = entriesSectors() * sectorBytes;
        backup.put(at, head, sectorBytes, sectorBytes);
        ByteBuffer header = backup.slice(at, sectorBytes).order(ByteOrder.LITTLE_ENDIAN);
        header(header, diskSectors)
                .putLong(MY_LBA, diskSectors - 1)
                .putLong(OTHER_LBA, 1)
                .putLong(ENTRIES_LBA, diskSectors - backupSectors());
        seal(header);
        return backup;
    }

    private ByteBuffer header(ByteBuffer header, long diskSectors) {
        return header.putLong(LAST_USABLE, diskSectors - backupSectors() - 1);
    }

    private void seal(ByteBuffer header) {
        header.putInt(HEADER_CRC, headerCrc(header, headerBytes));
    }

    private void checkFits(long diskSectors) {
        if (diskSectors < leastSectors()) {
            throw new IllegalArgumentException(
                    "sectors: expected at least " + leastSectors() + ", found " + diskSectors);
        }
    }

    private static int headerCrc(ByteBuffer header, int bytes) {
        return crc(ByteBuffer.allocate(bytes).put(0, header, 0, bytes).putInt(HEADER_CRC, 0));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.limit())
                .put(0, bytes, 0, bytes.limit())
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
