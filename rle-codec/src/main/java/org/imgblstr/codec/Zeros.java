package org.imgblstr.codec;

import java.nio.ByteBuffer;

/** Tells tracks of zeros from others, and makes some. Thread-safe. */
public final class Zeros {
    /** Small enough to stay in the first cache while a track streams past it. */
    private static final int PIECE_BYTES = 8 * 1024;

    private static final ByteBuffer PIECE =
            ByteBuffer.allocateDirect(PIECE_BYTES).asReadOnlyBuffer();

    private Zeros() {}

    /** True when every byte between position and limit is zero; true when there is none. The buffer is unchanged afterwards. */
    public static boolean isZero(ByteBuffer buffer) {
        int position = buffer.position();
        int limit = buffer.limit();
        try {
            for (int at = position; at < limit; at += PIECE_BYTES) {
                int end = Math.min(limit, at + PIECE_BYTES);
                buffer.limit(end).position(at);
                int same = buffer.mismatch(PIECE);
                if (same >= 0 && same < end - at) {
                    return false;
                }
            }
            return true;
        } finally {
            buffer.limit(limit).position(position);
        }
    }

    /** Puts zeros from position to limit, and moves the position there. */
    public static void put(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            buffer.put(PIECE.duplicate().limit(Math.min(PIECE_BYTES, buffer.remaining())));
        }
    }
}
