package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Region;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a master boot record and the chain of extended boot records behind it. Little-endian.
 * <pre>
 *   0        440             446                                             510
 *   | code   | signature u32 | 4 entries of 16 bytes                         | 55 AA |
 *   entry: 0 boot indicator u8 | 1 CHS | 4 type u8 | 5 CHS | 8 first LBA u32 | 12 sectors u32
 * </pre>
 * An entry with sectors is a partition, also one of type 0: Linux, sfdisk and libblkid take it for one.
 * In an extended boot record the first LBA of a data entry counts from that record, the one of a link from the extended partition.
 */
final class MbrReader {
    private static final Logger LOG = LoggerFactory.getLogger(MbrReader.class);

    private static final int SIGNATURE = 440;
    static final int ENTRIES = 446;
    static final int ENTRY_BYTES = 16;
    static final int ENTRY_COUNT = 4;
    private static final int TYPE = 4;
    static final int FIRST_LBA = 8;
    static final int SECTOR_COUNT = 12;
    private static final int MAGIC = 510;
    private static final int MAGIC_VALUE = 0xAA55;
    private static final int ACTIVE = 0x80;
    private static final int GPT_PROTECTIVE = 0xEE;
    static final int FIRST_LOGICAL = 5;

    /**
     * Entries of an extended boot record that hold its partition. A link counts in any of the four: Linux and libblkid follow it there,
     * and take what else is in the third and fourth for a leftover of OS/2.
     */
    static final int CHAIN_ENTRY_COUNT = 2;

    /** Where FAT12/16, FAT32, NTFS and exFAT name themselves in a boot sector that looks like an MBR. */
    private static final int[] NAME_OFFSETS = {3, 3, 54, 82};

    private static final String[] NAMES = {"NTFS    ", "EXFAT   ", "FAT", "FAT32"};

    private final TableSectors sectors;
    private final List<Partition> partitions = new ArrayList<>();
    private final List<Partition> extended = new ArrayList<>();
    private int signature;
    private int nextLogical = FIRST_LOGICAL;

    MbrReader(TableSectors sectors) {
        this.sectors = sectors;
    }

    PartitionTable read() throws DeviceException, MalformedTableException {
        ByteBuffer mbr;
        try {
            mbr = sectors.read(0);
        } catch (MalformedTableException unreadable) {
            return withoutMbr(unreadable);
        }
        if (!hasMagic(mbr) || !hasBootIndicators(mbr) || isBootSectorOfFileSystem(mbr)) {
            return new PartitionTable.None();
        }
        for (int slot = 0; slot < ENTRY_COUNT; slot++) {
            if (type(mbr, slot) == GPT_PROTECTIVE) {
                return new GptReader(sectors).read();
            }
        }
        signature = mbr.getInt(SIGNATURE);
        readPrimaries(mbr);
        for (Partition container : extended) {
            readChain(container);
        }
        return new PartitionTable.Mbr(signature, partitions, extended, sectors.used());
    }

    /** A GPT tells its partitions without the protective MBR before it. */
    private PartitionTable withoutMbr(MalformedTableException unreadable)
            throws DeviceException, MalformedTableException {
        try {
            PartitionTable gpt = new GptReader(sectors).read();
            LOG.warn("{}; the GPT is used", unreadable.getMessage());
            return gpt;
        } catch (MalformedTableException e) {
            unreadable.addSuppressed(e);
            throw unreadable;
        }
    }

    /** The entries of the MBR without those of extended partitions, and whatever a protective entry says: what a hybrid MBR holds. */
    List<Partition> primaries(ByteBuffer mbr) {
        if (hasMagic(mbr) && hasBootIndicators(mbr)) {
            readPrimaries(mbr);
        }
        return List.copyOf(partitions);
    }

    /**
     * Whether the boot sector of a partition divides it: all entries lie behind it and within the partition, counted from its start (the
     * disk of a virtual machine) or from that of the disk (Minix).
     */
    static boolean divides(ByteBuffer sector, Region partition) {
        if (!hasMagic(sector) || !hasBootIndicators(sector) || isBootSectorOfFileSystem(sector)) {
            return false;
        }
        return haveEntriesBetween(sector, 1, partition.sectorCount())
                || haveEntriesBetween(sector, partition.firstLba() + 1, partition.endLba());
    }

    private static boolean haveEntriesBetween(ByteBuffer sector, long first, long end) {
        int entries = 0;
        for (int slot = 0; slot < ENTRY_COUNT; slot++) {
            if (isUsed(sector, slot)) {
                if (firstLba(sector, slot) < first || firstLba(sector, slot) + sectorCount(sector, slot) > end) {
                    return false;
                }
                entries++;
            }
        }
        return entries > 0;
    }

    private void readPrimaries(ByteBuffer mbr) {
        for (int slot = 0; slot < ENTRY_COUNT; slot++) {
            if (sectorCount(mbr, slot) != 0) {
                Partition partition = partition(mbr, slot, slot + 1, 0);
                (isExtended(mbr, slot) ? extended : partitions).add(partition);
            }
        }
    }

