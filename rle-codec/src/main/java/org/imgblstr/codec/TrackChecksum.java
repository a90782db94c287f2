package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The checksum of raw bytes: CRC-32C in the high half, CRC-32 (IEEE) in the low half. Both polynomials together miss a random
 * change once in 2^64, and each is an instruction of the processor. Thread-safe. Source: docs/architecture.md, section 4.
 */
public final class TrackChecksum {
    /** Both CRCs read the same bytes: the second finds them in the first cache (32 KiB or more everywhere). */
    private static final int PIECE_BYTES = 16 * 1024;

    private static final byte[] ZERO_PIECE = new byte[PIECE_BYTES];

    /** The length asked for last. Nearly all tracks of a disk have the same one. */
    private static volatile OfZeros lastOfZeros = new OfZeros(0, 0);

    private record OfZeros(int bytes, long checksum) {}

    private TrackChecksum() {}

    /** Checksum of the bytes between position and limit. The buffer is unchanged afterwards. */
    public static long of(ByteBuffer raw) {
        int position = raw.position();
        int limit = raw.limit();
        var crc32c = new CRC32C();
        var crc32 = new CRC32();
        try {
            for (int at = position; at < limit; at += PIECE_BYTES) {
                int end = Math.min(limit, at + PIECE_BYTES);
                raw.limit(end).position(at);
                crc32c.update(raw);
                raw.position(at);
                crc32.update(raw);
            }
        } finally {
            raw.limit(limit).position(position);
        }
        return join(crc32c.getValue(), crc32.getValue());
    }

    /** Checksum of so many zero bytes. Immediate when the same length was asked for last time. */
    public static long ofZeros(int bytes) {
        OfZeros known = lastOfZeros;
        if (known.bytes != bytes) {
            known = new OfZeros(bytes, reckonZeros(bytes));
            lastOfZeros = known;
        }
        return known.checksum;
    }

    private static long reckonZeros(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("zero bytes: expected 0 or more, found " + bytes);
        }
        var crc32c = new CRC32C();
        var crc32 = new CRC32();
        for (int left = bytes; left > 0; left -= PIECE_BYTES) {
            crc32c.update(ZERO_PIECE, 0, Math.min(left, PIECE_BYTES));
            crc32.update(ZERO_PIECE, 0, Math.min(left, PIECE_BYTES));
        }
        return join(crc32c.getValue(), crc32.getValue());
    }

    private static long join(long crc32c, long crc32) {
        return (crc32c << 32) | crc32;
    }
}
