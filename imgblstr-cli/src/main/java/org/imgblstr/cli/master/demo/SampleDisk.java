package org.imgblstr.cli.master.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * A small disk in a file with a GPT and three partitions: text that encodes well, zeros, and random bytes that do not encode at all.
 * Little-endian. Source of the layout: UEFI 2.10, section 5.3.
 */
public final class SampleDisk {
    /** Size unless something else is asked for. */
    public static final long DEFAULT_BYTES = 64L << 20;

    private static final int SECTOR = 512;
    private static final int ENTRY_COUNT = 128;
    private static final int ENTRY_BYTES = 128;
    private static final int ENTRY_SECTORS = ENTRY_COUNT * ENTRY_BYTES / SECTOR;
    private static final int HEADER_BYTES = 92;
    private static final int MIB_SECTORS = (1 << 20) / SECTOR;
    /** "Linux filesystem data". */
    private static final UUID LINUX = UUID.fromString("0FC63DAF-8483-4772-8E79-3D69D8477DE4");

    private final FileChannel channel;
    private final long sectors;
    private final Random random;

    /** A partition: first and last sector, inclusive. */
    private record Entry(String name, long first, long last) {}

    private SampleDisk(FileChannel channel, long sectors, Random random) {
        this.channel = channel;
        this.sectors = sectors;
        this.random = random;
    }

    /**
     * Makes the file, which must not exist.
     *
     * @param bytes a multiple of 1 MiB, at least 8 MiB
     * @param seed the same seed makes the same disk
     */
    public static void create(Path path, long bytes, long seed) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            new SampleDisk(channel, bytes / SECTOR, new Random(seed)).write();
        }
    }

    private void write() throws IOException {
        long third = (sectors / MIB_SECTORS - 2) / 3 * MIB_SECTORS;
        List<Entry> entries = List.of(
                new Entry("text", MIB_SECTORS, MIB_SECTORS + third - 1),
                new Entry("zeros", MIB_SECTORS + third, MIB_SECTORS + 2 * third - 1),
                new Entry("random", MIB_SECTORS + 2 * third, MIB_SECTORS + 3 * third - 1));
        put(sectors - 1, ByteBuffer.allocate(SECTOR));
        fillText(entries.get(0));
        fillRandom(entries.get(2));
        writeTables(entries);
    }

    private void fillText(Entry entry) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long line = 0; text.length() < MIB_SECTORS * SECTOR; line++) {
            text.append("line ")
                    .append(line)
                    .append(" of the sample disk, number ")
                    .append(random.nextInt(1000));
            text.append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        for (long sector = entry.first(); sector <= entry.last(); sector += MIB_SECTORS) {
            put(sector, ByteBuffer.wrap(bytes, 0, MIB_SECTORS * SECTOR));
        }
    }

    private void fillRandom(Entry entry) throws IOException {
        byte[] bytes = new byte[MIB_SECTORS * SECTOR];
        for (long sector = entry.first(); sector <= entry.last(); sector += MIB_SECTORS) {
            random.nextBytes(bytes);
            put(sector, ByteBuffer.wrap(bytes));
        }
    }

    private void writeTables(List<Entry> entries) throws IOException {
        ByteBuffer table = little(ENTRY_COUNT * ENTRY_BYTES);
        for (int i = 0; i < entries.size(); i++) {
            putEntry(table.slice(i * ENTRY_BYTES, ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN), entries.get(i));
        }
        int tableCrc = crc(table.duplicate());
        UUID disk = uuid();
        put(0, protectiveMbr());
        put(1, header(disk, 1, sectors - 1, 2, tableCrc));
        put(2, table.duplicate());
        put(sectors - 1 - ENTRY_SECTORS, table.duplicate());
        put(sectors - 1, header(disk, sectors - 1, 1, sectors - 1 - ENTRY_SECTORS, tableCrc));
    }

    private ByteBuffer header(UUID disk, long mine, long other, long tableLba, int tableCrc) {
        ByteBuffer header = little(SECTOR);
        header.put("EFI PART".getBytes(StandardCharsets.US_ASCII));
        header.putInt(0x0001_0000).putInt(HEADER_BYTES).putInt(0).putInt(0);
        header.putLong(mine).putLong(other);
        header.putLong(2 + ENTRY_SECTORS).putLong(sectors - 2 - ENTRY_SECTORS);
        putGuid(header, disk);
        header.putLong(tableLba).putInt(ENTRY_COUNT).putInt(ENTRY_BYTES).putInt(tableCrc);
        header.putInt(16, crc(header.duplicate().flip()));
        return header.clear();
    }

    private void putEntry(ByteBuffer into, Entry entry) {
        putGuid(into, LINUX);
        putGuid(into, uuid());
        into.putLong(entry.first()).putLong(entry.last()).putLong(0);
        into.put(entry.name().getBytes(StandardCharsets.UTF_16LE));
    }

    // One partition of type EE over the whole disk, so that programs that know no GPT keep off.
    private ByteBuffer protectiveMbr() {
        ByteBuffer mbr = little(SECTOR);
        mbr.position(446);
        mbr.putInt(0x0002_0000).putInt(0xFFFF_FFEE).putInt(1);
        mbr.putInt((int) Math.min(sectors - 1, 0xFFFF_FFFFL));
        mbr.putShort(510, (short) 0xAA55);
        return mbr.clear();
    }

    private UUID uuid() {
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63));
    }

    // The first three fields of a GUID are little-endian, the rest is not.
    private static void putGuid(ByteBuffer into, UUID guid) {
        long high = guid.getMostSignificantBits();
        into.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        into.putLong(Long.reverseBytes(guid.getLeastSignificantBits()));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(long sector, ByteBuffer bytes) throws IOException {
        long at = sector * SECTOR;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
