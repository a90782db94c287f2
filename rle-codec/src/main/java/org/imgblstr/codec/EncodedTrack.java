package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of an encoded track, seen through a buffer whose position is the track's first byte. Big-endian whatever the order
 * of the buffer. Source: docs/architecture.md, section 4.
 * <pre>
 *   0       1      2      3      4       8          12              16         24
 *   | codec | link | back | flags | track | rawBytes | payloadBytes  | checksum | payload
 * </pre>
 * Link and back are zero except in a {@link CodecId#LINK}. The payload is the coded bytes and, with {@link #PARTIAL}, an {@link UnreadableMap}.
 *
 * Accessors throw {@link IndexOutOfBoundsException} when the field is behind the limit; what they return may be any number until
 * {@link TrackDecoder#check} has seen the header.
 */
public final class EncodedTrack {
    /** Bytes in front of the payload. */
    public static final int HEADER_BYTES = 24;

    /** Longest track that a geometry can have: 65,535 sectors of 4096 bytes. */
    public static final int MAX_RAW_BYTES = 65_535 * 4096;

    /**
     * Tracks that a chain may span: it begins and ends within such a group of tracks, the first of which has a number that this divides.
     * So 8 MiB is the most that has to be decoded for one track, and what is lost with one.
     */
    public static final int CHAIN_TRACKS = 32;

    /** What a link may be longer than its raw bytes: for each 16 KiB one byte, and these. A zstd block of 128 KiB that stays raw has three. */
    private static final int LINK_EXCESS = 64;

    static final int CODEC = 0;
    static final int LINK = 1;
    static final int BACK = 2;
    static final int FLAGS = 3;
    static final int TRACK = 4;
    static final int RAW_BYTES = 8;
    static final int PAYLOAD_BYTES = 12;
    static final int CHECKSUM = 16;

    /** Flag: behind the coded bytes stands a map of what could not be read. */
    static final int PARTIAL = 1;

    private EncodedTrack() {}

    /** The codec, or null when the number stands for none. */
    public static CodecId codec(ByteBuffer encoded) {
        return CodecId.ofCode(codecCode(encoded));
    }

    static int codecCode(ByteBuffer encoded) {
        return intAt(encoded, CODEC) >>> 24;
    }

    static int flags(ByteBuffer encoded) {
        return intAt(encoded, CODEC) & 0xFF;
    }

    /** Whether some sectors of the track could not be read. */
    public static boolean isPartial(ByteBuffer encoded) {
        return flags(encoded) != 0;
    }

    /** {@link TrackKind#DATA} or {@link TrackKind#PARTIAL}. */
    public static TrackKind kind(ByteBuffer encoded) {
        return isPartial(encoded) ? TrackKind.PARTIAL : TrackKind.DATA;
    }

    /**
     * Which parts of the track could not be read.
     *
     * @param encoded the encoded track and nothing else between position and limit, found good by {@link TrackDecoder#check}; its coded bytes
     *     may be left out
     */
    public static UnreadableMap unreadable(ByteBuffer encoded) {
        if (!isPartial(encoded)) {
            return UnreadableMap.NONE;
        }
        try {
            return UnreadableMap.read(encoded);
        } catch (MalformedTrackException e) {
            throw new IllegalStateException("the track was found good before", e);
        }
    }

    /** What the content digest takes of the track, beside its kind: its checksum, with the map mixed in. As {@link #unreadable}. */
    public static long leaf(ByteBuffer encoded) {
        return unreadable(encoded).leaf(checksum(encoded));
    }

    /** Whether this track can only be decoded after the links before it, or has others that need it. */
    public static boolean isLink(ByteBuffer encoded) {
        return codec(encoded) == CodecId.LINK;
    }

    /** Place in the chain: 0 for the first link, and for every track that is none. */
    public static int link(ByteBuffer encoded) {
        return intAt(encoded, CODEC) >>> 16 & 0xFF;
    }

    /** How many tracks before this one its chain begins. */
    static int back(ByteBuffer encoded) {
        return intAt(encoded, CODEC) >>> 8 & 0xFF;
    }

    /** The track that is the first link of this track's chain. */
    public static int chainStart(ByteBuffer encoded) {
        return track(encoded) - back(encoded);
    }

    /** First track of the group that a chain with this track lies in. */
    public static int groupStart(int track) {
        // Numbers are unsigned.
        return track & -CHAIN_TRACKS;
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

    /** Longest encoded track of so many raw bytes: header, raw payload, and what a link or a map may have on top. */
    public static int maxBytes(int rawBytes) {
        if (rawBytes < 1 || rawBytes > MAX_RAW_BYTES) {
            throw new IllegalArgumentException(
                    "raw bytes of a track: expected 1 to " + MAX_RAW_BYTES + ", found " + rawBytes);
        }
        return HEADER_BYTES + rawBytes + Math.max(linkExcess(rawBytes), UnreadableMap.encodedBytes(rawBytes));
    }

    private static int linkExcess(int rawBytes) {
        return rawBytes / (16 * 1024) + LINK_EXCESS;
    }

    /** Most coded bytes of a codec for so many raw bytes. */
    static int maxCodedBytes(CodecId codec, int rawBytes) {
        return codec == CodecId.LINK ? rawBytes + linkExcess(rawBytes) : rawBytes;
    }

    /** Bytes of the map behind the coded bytes. */
    static int mapBytes(ByteBuffer encoded) {
        return isPartial(encoded) ? UnreadableMap.encodedBytes(rawBytes(encoded)) : 0;
    }

    /** Payload bytes without the map. */
    static int codedBytes(ByteBuffer encoded) {
        return payloadBytes(encoded) - mapBytes(encoded);
    }

    /**
     * Header and payload together, by the header alone: how long a track is that is followed by padding or by another one.
     *
     * @throws MalformedTrackException when the header is cut off, or its payload is empty or longer than any track
     */
    public static int encodedBytes(ByteBuffer encoded) throws MalformedTrackException {
        checkHeaderIsThere(encoded);
        int payloadBytes = payloadBytes(encoded);
        int mostBytes = maxBytes(MAX_RAW_BYTES) - HEADER_BYTES;
        if (payloadBytes < 1 || payloadBytes > mostBytes) {
            throw new MalformedTrackException(
                    PAYLOAD_BYTES, "payload of 1 to " + mostBytes + " bytes", Integer.toUnsignedString(payloadBytes));
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
        putHeader(encoded, codec.code() << 24, track, rawBytes, payloadBytes, checksum);
    }

    static void putLinkHeader(
            ByteBuffer encoded, int link, int chainStart, int track, int rawBytes, int payloadBytes, long checksum) {
        int first = CodecId.LINK.code() << 24 | link << 16 | (track - chainStart) << 8;
        putHeader(encoded, first, track, rawBytes, payloadBytes, checksum);
    }

    private static void putHeader(
            ByteBuffer encoded, int first, int track, int rawBytes, int payloadBytes, long checksum) {
        putIntAt(encoded, CODEC, first);
        putIntAt(encoded, TRACK, track);
        putIntAt(encoded, RAW_BYTES, rawBytes);
        putIntAt(encoded, PAYLOAD_BYTES, payloadBytes);
        putIntAt(encoded, CHECKSUM, (int) (checksum >>> 32));
        putIntAt(encoded, CHECKSUM + 4, (int) checksum);
    }

    /** Makes a complete encoded track one with a map, which must have room behind its limit. */
    static void addMap(ByteBuffer encoded, UnreadableMap map) {
        int at = encoded.limit();
        int mapBytes = UnreadableMap.encodedBytes(rawBytes(encoded));
        putIntAt(encoded, CODEC, intAt(encoded, CODEC) | PARTIAL);
        putIntAt(encoded, PAYLOAD_BYTES, payloadBytes(encoded) + mapBytes);
        map.put(encoded.limit(at + mapBytes), at);
    }

    static int intAt(ByteBuffer encoded, int offset) {
        int value = encoded.getInt(encoded.position() + offset);
        return encoded.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    static void putIntAt(ByteBuffer encoded, int offset, int value) {
        encoded.putInt(
                encoded.position() + offset,
                encoded.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }
}
