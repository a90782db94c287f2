package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.partition.PartitionTable.Gpt;
import org.imgblstr.disk.text.PlainText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a GUID partition table: the primary header at LBA 1, or the backup in the last sector. Little-endian. Source: UEFI 2.10, 5.3.
 * <pre>
 *   header: 0 "EFI PART" | 8 revision | 12 header bytes | 16 CRC-32 | 24 my LBA u64 | 32 other LBA u64 | 40 first usable u64
 *           48 last usable u64 | 56 disk GUID | 72 entries LBA u64 | 80 entry count | 84 entry bytes | 88 CRC-32 of entries
 *   entry:  0 type GUID | 16 unique GUID | 32 first LBA u64 | 40 last LBA u64 | 48 attributes | 56 name, 36 UTF-16 units
 * </pre>
 */
final class GptReader {
    private static final Logger LOG = LoggerFactory.getLogger(GptReader.class);

    private static final byte[] MAGIC = "EFI PART".getBytes(StandardCharsets.US_ASCII);
    private static final int REVISION = 8;
    private static final int HEADER_BYTES = 12;
    private static final int HEADER_CRC = 16;
    private static final int MY_LBA = 24;
    private static final int OTHER_LBA = 32;
    private static final int DISK_GUID = 56;
    private static final int ENTRIES_LBA = 72;
    private static final int ENTRY_COUNT = 80;
    private static final int ENTRY_BYTES = 84;
    private static final int ENTRIES_CRC = 88;
    private static final int LEAST_HEADER_BYTES = 92;

    private static final int UNIQUE_GUID = 16;
    private static final int FIRST_LBA = 32;
    private static final int LAST_LBA = 40;
    private static final int NAME = 56;
    private static final int NAME_BYTES = 72;
    private static final int LEAST_ENTRY_BYTES = 128;

    /** Bound of the memory for entries: 8192 of the usual size, and no table in use has more than 1024. */
    private static final int MOST_ENTRIES_BYTES = 1 << 20;

    /** No disk has so many sectors (4 EiB of the large ones); keeps sums and byte counts below 2^63. */
    static final long END_OF_ALL_DISKS = 1L << 50;

    private static final int[] SECTOR_SIZES = {512, 4096};

    private final TableSectors sectors;

    GptReader(TableSectors sectors) {
        this.sectors = sectors;
    }

    Gpt read() throws DeviceException, MalformedTableException {
        Gpt primary;
        try {
            primary = read(1, false);
        } catch (MalformedTableException e) {
            return readBackup(e);
        }
        return otherCopy(primary).map(ignored -> withAllSectors(primary)).orElse(primary);
    }

    /** The backup of a table: where its header says, else at the end of the disk. Empty when there is no sound one. */
    Optional<Gpt> otherCopy(Gpt primary) throws DeviceException {
        for (long lba : new long[] {primary.backupLba(), sectors.sectorCount() - 1}) {
            try {
                if (lba > 1) {
                    return Optional.of(read(lba, true));
                }
            } catch (MalformedTableException e) {
                LOG.debug("no backup of the partition table: {}", e.getMessage());
            }
        }
        return Optional.empty();
    }

    private Gpt withAllSectors(Gpt gpt) {
        return new Gpt(gpt.diskId(), gpt.partitions(), gpt.backupLba(), gpt.isFromBackup(), sectors.used());
    }

    private Gpt readBackup(MalformedTableException primary) throws DeviceException, MalformedTableException {
        try {
            Gpt gpt = read(sectors.sectorCount() - 1, true);
            LOG.warn("{}; the backup of the table at the end of the disk is used instead", primary.getMessage());
            return gpt;
        } catch (MalformedTableException backup) {
            primary.addSuppressed(backup);
            throw primary;
        }
    }

    private Gpt read(long lba, boolean isBackup) throws DeviceException, MalformedTableException {
        if (!sectors.contains(lba)) {
            throw sectors.fault(lba, 0, "a GPT header", "the end of the disk");
        }
        ByteBuffer header = sectors.read(lba);
        checkHeader(header, lba);
        ByteBuffer entries = readEntries(header, lba);
        long entriesLba = header.getLong(ENTRIES_LBA);
        return new Gpt(
                guid(header, DISK_GUID),
                partitions(header, entries, entriesLba),
                header.getLong(OTHER_LBA),
                isBackup,
                sectors.used());
    }

    private void checkHeader(ByteBuffer header, long lba) throws DeviceException, MalformedTableException {
        if (!startsWithMagic(header)) {
            throw sectors.fault(lba, 0, "\"EFI PART\", a GPT header", foundInstead());
        }
        if (header.getInt(REVISION) >>> 16 != 1) {
            throw sectors.fault(lba, REVISION, "revision 1", header.getInt(REVISION) >>> 16);
        }
        int bytes = header.getInt(HEADER_BYTES);
        if (bytes < LEAST_HEADER_BYTES || bytes > sectors.sectorBytes()) {
            throw sectors.fault(
                    lba, HEADER_BYTES, LEAST_HEADER_BYTES + " to " + sectors.sectorBytes() + " header bytes", bytes);
        }
        int claimed = header.getInt(HEADER_CRC);
        ByteBuffer copy = ByteBuffer.allocate(bytes).put(0, header, 0, bytes).putInt(HEADER_CRC, 0);
        checkCrc(lba, HEADER_CRC, claimed, copy);
        if (header.getLong(MY_LBA) != lba) {
            throw sectors.fault(lba, MY_LBA, "LBA " + lba, header.getLong(MY_LBA));
        }
    }

