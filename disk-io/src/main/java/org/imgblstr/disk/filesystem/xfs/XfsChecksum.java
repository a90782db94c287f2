package org.imgblstr.disk.filesystem.xfs;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum of XFS metadata: CRC-32C of the whole with the checksum itself as zeros; little-endian, unlike all other fields. */
final class XfsChecksum {
    private XfsChecksum() {}

    /** Whether {@code bytes}, big-endian, have their checksum at {@code offset}. */
    static boolean holds(ByteBuffer bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, offset));
        crc.update(new byte[Integer.BYTES]);
        int after = offset + Integer.BYTES;
        crc.update(bytes.slice(after, bytes.limit() - after));
        return (int) crc.getValue() == Integer.reverseBytes(bytes.getInt(offset));
    }
}
