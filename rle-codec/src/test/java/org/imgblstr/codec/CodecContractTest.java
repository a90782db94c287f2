package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.imgblstr.codec.Samples.Content;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every codec promises for every content and length; a case a test. The third seed is another one each time. */
class CodecContractTest {
    private static final long[] SEEDS = {1, 2, System.nanoTime()};

    static Stream<Arguments> cases() {
        return Samples.CHOICES.stream()
                .flatMap(choice -> Arrays.stream(Content.values()).flatMap(content -> Arrays.stream(Samples.LENGTHS)
                        .mapToObj(length -> Arguments.of(choice, content, length))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} bytes")
    @MethodSource("cases")
    void whatIsEncodedDecodesToTheSameBytes(CodecChoice choice, Content content, int length) throws Exception {
        try (var encoder = new TrackEncoder(choice);
                var decoder = new TrackDecoder()) {
            for (long seed : SEEDS) {
                boolean direct = (length + seed) % 2 == 0;
                roundTrip(encoder, decoder, Samples.track(content, length, seed), direct);
                roundTrip(encoder, decoder, Samples.track(content, length, seed + 1), !direct);
            }
        }
    }

    private static void roundTrip(TrackEncoder encoder, TrackDecoder decoder, byte[] raw, boolean direct)
            throws Exception {
        // given
        int track = Arrays.hashCode(raw);
        var source = Samples.framed(raw, direct);
        var encoded = Samples.room(EncodedTrack.maxBytes(raw.length), direct);
        var before = encoded.duplicate();
        // when
        TrackKind kind = encoder.encode(track, source, encoded);
        // then
        assertThat(Samples.bytesOf(source)).isEqualTo(raw);
        assertThat(kind).isEqualTo(Samples.isZero(raw) ? TrackKind.ZERO : TrackKind.DATA);
        if (kind == TrackKind.ZERO) {
            assertThat(encoded).isEqualTo(before);
            return;
        }
        assertThat(encoded.position()).isEqualTo(before.position());
        assertThat(EncodedTrack.encodedBytes(encoded)).isEqualTo(encoded.remaining());
        assertThat(EncodedTrack.payloadBytes(encoded)).isLessThanOrEqualTo(raw.length);
        if (EncodedTrack.codec(encoded) != CodecId.RAW) {
            assertThat(EncodedTrack.payloadBytes(encoded)).isLessThanOrEqualTo(raw.length - raw.length / 32);
        }
        assertThat(EncodedTrack.checksum(encoded)).isEqualTo(TrackChecksum.of(source));
        var decoded = Samples.room(raw.length + 5, !direct);
        int decodedAt = decoded.position();
        decoder.decode(track, raw.length, encoded, decoded);
        assertThat(decoded.position()).isEqualTo(decodedAt);
        assertThat(Samples.bytesOf(decoded)).isEqualTo(raw);
    }

    @ParameterizedTest(name = "{0}, {1}, {2} bytes")
    @MethodSource("cases")
    void aTrackEncodedInItsPlaceIsTheSameAndIsCopiedOnlyWhenItShrinks(CodecChoice choice, Content content, int length) {
        try (var encoder = new TrackEncoder(choice)) {
            for (long seed : SEEDS) {
                byte[] raw = Samples.track(content, length, seed);
                boolean direct = (length + seed) % 2 == 0;
                var framed = framed(raw, direct);
                var spare = Samples.room(EncodedTrack.maxBytes(length), !direct);
                // when
                ByteBuffer found = encoder.encodeInPlace(7, framed, () -> spare);
                // then
                if (Samples.isZero(raw)) {
                    assertThat(found).isNull();
                } else {
                    byte[] expected = Samples.encoded(choice, 7, raw, direct);
                    assertThat(Samples.bytesOf(found)).isEqualTo(expected);
                    boolean isRaw = EncodedTrack.codec(ByteBuffer.wrap(expected)) == CodecId.RAW;
                    assertThat(found).isSameAs(isRaw ? framed : spare);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2} bytes")
    @MethodSource("cases")
    void whatStaysRawForSureIsTheSameWhoeverEncodesIt(CodecChoice choice, Content content, int length) {
        try (var encoder = new TrackEncoder(choice)) {
            for (long seed : SEEDS) {
                byte[] raw = Samples.track(content, length, seed);
                var framed = framed(raw, true);
                byte[] before = Samples.bytesOf(framed);
                // when
                boolean isRaw = encoder.encodeRaw(7, framed);
                // then
                assertThat(Samples.bytesOf(framed)).isEqualTo(isRaw ? Samples.encoded(choice, 7, raw, true) : before);
                if (content == Content.RANDOM && choice.id() == CodecId.ZSTD) {
                    assertThat(isRaw).isTrue();
                }
            }
        }
    }

    private static ByteBuffer framed(byte[] raw, boolean direct) {
        var framed = Samples.room(EncodedTrack.HEADER_BYTES + raw.length, direct);
        framed.put(framed.position() + EncodedTrack.HEADER_BYTES, raw);
        return framed;
    }
}
