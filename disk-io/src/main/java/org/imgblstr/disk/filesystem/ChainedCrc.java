package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;

/** CRCs that ext4 and LVM2 use without inversions, so that they chain: CRC-32C, CRC-32 (IEEE) and CRC-16 (reflected 0x8005). */
public final class ChainedCrc {
    /** Start value of ext4. */
    public static final int ALL_ONES = -1;

    private static final int[] CRC32C = table(0x82F6_3B78);
    private static final int[] CRC32 = table(0xEDB8_8320);
    private static final int[] CRC16 = table(0xA001);

    private ChainedCrc() {}

    /** CRC-32C of {@code length} bytes from {@code from} on, continuing {@code crc}. */
    public static int crc32c(int crc, ByteBuffer bytes, int from, int length) {
        return update(CRC32C, crc, bytes, from, length);
    }

    /** CRC-32C of a little-endian 32-bit number. */
    public static int crc32c(int crc, int number) {
        return update(CRC32C, crc, littleEndian(number), 0, Integer.BYTES);
    }

    /** CRC-32 of {@code length} bytes from {@code from} on, continuing {@code crc}. */
    public static int crc32(int crc, ByteBuffer bytes, int from, int length) {
        return update(CRC32, crc, bytes, from, length);
    }

    /** CRC-16 of {@code length} bytes from {@code from} on, continuing {@code crc}. */
    public static int crc16(int crc, ByteBuffer bytes, int from, int length) {
        return update(CRC16, crc & 0xFFFF, bytes, from, length);
    }

    /** CRC-16 of a little-endian 32-bit number. */
    public static int crc16(int crc, int number) {
        return update(CRC16, crc & 0xFFFF, littleEndian(number), 0, Integer.BYTES);
    }

    private static ByteBuffer littleEndian(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(0, Integer.reverseBytes(number));
    }

    private static int update(int[] table, int start, ByteBuffer bytes, int from, int length) {
        int crc = start;
        for (int i = from; i < from + length; i++) {
            crc = table[(crc ^ bytes.get(i)) & 0xFF] ^ crc >>> Byte.SIZE;
        }
        return crc;
    }

    private static int[] table(int polynomial) {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : polynomial);
            }
            table[i] = crc;
        }
        return table;
    }
}