    private void readChain(Partition container) throws DeviceException, MalformedTableException {
        Set<Long> visited = new HashSet<>();
        long lba = container.firstLba();
        while (lba != 0) {
            checkLink(container, lba, visited);
            ByteBuffer record = sectors.read(lba);
            if (!hasMagic(record)) {
                if (visited.size() == 1) {
                    LOG.warn("{}: extended partition {} was never divided", sectors.describe(), container.number());
                    return;
                }
                throw sectors.fault(lba, MAGIC, "55 AA, an extended boot record", hex(record.getShort(MAGIC)));
            }
            lba = readRecord(container, lba, record);
        }
    }

    /** Adds the partition of one extended boot record. Returns the sector of the next record, 0 at the end. */
    private long readRecord(Partition container, long lba, ByteBuffer record) throws MalformedTableException {
        long next = 0;
        for (int slot = 0; slot < ENTRY_COUNT; slot++) {
            if (sectorCount(record, slot) == 0) {
                continue;
            }
            if (isExtended(record, slot)) {
                next = next == 0 ? container.firstLba() + firstLba(record, slot) : next;
            } else if (slot < CHAIN_ENTRY_COUNT) {
                addLogical(partition(record, slot, nextLogical, lba), lba);
            }
        }
        return next;
    }

    private void addLogical(Partition partition, long lba) throws MalformedTableException {
        if (partitions.size() == PartitionTable.MAX_PARTITIONS) {
            throw sectors.fault(lba, ENTRIES, "at most " + PartitionTable.MAX_PARTITIONS + " partitions", "more");
        }
        partitions.add(partition);
        nextLogical++;
    }

    private void checkLink(Partition container, long lba, Set<Long> visited) throws MalformedTableException {
        boolean isInside = lba >= container.firstLba() && lba < container.endLba();
        if (!isInside || !sectors.contains(lba)) {
            throw sectors.fault(
                    0,
                    ENTRIES + (container.number() - 1) * ENTRY_BYTES,
                    "extended boot records between LBA " + container.firstLba() + " and "
                            + Math.min(container.endLba(), sectors.sectorCount()),
                    "a link to LBA " + lba);
        }
        if (!visited.add(lba) || visited.size() > PartitionTable.MAX_PARTITIONS) {
            throw sectors.fault(
                    lba,
                    ENTRIES,
                    "a chain of at most " + PartitionTable.MAX_PARTITIONS + " extended boot records",
                    visited.size() > PartitionTable.MAX_PARTITIONS ? "more" : "a chain that comes back to this sector");
        }
    }

    private Partition partition(ByteBuffer sector, int slot, int number, long base) {
        return new Partition(
                number,
                base + firstLba(sector, slot),
                sectorCount(sector, slot),
                HexFormat.of().toHexDigits((byte) type(sector, slot)),
                uuid(signature, number),
                "");
    }

    static boolean hasMagic(ByteBuffer sector) {
        return (sector.getShort(MAGIC) & 0xFFFF) == MAGIC_VALUE;
    }

    /** Any other boot indicator means code or text: a boot sector without a table. The kernel judges the same way. */
    private static boolean hasBootIndicators(ByteBuffer mbr) {
        for (int slot = 0; slot < ENTRY_COUNT; slot++) {
            int indicator = mbr.get(ENTRIES + slot * ENTRY_BYTES) & 0xFF;
            if (indicator != 0 && indicator != ACTIVE) {
                return false;
            }
        }
        return true;
    }

    /** A file system that fills the disk: it has no entries, or as mkfs.fat may write it, one that begins with the disk. */
    private static boolean isBootSectorOfFileSystem(ByteBuffer mbr) {
        for (int slot = 0; slot < ENTRY_COUNT; slot++) {
            if (isUsed(mbr, slot) && firstLba(mbr, slot) != 0) {
                return false;
            }
        }
        for (int i = 0; i < NAMES.length; i++) {
            byte[] name = NAMES[i].getBytes(StandardCharsets.US_ASCII);
            if (mbr.slice(NAME_OFFSETS[i], name.length).equals(ByteBuffer.wrap(name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUsed(ByteBuffer sector, int slot) {
        return type(sector, slot) != 0 && sectorCount(sector, slot) != 0;
    }

    static boolean isExtended(ByteBuffer sector, int slot) {
        return switch (type(sector, slot)) {
            case 0x05, 0x0F, 0x85 -> true;
            default -> false;
        };
    }

    private static int type(ByteBuffer sector, int slot) {
        return sector.get(ENTRIES + slot * ENTRY_BYTES + TYPE) & 0xFF;
    }

    static long firstLba(ByteBuffer sector, int slot) {
        return Integer.toUnsignedLong(sector.getInt(ENTRIES + slot * ENTRY_BYTES + FIRST_LBA));
    }

    static long sectorCount(ByteBuffer sector, int slot) {
        return Integer.toUnsignedLong(sector.getInt(ENTRIES + slot * ENTRY_BYTES + SECTOR_COUNT));
    }

    /** As Linux forms it: the signature of the disk, and the number in two hexadecimal digits, or more where it is larger. */
    private static String uuid(int signature, int number) {
        return HexFormat.of().toHexDigits(signature) + (number < 0x10 ? "-0" : "-") + Integer.toHexString(number);
    }

    private static String hex(short value) {
        HexFormat upper = HexFormat.of().withUpperCase();
        return upper.toHexDigits((byte) value) + " " + upper.toHexDigits((byte) (value >> 8));
    }
}
