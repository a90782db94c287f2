package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.Samples.Content;

/** Encodes and decodes tracks in a row, for tests of links. */
final class Chains {
    private static final byte[] EMPTY = {};

    private Chains() {}

    static TrackEncoder encoder(int level) {
        return TrackEncoder.ofChains(new CodecChoice(CodecId.ZSTD, level));
    }

    /** Text that shrinks, other for each seed. */
    static byte[] text(int bytes, long seed) {
        return Samples.track(Content.TEXT, bytes, seed);
    }

    /** The encoded track, empty when it is ZERO. */
    static byte[] encode(TrackEncoder encoder, int track, byte[] raw, boolean direct) {
        var out = Samples.room(EncodedTrack.maxBytes(raw.length), direct);
        var source = Samples.framed(raw, direct);
        TrackKind kind = encoder.encode(track, source, out);
        assertThat(Samples.bytesOf(source)).isEqualTo(raw);
        assertThat(kind).isEqualTo(Samples.isZero(raw) ? TrackKind.ZERO : TrackKind.DATA);
        return kind == TrackKind.ZERO ? EMPTY : Samples.bytesOf(out);
    }

    /** Texts of 2048 bytes as consecutive tracks, encoded. */
    static List<byte[]> encodeTexts(TrackEncoder encoder, int firstTrack, int count) {
        List<byte[]> encoded = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            encoded.add(encode(encoder, firstTrack + i, text(2048, firstTrack + i), true));
        }
        return encoded;
    }

    static byte[] decode(TrackDecoder decoder, byte[] encoded, int rawBytes, boolean direct)
            throws MalformedTrackException {
        var raw = Samples.room(rawBytes + 3, direct);
        int position = raw.position();
        decoder.decode(trackOf(encoded), rawBytes, Samples.framed(encoded, direct), raw);
        assertThat(raw.position()).isEqualTo(position);
        return Samples.bytesOf(raw);
    }

    /** What is wrong with the track, or null when it decodes to {@code raw}. */
    static MalformedTrackException fault(TrackDecoder decoder, int track, byte[] encoded, byte[] raw, boolean direct) {
        var room = Samples.room(raw.length, direct);
        MalformedTrackException fault = null;
        try {
            decoder.decode(track, raw.length, Samples.framed(encoded, direct), room);
            assertThat(Samples.bytesOf(room)).isEqualTo(raw);
        } catch (MalformedTrackException e) {
            fault = e;
        }
        checkNothingAround(room, raw.length);
        return fault;
    }

    private static void checkNothingAround(ByteBuffer room, int bytes) {
        assertThat(room.remaining()).isEqualTo(bytes);
        ByteBuffer all = room.duplicate().clear();
        for (int i = 0; i < all.capacity(); i++) {
            if (i < room.position() || i >= room.limit()) {
                assertThat(all.get(i)).isEqualTo((byte) 0x5A);
            }
        }
    }

    static int trackOf(byte[] encoded) {
        return EncodedTrack.track(ByteBuffer.wrap(encoded));
    }

    static int linkOf(byte[] encoded) {
        return EncodedTrack.link(ByteBuffer.wrap(encoded));
    }

    static int startOf(byte[] encoded) {
        return EncodedTrack.chainStart(ByteBuffer.wrap(encoded));
    }

    static CodecId codecOf(byte[] encoded) {
        return EncodedTrack.codec(ByteBuffer.wrap(encoded));
    }

    /** A link around any payload, with the checksum of {@code raw}. */
    static byte[] link(int link, int start, int track, byte[] payload, byte[] raw) {
        var encoded = ByteBuffer.allocate(EncodedTrack.HEADER_BYTES + payload.length);
        long checksum = TrackChecksum.of(ByteBuffer.wrap(raw));
        EncodedTrack.putLinkHeader(encoded, link, start, track, raw.length, payload.length, checksum);
        return encoded.put(EncodedTrack.HEADER_BYTES, payload).array();
    }
}