    private ByteBuffer readEntries(ByteBuffer header, long lba) throws DeviceException, MalformedTableException {
        int entryBytes = header.getInt(ENTRY_BYTES);
        if (entryBytes < LEAST_ENTRY_BYTES || entryBytes > 4096 || Integer.bitCount(entryBytes) != 1) {
            throw sectors.fault(lba, ENTRY_BYTES, "an entry of 128, 256 ... or 4096 bytes", entryBytes);
        }
        int count = header.getInt(ENTRY_COUNT);
        if (count < 1 || count > MOST_ENTRIES_BYTES / entryBytes) {
            throw sectors.fault(
                    lba,
                    ENTRY_COUNT,
                    "1 to " + MOST_ENTRIES_BYTES / entryBytes + " entries",
                    Integer.toUnsignedString(count));
        }
        int bytes = count * entryBytes;
        int sectorCount = (bytes + sectors.sectorBytes() - 1) / sectors.sectorBytes();
        long first = header.getLong(ENTRIES_LBA);
        if (first < 1 || first > sectors.sectorCount() - sectorCount) {
            throw sectors.fault(lba, ENTRIES_LBA, "entries on the disk", "LBA " + Long.toUnsignedString(first));
        }
        ByteBuffer entries = sectors.read(first, sectorCount).limit(bytes);
        checkCrc(lba, ENTRIES_CRC, header.getInt(ENTRIES_CRC), entries.duplicate());
        return entries;
    }

    private List<Partition> partitions(ByteBuffer header, ByteBuffer entries, long entriesLba)
            throws MalformedTableException {
        int entryBytes = header.getInt(ENTRY_BYTES);
        List<Partition> partitions = new ArrayList<>();
        for (int at = 0, number = 1; at < entries.limit(); at += entryBytes, number++) {
            if (entries.getLong(at) == 0 && entries.getLong(at + Long.BYTES) == 0) {
                continue;
            }
            long lba = entriesLba + at / sectors.sectorBytes();
            int offset = at % sectors.sectorBytes();
            if (partitions.size() == PartitionTable.MAX_PARTITIONS) {
                throw sectors.fault(lba, offset, "at most " + PartitionTable.MAX_PARTITIONS + " partitions", "more");
            }
            partitions.add(partition(entries, at, number, lba, offset));
        }
        return partitions;
    }

    private Partition partition(ByteBuffer entries, int at, int number, long lba, int offset)
            throws MalformedTableException {
        long first = entries.getLong(at + FIRST_LBA);
        long last = entries.getLong(at + LAST_LBA);
        if (first < 0 || last < first || last >= END_OF_ALL_DISKS) {
            throw sectors.fault(
                    lba,
                    offset + FIRST_LBA,
                    "partition " + number + " with a last LBA not before the first",
                    Long.toUnsignedString(first) + " to " + Long.toUnsignedString(last));
        }
        return new Partition(
                number,
                first,
                last - first + 1,
                guid(entries, at),
                guid(entries, at + UNIQUE_GUID),
                name(entries, at + NAME));
    }

    private void checkCrc(long lba, int offset, int claimed, ByteBuffer bytes) throws MalformedTableException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if ((int) crc.getValue() != claimed) {
            throw sectors.fault(
                    lba,
                    offset,
                    "CRC-32 " + HexFormat.of().toHexDigits(claimed),
                    HexFormat.of().toHexDigits((int) crc.getValue()));
        }
    }

    /** Says so when the header is where a disk with other sectors has it, which is the usual reason. */
    private String foundInstead() throws DeviceException, MalformedTableException {
        for (int size : SECTOR_SIZES) {
            if (size != sectors.sectorBytes() && startsWithMagic(sectors.readBytes(size, MAGIC.length))) {
                return "the table of a disk with sectors of " + size + " bytes, on one with " + sectors.sectorBytes();
            }
        }
        return "something else";
    }

    private static boolean startsWithMagic(ByteBuffer bytes) {
        return bytes.limit() >= MAGIC.length && bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    /** Text of a GUID: three little-endian fields, then eight bytes in order (UEFI 2.10, appendix A). */
    private static String guid(ByteBuffer bytes, int at) {
        ByteBuffer bigEndian = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        HexFormat upper = HexFormat.of().withUpperCase();
        return String.join(
                "-",
                upper.toHexDigits(bytes.getInt(at)),
                upper.toHexDigits(bytes.getShort(at + 4)),
                upper.toHexDigits(bytes.getShort(at + 6)),
                upper.toHexDigits(bigEndian.getShort(at + 8)),
                upper.toHexDigits(bigEndian.getLong(at + 8), 12));
    }

    /** Name up to its first zero, without control characters, because a terminal obeys those. */
    private static String name(ByteBuffer entries, int at) {
        byte[] units = new byte[NAME_BYTES];
        entries.get(at, units);
        String name = new String(units, StandardCharsets.UTF_16LE);
        int end = name.indexOf('\0');
        return PlainText.of(end < 0 ? name : name.substring(0, end));
    }
}
