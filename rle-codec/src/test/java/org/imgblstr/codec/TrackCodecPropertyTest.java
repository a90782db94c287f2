package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.imgblstr.codec.Samples.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of the codecs beyond {@link CodecContractTest}: any bytes decode to a value or the one exception; every size is bounded. */
class TrackCodecPropertyTest {
    private static final int[] LENGTHS = Samples.LENGTHS;
    private static final List<CodecChoice> CHOICES = Samples.CHOICES;

    static LongStream seeds() {
        return LongStream.of(1, 2, System.nanoTime());
    }

    @Test
    void aHeaderWithoutATrackIsNoTrack() {
        try (var encoder = new TrackEncoder(CodecChoice.DEFAULT)) {
            var framed = ByteBuffer.allocate(EncodedTrack.HEADER_BYTES);
            assertThatThrownBy(() -> encoder.encodeInPlace(7, framed, () -> framed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected more than 24 bytes, found 24");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void runLengthsNeverExpandByMoreThanAHundredth(long seed) throws Exception {
        for (Content content : Content.values()) {
            for (int length : LENGTHS) {
                byte[] raw = Samples.track(content, length, seed);
                byte[] payload = new byte[length + length / 100];
                int bytes = RunLengthCodec.encode(raw, length, payload, payload.length);
                assertThat(bytes).as("%s of %d", content, length).isPositive();
                byte[] decoded = new byte[length];
                RunLengthCodec.decode(payload, bytes, 0, decoded, length);
                assertThat(decoded).isEqualTo(raw);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void runsOfEveryLengthAtEveryPlaceSurvive(long seed) throws Exception {
        var random = new Random(seed);
        for (int run = 1; run < 40; run++) {
            for (int place = 0; place < 17; place++) {
                byte[] raw = new byte[64];
                random.nextBytes(raw);
                Arrays.fill(raw, place, Math.min(64, place + run), (byte) 7);
                byte[] payload = new byte[70];
                int bytes = RunLengthCodec.encode(raw, 64, payload, 70);
                byte[] decoded = new byte[64];
                RunLengthCodec.decode(payload, bytes, 0, decoded, 64);
                assertThat(decoded).isEqualTo(raw);
                if (run > RunLengthCodec.MIN_RUN) {
                    assertThat(bytes).isLessThanOrEqualTo(64 - run + 4);
                }
            }
        }
    }

    @Test
    void aTrackCutOffAnywhereIsMalformed() {
        for (CodecChoice choice : CHOICES) {
            byte[] encoded = Samples.encoded(choice, 5, Samples.track(Content.HALF_RANDOM, 1024, 3), true);
            for (int length = 0; length < encoded.length; length++) {
                assertThat(fault(5, 1024, Arrays.copyOf(encoded, length)))
                        .as("%s cut to %d", choice, length)
                        .isNotNull();
            }
            assertThat(fault(5, 1024, encoded)).isNull();
            assertThat(fault(5, 1024, Arrays.copyOf(encoded, encoded.length + 1)))
                    .isNotNull();
        }
    }

    @Test
    void everyBitOfTheHeaderMattersAndIsNamed() {
        for (CodecChoice choice : CHOICES) {
            byte[] encoded = Samples.encoded(choice, 5, Samples.track(Content.HALF_RANDOM, 1024, 3), true);
            for (int bit = 0; bit < EncodedTrack.HEADER_BYTES * 8; bit++) {
                byte[] changed = encoded.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                var fault = fault(5, 1024, changed);
                assertThat(fault).as("%s bit %d", choice, bit).isNotNull();
                if (bit >= 8 && !isPartialFlag(bit)) {
                    assertThat(fault.offset()).isIn(fieldOf(bit / 8));
                }
            }
        }
    }

    /** Where it is wrongly set the payload is too short for a map, or what stands at its end is none. */
    private static boolean isPartialFlag(int bit) {
        return bit == 3 * 8;
    }

    private static List<Object> fieldOf(int at) {
        return List.of(at < 4 ? at : at < 8 ? 4 : at < 12 ? 8 : at < 16 ? 12 : 16);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noPayloadGivesWrongBytesOrAnotherException(long seed) {
        var random = new Random(seed);
        for (CodecChoice choice : CHOICES) {
            byte[] raw = Samples.track(Content.SHORT_RUNS, 2048, seed);
            byte[] encoded = Samples.encoded(choice, 5, raw, true);
            for (int i = 0; i < 3000; i++) {
                byte[] changed = encoded.clone();
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    int at = EncodedTrack.HEADER_BYTES + random.nextInt(encoded.length - EncodedTrack.HEADER_BYTES);
                    changed[at] = (byte) random.nextInt();
                }
                checkRoomIsKept(changed, raw, i % 2 == 0);
            }
        }
    }

    /** Decodes into room with other bytes around it: they must survive, and what comes out must be the very track. */
    private static void checkRoomIsKept(byte[] encoded, byte[] raw, boolean direct) {
        var room = Samples.room(raw.length, direct);
        int position = room.position();
        int limit = room.limit();
        try (var decoder = new TrackDecoder()) {
            decoder.decode(5, raw.length, Samples.framed(encoded, direct), room);
            assertThat(Samples.bytesOf(room)).isEqualTo(raw);
        } catch (MalformedTrackException e) {
            assertThat(e.offset()).isBetween(0, encoded.length);
        }
        assertThat(room.position()).isEqualTo(position);
        assertThat(room.limit()).isEqualTo(limit);
        ByteBuffer all = room.duplicate().clear();
        for (int i = 0; i < all.capacity(); i++) {
            if (i < position || i >= limit) {
                assertThat(all.get(i)).isEqualTo((byte) 0x5A);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CodecId.class)
    void randomPayloadsAreMalformed(CodecId codec) {
        var random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            byte[] encoded =
                    new byte[EncodedTrack.HEADER_BYTES + (codec == CodecId.RAW ? 512 : 1 + random.nextInt(512))];
            random.nextBytes(encoded);
            var buffer = ByteBuffer.wrap(encoded);
            int payloadBytes = encoded.length - EncodedTrack.HEADER_BYTES;
            EncodedTrack.putHeader(buffer, codec, 5, 512, payloadBytes, random.nextLong());
            assertThat(fault(5, 512, encoded)).isNotNull();
        }
    }

    @Test
    void aBombStopsAtTheLengthOfTheTrack() {
        for (String choice : new String[] {"rle", "zstd"}) {
            // given 16 MiB of one byte in a payload that says to be 4096 bytes
            byte[] huge = new byte[16 << 20];
            Arrays.fill(huge, (byte) 1);
            byte[] encoded = Samples.encoded(CodecChoice.parse(choice), 5, huge, true);
            var header = ByteBuffer.wrap(encoded);
            long checksum = EncodedTrack.checksum(header);
            int payloadBytes = encoded.length - EncodedTrack.HEADER_BYTES;
            assertThat(payloadBytes).isLessThan(4096);
            EncodedTrack.putHeader(header, EncodedTrack.codec(header), 5, 4096, payloadBytes, checksum);
            // then
            assertThat(fault(5, 4096, encoded)).isNotNull();
            checkRoomIsKept(encoded, Arrays.copyOf(huge, 4096), true);
            checkRoomIsKept(encoded, Arrays.copyOf(huge, 4096), false);
        }
    }

    private static MalformedTrackException fault(int track, int rawBytes, byte[] encoded) {
        try (var decoder = new TrackDecoder()) {
            decoder.decode(track, rawBytes, ByteBuffer.wrap(encoded), ByteBuffer.allocate(rawBytes));
            return null;
        } catch (MalformedTrackException e) {
            return e;
        }
    }
}
