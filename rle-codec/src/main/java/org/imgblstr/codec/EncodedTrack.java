package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of an encoded track, seen through a buffer whose position is the track's first byte. Big-endian whatever the order
 * of the buffer. Source: docs/architecture.md, section 4.
 * <pre>
 *   0       1      4       8          12              16         24
 *   | codec | zero | track | rawBytes | payloadBytes  | checksum | payload
 * </pre>
 * Accessors throw {@link IndexOutOfBoundsException} when the field is behind the limit; what they return may be any number until
 * {@link TrackDecoder#check} has seen the header.
 */
public final class EncodedTrack {
    /** Bytes in front of the payload. */
    public static final int HEADER_BYTES = 24;

    /** Longest track that a geometry can have: 65,535 sectors of 4096 bytes. */
    public static final int MAX_RAW_BYTES = 65_535 * 4096;

    static final int CODEC = 0;
    static final int RESERVED = 1;
    static final int TRACK = 4;
    static final int RAW_BYTES = 8;
    static final int PAYLOAD_BYTES = 12;
    static final int CHECKSUM = 16;

    private static final int RESERVED_MASK = 0xFF_FFFF;

    private EncodedTrack() {}

    /** The codec, or null when the number stands for none. */
    public static CodecId codec(ByteBuffer encoded) {
        return CodecId.ofCode(codecCode(encoded));
    }

    static int codecCode(ByteBuffer encoded) {
        return intAt(encoded, CODEC) >>> 24;
    }

    static int reserved(ByteBuffer encoded) {
        return intAt(encoded, CODEC) & RESERVED_MASK;
    }

    /** Number in the track space. */
    public static int track(ByteBuffer encoded) {
        return intAt(encoded, TRACK);
    }

    /** Bytes of the track when decoded. */
    public static int rawBytes(ByteBuffer encoded) {
        return intAt(encoded, RAW_BYTES);
    }

    /** Bytes behind the header. */
    public static int payloadBytes(ByteBuffer encoded) {
        return intAt(encoded, PAYLOAD_BYTES);
    }

    /** {@link TrackChecksum} of the raw bytes. */
    public static long checksum(ByteBuffer encoded) {
        return (long) intAt(encoded, CHECKSUM) << 32 | Integer.toUnsignedLong(intAt(encoded, CHECKSUM + 4));
    }

    /** Longest encoded track of so many raw bytes: header and raw payload. */
    public static int maxBytes(int rawBytes) {
        if (rawBytes < 1 || rawBytes > MAX_RAW_BYTES) {
            throw new IllegalArgumentException(
                    "raw bytes of a track: expected 1 to " + MAX_RAW_BYTES + ", found " + rawBytes);
        }
        return HEADER_BYTES + rawBytes;
    }

    /**
     * Header and payload together, by the header alone: how long a track is that is followed by padding or by another one.
     *
     * @throws MalformedTrackException when the header is cut off, or its payload is empty or longer than any track
     */
    public static int encodedBytes(ByteBuffer encoded) throws MalformedTrackException {
        checkHeaderIsThere(encoded);
        int payloadBytes = payloadBytes(encoded);
        if (payloadBytes < 1 || payloadBytes > MAX_RAW_BYTES) {
            throw new MalformedTrackException(
                    PAYLOAD_BYTES,
                    "payload of 1 to " + MAX_RAW_BYTES + " bytes",
                    Integer.toUnsignedString(payloadBytes));
        }
        return HEADER_BYTES + payloadBytes;
    }

    static void checkHeaderIsThere(ByteBuffer encoded) throws MalformedTrackException {
        if (encoded.remaining() < HEADER_BYTES) {
            throw new MalformedTrackException(
                    encoded.remaining(), "header of " + HEADER_BYTES + " bytes", "end after " + encoded.remaining());
        }
    }

    static void putHeader(ByteBuffer encoded, CodecId codec, int track, int rawBytes, int payloadBytes, long checksum) {
        putIntAt(encoded, CODEC, codec.code() << 24);
        putIntAt(encoded, TRACK, track);
        putIntAt(encoded, RAW_BYTES, rawBytes);
        putIntAt(encoded, PAYLOAD_BYTES, payloadBytes);
        putIntAt(encoded, CHECKSUM, (int) (checksum >>> 32));
        putIntAt(encoded, CHECKSUM + 4, (int) checksum);
    }

    private static int intAt(ByteBuffer encoded, int offset) {
        int value = encoded.getInt(encoded.position() + offset);
        return encoded.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static void putIntAt(ByteBuffer encoded, int offset, int value) {
        encoded.putInt(
                encoded.position() + offset,
                encoded.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }
}
