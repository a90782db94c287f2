package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.Region;

/**
 * Finds tables besides the one that was read: on the disk, or at the start of a partition. Whoever finds one cannot tell which of the two
 * is true, and what only the other one covers would be lost. Source: libblkid, src/partitions; Linux, block/partitions; docs/used-blocks.md.
 */
public final class ForeignTables {
    /** Every label below lies in the first 16 KiB. */
    private static final int START_BYTES = 16 << 10;

    private static final int SECTOR = 512;
    private static final String GPT = "GPT";
    private static final String GPT_MAGIC = "EFI PART";
    private static final String LDM_MAGIC = "PRIVHEAD";
    private static final String BSD_MAGIC = "57455682";
    private static final int SUN_MAGIC = 0xDABE;

    /** {@code text}: the bytes as ISO 8859-1; {@code second}: where they must be once more, 0 for nowhere. */
    private record Label(String name, int offset, String text, int second) {
        static Label text(String name, int offset, String text) {
            return new Label(name, offset, text, 0);
        }

        static Label hex(String name, int offset, String hex) {
            return new Label(name, offset, ofHex(hex), 0);
        }

        static Label bsd(int offset, String hex) {
            return new Label("BSD disklabel", offset, ofHex(hex), offset + 132);
        }

        private static String ofHex(String hex) {
            return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
        }

