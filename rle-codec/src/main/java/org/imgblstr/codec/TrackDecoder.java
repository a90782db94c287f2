package org.imgblstr.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * Turns encoded tracks back into raw ones, and trusts nothing in them. One thread at a time: keeps its codec context and scratch
 * memory from track to track, and of a chain what was decoded last, so that links must come in their order. Source: docs/architecture.md, section 4.
 */
public final class TrackDecoder implements AutoCloseable {
    private ZstdDecompressCtx zstd;
    private final LinkDecoder links = new LinkDecoder();
    private final Scratch scratch = new Scratch();

    /**
     * Decodes one track and checks it against its checksum.
     *
     * @param track the number that the track must have
     * @param rawBytes the length that the track must have, 1 to {@link EncodedTrack#MAX_RAW_BYTES}
     * @param encoded the encoded track and nothing else between position and limit; unchanged afterwards
     * @param raw takes {@code rawBytes} bytes from its position on, and never more, whatever {@code encoded} says. Afterwards its
     *     position is unchanged and its limit is the end of the track; after an exception both are unchanged and those bytes are
     *     anything
     * @throws MalformedTrackException when {@code encoded} is anything but a good encoding of that track
     * @throws IllegalArgumentException when {@code rawBytes} is out of range or {@code raw} too short
     */
    public void decode(int track, int rawBytes, ByteBuffer encoded, ByteBuffer raw) throws MalformedTrackException {
        check(track, rawBytes, encoded);
        if (raw.remaining() < rawBytes) {
            throw new IllegalArgumentException(
                    "room for a track: expected " + rawBytes + " bytes, found " + raw.remaining());
        }
        switch (EncodedTrack.codec(encoded)) {
            case RAW -> raw.put(raw.position(), encoded, payloadAt(encoded), rawBytes);
            case RLE -> decodeRuns(rawBytes, encoded, raw);
            case ZSTD, LINK -> decodeZstd(rawBytes, encoded, raw);
        }
        int limit = raw.limit();
        raw.limit(raw.position() + rawBytes);
        try {
            checkContent(encoded, raw);
        } catch (MalformedTrackException e) {
            raw.limit(limit);
            if (EncodedTrack.isLink(encoded)) {
                links.end();
            }
            throw e;
        }
    }

    /**
     * The bytes of a track whose codec is {@link CodecId#RAW}, where they lie in {@code encoded}, after the same checks.
     *
     * @param track the number that the track must have
     * @param rawBytes the length that the track must have, 1 to {@link EncodedTrack#MAX_RAW_BYTES}
     * @param encoded the encoded track and nothing else between position and limit; unchanged afterwards
     * @throws MalformedTrackException when {@code encoded} is anything but a good encoding of that track
     */
    public static ByteBuffer inPlace(int track, int rawBytes, ByteBuffer encoded) throws MalformedTrackException {
        check(track, rawBytes, encoded);
        ByteBuffer raw = encoded.slice(payloadAt(encoded), rawBytes);
        checkContent(encoded, raw);
        return raw;
    }

    private static void checkContent(ByteBuffer encoded, ByteBuffer raw) throws MalformedTrackException {
        long found = TrackChecksum.of(raw);
        long expected = EncodedTrack.checksum(encoded);
        if (found != expected) {
            throw new MalformedTrackException(
                    EncodedTrack.CHECKSUM, "checksum " + hex(expected) + " of the decoded bytes", hex(found));
        }
        if (EncodedTrack.isPartial(encoded)) {
            checkZeros(UnreadableMap.read(encoded), raw);
        }
    }

    /** What could not be read is zero, never junk. */
    private static void checkZeros(UnreadableMap map, ByteBuffer raw) throws MalformedTrackException {
        BitSet junk = new BitSet();
        map.forEachRange((from, end) -> {
            if (!Zeros.isZero(raw.slice(raw.position() + from, end - from))) {
                junk.set(from);
            }
        });
        if (!junk.isEmpty()) {
            throw new MalformedTrackException(
                    EncodedTrack.HEADER_BYTES,
                    "zeros where nothing could be read",
                    "other bytes at byte " + junk.nextSetBit(0) + " of the decoded track");
        }
    }

    /** Whether a track can be decoded now: it stands alone, begins a chain, or is the link after the one that was decoded last. */
    public boolean isReadyFor(ByteBuffer encoded) {
        return !EncodedTrack.isLink(encoded) || links.isNext(encoded);
    }

    /**
     * Checks the header alone: every field but the checksum, and that the payload ends where {@code encoded} ends.
     *
     * @throws MalformedTrackException when a field is not as expected
     * @throws IllegalArgumentException when {@code rawBytes} is out of range
     */
    public static void check(int track, int rawBytes, ByteBuffer encoded) throws MalformedTrackException {
        EncodedTrack.maxBytes(rawBytes);
        EncodedTrack.checkHeaderIsThere(encoded);
        CodecId codec = EncodedTrack.codec(encoded);
        if (codec == null) {
            throw new MalformedTrackException(
                    EncodedTrack.CODEC, "codec 0 to 3", Integer.toString(EncodedTrack.codecCode(encoded)));
        }
        checkFlags(codec, EncodedTrack.flags(encoded));
        checkLink(codec, encoded);
        checkField(EncodedTrack.TRACK, "track", track, EncodedTrack.track(encoded));
        checkField(EncodedTrack.RAW_BYTES, "raw bytes", rawBytes, EncodedTrack.rawBytes(encoded));
        checkPayloadBytes(codec, rawBytes, encoded);
        if (EncodedTrack.isPartial(encoded)) {
            UnreadableMap.read(encoded);
        }
    }

