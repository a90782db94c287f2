package org.imgblstr.disk.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** GUIDs as partition tables and Windows store them: three little-endian fields, then eight bytes in order (UEFI 2.10, appendix A). */
public final class Guids {
    /** Bytes of one. */
    public static final int BYTES = 16;

    private Guids() {}

    /** Sixteen bytes. */
    public static byte[] bytes(UUID guid) {
        long high = guid.getMostSignificantBits();
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        return bytes.order(ByteOrder.BIG_ENDIAN)
                .putLong(guid.getLeastSignificantBits())
                .array();
    }
}
