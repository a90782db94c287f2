package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * Shadow copies of NTFS. A shadow copy finds what was not changed since in the clusters of the volume itself, also in those that were freed
 * meanwhile. So a volume that has one is needed as a whole. Source: libyal, "Volume Shadow Snapshot (VSS) format", all little-endian.
 * <pre>
 *   header, byte 7680 of the volume:   0 identifier | 16 version u32 | 20 kind u32 | 48 catalogue u64, byte of the volume, 0 for none
 *   catalogue, blocks of 16 KiB:       0 identifier | 20 kind u32 | 40 next block u64, 0 for none | 128 entries of 128 bytes: kind u64
 * </pre>
 */
final class NtfsShadows {
    private static final int HEADER = 7680;
    private static final int HEADER_BYTES = 128;
    private static final long IDENTIFIER_FIRST = 0x4E48_C176_3808_876BL;
    private static final long IDENTIFIER_LAST = 0x52C7_6C6E_0404_AEB7L;
    private static final int BLOCK_BYTES = 16 << 10;
    private static final int NEXT = 40;
    private static final int CATALOGUE = 48;
    private static final int ENTRY_BYTES = 128;

    /** Kinds of entries: 0 is none, 1 is one that was deleted. */
    private static final long FIRST_STORE = 2;

    /** A volume has at most 512 shadow copies of two entries each, 127 of which are in a block. */
    private static final int MAX_BLOCKS = 64;

    private NtfsShadows() {}

    /** Throws when the volume has shadow copies, or a catalogue of them that cannot be followed. */
    static void requireNone(BlockSource volume) throws UnsureException, DeviceException {
        ByteBuffer header = VolumeBytes.little(volume, HEADER, HEADER_BYTES, "NTFS shadow copies");
        long next = isOurs(header) ? header.getLong(CATALOGUE) : 0;
        for (int blocks = 0; next != 0; blocks++) {
            ByteBuffer block = VolumeBytes.little(volume, next, BLOCK_BYTES, "NTFS catalogue of shadow copies");
            if (blocks >= MAX_BLOCKS || !isOurs(block)) {
                throw new UnsureException("NTFS: its catalogue of shadow copies is damaged at byte " + next);
            }
            requireNoEntry(block);
            next = block.getLong(NEXT);
        }
    }

    private static boolean isOurs(ByteBuffer block) {
        return block.getLong(0) == IDENTIFIER_FIRST && block.getLong(8) == IDENTIFIER_LAST;
    }

    private static void requireNoEntry(ByteBuffer block) throws UnsureException {
        for (int at = HEADER_BYTES; at < BLOCK_BYTES; at += ENTRY_BYTES) {
            if (block.getLong(at) >= FIRST_STORE) {
                throw new UnsureException(
                        "NTFS: has shadow copies (restore points), which need free clusters, too: delete them to image less");
            }
        }
    }
}