    private static void checkPayloadBytes(CodecId codec, int rawBytes, ByteBuffer encoded)
            throws MalformedTrackException {
        int payloadBytes = EncodedTrack.payloadBytes(encoded);
        int mapBytes = EncodedTrack.mapBytes(encoded);
        int mostBytes = EncodedTrack.maxCodedBytes(codec, rawBytes) + mapBytes;
        int leastBytes = codec == CodecId.RAW ? mostBytes : 1 + mapBytes;
        if (payloadBytes < leastBytes || payloadBytes > mostBytes) {
            throw new MalformedTrackException(
                    EncodedTrack.PAYLOAD_BYTES,
                    "payload of " + (leastBytes == mostBytes ? "" : leastBytes + " to ") + mostBytes + " bytes",
                    Integer.toUnsignedString(payloadBytes));
        }
        int payloadThere = encoded.remaining() - EncodedTrack.HEADER_BYTES;
        checkField(EncodedTrack.PAYLOAD_BYTES, "payload bytes", payloadThere, payloadBytes);
    }

    /** A track with a map stands alone. */
    private static void checkFlags(CodecId codec, int flags) throws MalformedTrackException {
        int known = codec == CodecId.LINK ? 0 : EncodedTrack.PARTIAL;
        if ((flags & ~known) != 0) {
            throw new MalformedTrackException(
                    EncodedTrack.FLAGS, known == 0 ? "no flags" : "no flags but bit 0", Integer.toBinaryString(flags));
        }
    }

    /** A chain does not leave its group, and has no more links than tracks. */
    private static void checkLink(CodecId codec, ByteBuffer encoded) throws MalformedTrackException {
        int link = EncodedTrack.link(encoded);
        int back = EncodedTrack.back(encoded);
        int track = EncodedTrack.track(encoded);
        if (codec != CodecId.LINK) {
            checkField(EncodedTrack.LINK, "link", 0, link);
            checkField(EncodedTrack.BACK, "tracks back", 0, back);
            return;
        }
        int mostBack = track - EncodedTrack.groupStart(track);
        if (back > mostBack) {
            throw new MalformedTrackException(
                    EncodedTrack.BACK, "a chain that begins 0 to " + mostBack + " tracks back", Integer.toString(back));
        }
        if (link > back || (link == 0 && back > 0)) {
            throw new MalformedTrackException(
                    EncodedTrack.LINK, back == 0 ? "link 0" : "link 1 to " + back, Integer.toString(link));
        }
    }

    private static void checkField(int offset, String name, int expected, int found) throws MalformedTrackException {
        if (found != expected) {
            throw new MalformedTrackException(
                    offset, name + " " + Integer.toUnsignedString(expected), Integer.toUnsignedString(found));
        }
    }

    private void decodeRuns(int rawBytes, ByteBuffer encoded, ByteBuffer raw) throws MalformedTrackException {
        int payloadBytes = EncodedTrack.codedBytes(encoded);
        byte[] source = scratch.heapPayload(payloadBytes);
        byte[] target = scratch.heapRaw(rawBytes);
        encoded.get(payloadAt(encoded), source, 0, payloadBytes);
        RunLengthCodec.decode(source, payloadBytes, EncodedTrack.HEADER_BYTES, target, rawBytes);
        raw.put(raw.position(), target, 0, rawBytes);
    }

    private void decodeZstd(int rawBytes, ByteBuffer encoded, ByteBuffer raw) throws MalformedTrackException {
        int payloadBytes = EncodedTrack.codedBytes(encoded);
        ByteBuffer source = encoded;
        int sourceAt = payloadAt(encoded);
        if (!encoded.isDirect()) {
            source = scratch.directPayload(payloadBytes);
            source.put(0, encoded, sourceAt, payloadBytes);
            sourceAt = 0;
        }
        ByteBuffer target = raw.isDirect() ? raw : scratch.directRaw(rawBytes);
        int targetAt = raw.isDirect() ? raw.position() : 0;
        if (EncodedTrack.isLink(encoded)) {
            links.read(
                    encoded,
                    source.duplicate().limit(sourceAt + payloadBytes).position(sourceAt),
                    target.duplicate().limit(targetAt + rawBytes).position(targetAt));
        } else {
            unzstd(rawBytes, source, sourceAt, payloadBytes, target, targetAt);
        }
        if (!raw.isDirect()) {
            raw.put(raw.position(), target, 0, rawBytes);
        }
    }

    private ZstdDecompressCtx zstd() {
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        return zstd;
    }

    private void unzstd(int rawBytes, ByteBuffer source, int sourceAt, int sourceBytes, ByteBuffer target, int targetAt)
            throws MalformedTrackException {
        try {
            int found = zstd().decompressDirectByteBuffer(target, targetAt, rawBytes, source, sourceAt, sourceBytes);
            if (found != rawBytes) {
                throw notThatFrame(rawBytes, found + " bytes");
            }
        } catch (ZstdException e) {
            throw notThatFrame(rawBytes, e.getMessage());
        }
    }

    private static MalformedTrackException notThatFrame(int rawBytes, String found) {
        return new MalformedTrackException(EncodedTrack.HEADER_BYTES, "zstd frame of " + rawBytes + " bytes", found);
    }

    private static int payloadAt(ByteBuffer encoded) {
        return encoded.position() + EncodedTrack.HEADER_BYTES;
    }

    private static String hex(long checksum) {
        return HexFormat.of().toHexDigits(checksum);
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
        links.close();
    }
}
