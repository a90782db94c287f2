package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import org.imgblstr.sealing.primitive.Sha256;

/** Checksums of superblock and tree blocks: the first 32 bytes hold that of all behind them. Of the four kinds, CRC-32C and SHA-256. */
final class BtrfsChecksum {
    private static final int CRC = 0;
    private static final int SHA_256 = 2;
    private static final int FIELD_BYTES = 32;

    private BtrfsChecksum() {}

    static boolean isKnown(int type) {
        return type == CRC || type == SHA_256;
    }

    /** Whether the checksum at the start of {@code block}, little-endian, is that of the rest. */
    static boolean holds(int type, ByteBuffer block) {
        ByteBuffer content = block.slice(FIELD_BYTES, block.limit() - FIELD_BYTES);
        if (type == CRC) {
            CRC32C crc = new CRC32C();
            crc.update(content);
            return (int) crc.getValue() == block.getInt(0);
        }
        MessageDigest digest = Sha256.create();
        digest.update(content);
        return ByteBuffer.wrap(digest.digest()).equals(block.slice(0, FIELD_BYTES));
    }
}