        boolean isIn(ByteBuffer start) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            return has(start, offset, bytes) && (second == 0 || has(start, second, bytes));
        }
    }

    private static final List<Label> LABELS = List.of(
            Label.text(gpt(512), 512, GPT_MAGIC),
            Label.text(gpt(4096), 4096, GPT_MAGIC),
            Label.hex("SGI disk label", 0, "0be5a941"),
            Label.hex("AIX disk label", 0, "c9c2d4c1"),
            Label.text("Apple partition map", 512, "PM\0\0"),
            Label.text("Apple partition map", 1024, "PM\0\0"),
            Label.text("Apple partition map", 2048, "PM\0\0"),
            Label.text("Apple partition map", 4096, "PM\0\0"),
            Label.bsd(0, BSD_MAGIC),
            Label.bsd(64, BSD_MAGIC),
            Label.bsd(128, BSD_MAGIC),
            Label.bsd(512, BSD_MAGIC),
            Label.bsd(1024, BSD_MAGIC),
            Label.bsd(4096, BSD_MAGIC),
            Label.bsd(0, "82564557"),
            Label.bsd(64, "82564557"),
            Label.bsd(512, "82564557"),
            Label.hex("DragonFly disklabel64", 512, "594c46c4"),
            Label.hex("Solaris VTOC", 512 + 12, "eede0d60"),
            Label.hex("UnixWare VTOC", 29 * 512 + 4, "0d605eca"),
            Label.text("PC-98 table", 4, "IPL1"),
            Label.text("SYSV68 table", 248, "MOTOROLA"),
            Label.text("Xbox table", 0x600, "BRFR"),
            Label.text("NeXT disk label", 0, "NeXT"),
            Label.text("NeXT disk label", 0, "dlV2"),
            Label.text("NeXT disk label", 0, "dlV3"),
            Label.hex("Ultrix disk label", 16384 - 72, "57290300"),
            Label.text("database of Windows dynamic disks", 6 * 512, LDM_MAGIC));

    private ForeignTables() {}

    /**
     * Why a table cannot be all that divides a disk, one line; "" when nothing else does.
     *
     * @param table the table of {@code disk}
     */
    public static String doubt(Disk disk, PartitionTable table) throws DeviceException {
        boolean isGpt = table instanceof PartitionTable.Gpt;
        List<String> names = new ArrayList<>();
        for (long lba = 0; lba < Math.min(START_BYTES, disk.sizeBytes()) / disk.sectorBytes(); lba++) {
            boolean ownsIt = isGpt && lba > 0;
            if (!ownsIt && read(disk, lba, 1).isEmpty()) {
                return "LBA " + lba + " cannot be read, so nobody knows whether it holds another partition table";
            }
        }
        ByteBuffer start = start(disk);
        names.addAll(namesIn(start));
        names.addAll(namesAtEnd(disk));
        names.removeIf(name -> isGpt && name.equals(gpt(disk.sectorBytes())));
        if (!names.isEmpty()) {
            return several(table, names);
        }
        return table instanceof PartitionTable.Gpt gpt ? doubtOfCopies(disk, gpt, start) : "";
    }

    private static String gpt(int sectorBytes) {
        return GPT + " in sectors of " + sectorBytes + " bytes";
    }

    private static String several(PartitionTable table, List<String> names) {
        String others = names.stream().distinct().collect(Collectors.joining(" and "));
        if (table instanceof PartitionTable.None) {
            return "the disk has no MBR, but " + others;
        }
        String own = table instanceof PartitionTable.Gpt ? GPT : "MBR";
        return own + " and " + others + " on one disk: which of them is right cannot be told";
    }

    /** A hybrid MBR may name what the GPT does not, and two copies of a GPT may be of different times. */
    private static String doubtOfCopies(Disk disk, PartitionTable.Gpt gpt, ByteBuffer start) throws DeviceException {
        for (Partition primary : new MbrReader(new TableSectors(disk)).primaries(start)) {
            boolean isProtective = "ee".equals(primary.typeId());
            if (!isProtective && gpt.partitions().stream().noneMatch(partition -> isSamePlace(partition, primary))) {
                return "partition " + primary.number() + " of the hybrid MBR is not one of the GPT";
            }
        }
        if (gpt.isFromBackup()) {
            return "";
        }
        Optional<PartitionTable.Gpt> other = new GptReader(new TableSectors(disk)).otherCopy(gpt);
        boolean isSame = other.isEmpty() || other.get().partitions().equals(gpt.partitions());
        return isSame ? "" : "the two copies of the GPT name different partitions";
    }

    private static boolean isSamePlace(Partition one, Partition other) {
        return one.firstLba() == other.firstLba() && one.sectorCount() == other.sectorCount();
    }

    /**
     * Tables at the start of a partition: a disk of a virtual machine, a slice of BSD or Solaris. What is there divides the partition once
     * more, whatever file system shows a signature too.
     *
     * @return their names, divided by commas; "" when there are none
     */
    public static String within(Disk disk, Region partition) throws DeviceException {
        long firstByte = partition.firstLba() * disk.sectorBytes();
        long sizeBytes = partition.sectorCount() * disk.sectorBytes();
        ByteBuffer start = zeros((int) Math.min(START_BYTES, sizeBytes));
        disk.readAlone(firstByte, start);
        start.flip();
        List<String> names = new ArrayList<>(namesIn(start));
        if (MbrReader.divides(start, partition)) {
            names.add("MBR");
        }
        return names.stream().distinct().collect(Collectors.joining(", "));
    }

    private static List<String> namesIn(ByteBuffer start) {
        List<String> names = new ArrayList<>();
        for (Label label : LABELS) {
            if (label.isIn(start)) {
                names.add(label.name());
            }
        }
        for (int sector = 0; sector < 16; sector++) {
            if (has(start, sector * SECTOR, "RDSK".getBytes(StandardCharsets.ISO_8859_1))) {
                names.add("Amiga RDB");
            }
        }
        if (isSun(start)) {
            names.add("Sun disk label");
        }
        return names;
    }

    /** Its magic is two bytes only, and the words of the sector together make zero. */
    private static boolean isSun(ByteBuffer start) {
        int sum = 0;
        for (int at = 0; at + 2 <= SECTOR; at += 2) {
            sum ^= Short.reverseBytes(start.getShort(at));
        }
        return Short.toUnsignedInt(Short.reverseBytes(start.getShort(SECTOR - 4))) == SUN_MAGIC && (sum & 0xFFFF) == 0;
    }

    /** A backup of a GPT that was counted in sectors of either size, and the last header of Windows dynamic disks. */
    private static List<String> namesAtEnd(Disk disk) throws DeviceException {
        List<String> names = new ArrayList<>();
        int own = disk.sectorBytes();
        for (int size : new int[] {512, 4096}) {
            long place = disk.sizeBytes() / size * size - size;
            Optional<ByteBuffer> sector = place < size ? Optional.empty() : read(disk, place / own, 1);
            int offset = (int) (place % own);
            if (sector.isPresent() && has(sector.get(), offset, GPT_MAGIC.getBytes(StandardCharsets.ISO_8859_1))) {
                names.add(gpt(size));
            }
            if (sector.isPresent() && has(sector.get(), offset, LDM_MAGIC.getBytes(StandardCharsets.ISO_8859_1))) {
                names.add("database of Windows dynamic disks");
            }
        }
        return names;
    }

    /** The start of a disk, with zeros where it cannot be read. */
    private static ByteBuffer start(Disk disk) throws DeviceException {
        int own = disk.sectorBytes();
        ByteBuffer start = zeros((int) Math.min(START_BYTES, disk.sizeBytes() / own * own));
        for (int at = 0; at < start.capacity(); at += own) {
            ByteBuffer sector = read(disk, at / own, 1).orElseGet(() -> zeros(own));
            start.put(at, sector, 0, own);
        }
        return start;
    }

    /** Empty when they cannot be read. */
    private static Optional<ByteBuffer> read(Disk disk, long lba, int count) throws DeviceException {
        ByteBuffer bytes = zeros(count * disk.sectorBytes());
        try {
            disk.readAlone(lba * disk.sectorBytes(), bytes);
            return Optional.of(bytes.flip());
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static ByteBuffer zeros(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static boolean has(ByteBuffer bytes, int offset, byte[] magic) {
        return offset + magic.length <= bytes.limit()
                && bytes.slice(offset, magic.length).equals(ByteBuffer.wrap(magic));
    }
}
