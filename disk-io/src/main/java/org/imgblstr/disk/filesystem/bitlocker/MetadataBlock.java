package org.imgblstr.disk.filesystem.bitlocker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.encrypted.EncryptedLayout.Range;

/**
 * One of the three metadata blocks. Integers are little-endian.
 * <pre>
 *   0 "-FVE-FS-" | 8 u16 length / 16 | 10 u16 version, 2 | 12 u16 state, 16 u16 next state, 4 for encrypted | 16 u64 encrypted bytes of the volume
 *   28 u32 moved sectors | 32 u64 * 3 where the blocks are | 56 u64 where the moved sectors are
 *   64 u32 length from here on | 68 u32 version, 1 | 72 u32 length of this header, 48 | 76 u32 the same length again | 100 u16 cipher
 *   112 entries: u16 length | u16 type | u16 type of the value | u16 version | value; type 15: u64 place and u64 length of the moved sectors
 *   length: u16 | u16 | u32 CRC-32 of all before
 * </pre>
 *
 * @param encryptedBytes how much of the volume is encrypted
 * @param moved where the first sectors of what lies within are
 * @param blocks the first byte of each of the three blocks
 * @param encryption of the data
 */
record MetadataBlock(long encryptedBytes, Range moved, List<Long> blocks, Encryption encryption) {
    /** What each block takes, most of it unused. */
    static final int BYTES = 64 << 10;

    private static final byte[] MARK = "-FVE-FS-".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 8;
    private static final int LENGTH_UNIT = 16;
    private static final int VERSION = 10;
    private static final int STATE = 12;
    private static final int NEXT_STATE = 14;
    private static final int STATE_ENCRYPTED = 4;
    private static final int ENCRYPTED_BYTES = 16;
    private static final int MOVED_SECTORS = 28;
    private static final int BLOCKS = 32;
    private static final int MOVED_PLACE = 56;
    private static final int HEADER = 64;
    private static final int HEADER_BYTES = 48;
    private static final int CIPHER = 100;
    private static final int ENTRIES = HEADER + HEADER_BYTES;
    private static final int ENTRY_BYTES = 8;
    private static final int MOVED_ENTRY = 15;
    private static final int CHECKSUM_BYTES = 8;

    MetadataBlock {
        blocks = List.copyOf(blocks);
    }

    /**
     * Reads one.
     *
     * @param block {@link #BYTES} bytes, little-endian
     * @param sectorBytes of the volume
     */
    static MetadataBlock of(ByteBuffer block, int sectorBytes) throws UnsureException {
        ByteBuffer sound = sound(block);
        int length = sound.limit();
        int state = u16(sound, STATE);
        int next = u16(sound, NEXT_STATE);
        require(
                state == STATE_ENCRYPTED && next == STATE_ENCRYPTED,
                "Windows has not finished encrypting or decrypting it (state " + state + ", then " + next + ")");
        long entriesEnd = HEADER + Integer.toUnsignedLong(sound.getInt(HEADER));
        require(
                sound.getInt(HEADER + 4) == 1
                        && sound.getInt(HEADER + 8) == HEADER_BYTES
                        && sound.getInt(HEADER + 12) == sound.getInt(HEADER)
                        && entriesEnd >= ENTRIES
                        && entriesEnd <= length,
                "the lengths of its metadata contradict each other");
        Range moved = moved(sound.slice(ENTRIES, (int) entriesEnd - ENTRIES).order(ByteOrder.LITTLE_ENDIAN));
        long movedBytes = Integer.toUnsignedLong(sound.getInt(MOVED_SECTORS)) * sectorBytes;
        require(
                moved.equals(new Range(sound.getLong(MOVED_PLACE), movedBytes)),
                "its metadata names two places of its first sectors");
        List<Long> blocks = new ArrayList<>();
        for (int copy = 0; copy < BitlockerHeader.COPIES; copy++) {
            blocks.add(sound.getLong(BLOCKS + copy * Long.BYTES));
        }
        return new MetadataBlock(sound.getLong(ENCRYPTED_BYTES), moved, blocks, Encryption.of(u16(sound, CIPHER)));
    }

    /** What the checksum covers, from position 0 to limit. */
    static ByteBuffer sound(ByteBuffer block) throws UnsureException {
        require(block.slice(0, MARK.length).equals(ByteBuffer.wrap(MARK)), "one of its metadata blocks is damaged");
        require(u16(block, VERSION) == 2, "metadata of version " + u16(block, VERSION));
        int length = u16(block, LENGTH) * LENGTH_UNIT;
        require(length >= ENTRIES && length <= BYTES - CHECKSUM_BYTES, "metadata of " + length + " bytes");
        ByteBuffer covered = block.slice(0, length).order(ByteOrder.LITTLE_ENDIAN);
        CRC32 sum = new CRC32();
        sum.update(covered.duplicate());
        require((int) sum.getValue() == block.getInt(length + 4), "one of its metadata blocks is damaged");
        return covered;
    }

    private static Range moved(ByteBuffer entries) throws UnsureException {
        Range moved = null;
        int at = 0;
        while (at + ENTRY_BYTES <= entries.limit() && u16(entries, at) != 0) {
            int length = u16(entries, at);
            require(length >= ENTRY_BYTES && length <= entries.limit() - at, "an entry of " + length + " bytes");
            if (u16(entries, at + 2) == MOVED_ENTRY) {
                require(
                        moved == null && length >= ENTRY_BYTES + 2 * Long.BYTES,
                        "its metadata does not tell where its first sectors are");
                moved = new Range(entries.getLong(at + ENTRY_BYTES), entries.getLong(at + ENTRY_BYTES + Long.BYTES));
            }
            at += length;
        }
        require(moved != null, "its metadata does not tell where its first sectors are");
        return moved;
    }

    private static int u16(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("BitLocker: " + otherwise);
        }
    }
}
