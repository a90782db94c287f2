package org.imgblstr.disk.partition;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Partition tables made byte by byte, apart from the code under test. */
public final class TableImages {
    /** Linux file system data, as its 16 bytes lie on the disk. */
    public static final String LINUX = "af3dc60f838472478e793d69d8477de4";

    private TableImages() {}

    /** An MBR: signature 0x11223344 and four entries of 16 bytes in hex, "" for none. */
    public static byte[] mbr(String... entries) {
        byte[] sector = new byte[512];
        put(sector, 440, "44332211");
        for (int slot = 0; slot < entries.length; slot++) {
            put(sector, 446 + slot * 16, entries[slot].replace(" ", ""));
        }
        put(sector, 510, "55aa");
        return sector;
    }

    public static void put(byte[] into, int offset, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        System.arraycopy(bytes, 0, into, offset, bytes.length);
    }

    /** One GPT entry of 128 bytes. */
    public static byte[] gptEntry(int unique, long firstLba, long lastLba, String name) {
        ByteBuffer entry = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        entry.put(HexFormat.of().parseHex(LINUX)).putInt(unique).putInt(0).putLong(0);
        entry.putLong(firstLba).putLong(lastLba).putLong(0).put(name.getBytes(StandardCharsets.UTF_16LE));
        return entry.array();
    }

    /** A disk with protective MBR, primary and backup GPT of 128 entries. */
    public static byte[] gptDisk(int sectorBytes, int sectors, byte[]... entries) {
        byte[] disk = new byte[sectorBytes * sectors];
        put(disk, 446, "00000200eeffffff01000000");
        ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN).putInt(458, sectors - 1);
        put(disk, 510, "55aa");
        byte[] array = new byte[128 * 128];
        for (int i = 0; i < entries.length; i++) {
            System.arraycopy(entries[i], 0, array, i * 128, 128);
        }
        int arraySectors = array.length / sectorBytes;
        System.arraycopy(array, 0, disk, 2 * sectorBytes, array.length);
        System.arraycopy(array, 0, disk, (sectors - 1 - arraySectors) * sectorBytes, array.length);
        header(disk, sectorBytes, sectors, 1, sectors - 1, 2, array);
        header(disk, sectorBytes, sectors, sectors - 1, 1, sectors - 1 - arraySectors, array);
        return disk;
    }

    private static void header(
            byte[] disk, int sectorBytes, int sectors, int my, int other, int entries, byte[] array) {
        ByteBuffer header =
                ByteBuffer.wrap(disk, my * sectorBytes, sectorBytes).slice().order(ByteOrder.LITTLE_ENDIAN);
        int arraySectors = array.length / sectorBytes;
        header.put("EFI PART".getBytes(StandardCharsets.US_ASCII))
                .putInt(0x10000)
                .putInt(92)
                .putInt(0)
                .putInt(0);
        header.putLong(my).putLong(other).putLong(2 + arraySectors).putLong(sectors - 2 - arraySectors);
        header.put(HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
        header.putLong(entries).putInt(128).putInt(128).putInt(crc(array, 0, array.length));
        header.putInt(16, crc(disk, my * sectorBytes, 92));
    }

    /** Puts the header's checksum right after a change. */
    public static void sealHeader(byte[] disk, int offset) {
        ByteBuffer header = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(offset + 16, 0).putInt(offset + 16, crc(disk, offset, 92));
    }

    public static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Writes pieces of a table into a sparse file: sector number, bytes, sector number, bytes. */
    public static Path sparse(Path file, long bytes, Object... lbasAndSectors) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(bytes);
            for (int i = 0; i < lbasAndSectors.length; i += 2) {
                out.seek((int) lbasAndSectors[i] * 512L);
                out.write((byte[]) lbasAndSectors[i + 1]);
            }
        }
        return file;
    }
}
