package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tracks stay raw: those that are random everywhere, and no others. */
class RawTrackTest {
    private static final int TRACK_BYTES = 256 * 1024;
    private static final int PARTS = 16;
    private static final int PART_BYTES = TRACK_BYTES / PARTS;

    @ParameterizedTest
    @ValueSource(ints = {4096, 65536, ByteSpread.LEAST_BYTES, TRACK_BYTES, 1024 * 1024})
    void randomBytesStayRaw(int bytes) {
        for (int seed = 0; seed < 20; seed++) {
            assertThat(codecOf(noise(bytes, seed))).isEqualTo(CodecId.RAW);
        }
    }

    @Test
    void aPartThatShrinksIsFoundWhereverItLies() {
        for (int part = 0; part < PARTS; part++) {
            byte[] raw = noise(TRACK_BYTES, part);
            byte[] text = Samples.track(Samples.Content.TEXT, PART_BYTES, part);
            System.arraycopy(text, 0, raw, part * PART_BYTES, PART_BYTES);
            assertThat(codecOf(raw)).as("text in part %d", part).isEqualTo(CodecId.ZSTD);
            Arrays.fill(raw, part * PART_BYTES, (part + 1) * PART_BYTES, (byte) 0xA5);
            assertThat(codecOf(raw)).as("one value in part %d", part).isEqualTo(CodecId.ZSTD);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 16384})
    void randomBytesThatRepeatShrink(int period) {
        byte[] pattern = noise(period, 1);
        byte[] raw = new byte[TRACK_BYTES];
        for (int at = 0; at < TRACK_BYTES; at += period) {
            System.arraycopy(pattern, 0, raw, at, period);
        }
        assertThat(codecOf(raw)).isEqualTo(CodecId.ZSTD);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 61, 64, 122, 128, 512})
    void recordsWithOneRandomFieldShrink(int recordBytes) {
        byte[] raw = new byte[TRACK_BYTES];
        var random = new Random(recordBytes);
        for (int at = 0; at < TRACK_BYTES; at += recordBytes) {
            raw[at] = (byte) random.nextInt();
        }
        assertThat(codecOf(raw)).isEqualTo(CodecId.ZSTD);
    }

    @Test
    void countersWhoseBytesAreEquallyFrequentShrink() {
        ByteBuffer raw = ByteBuffer.allocate(TRACK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < TRACK_BYTES; at += 2) {
            raw.putShort(at, (short) (at / 2));
        }
        assertThat(new ByteSpread().isEven(raw, 0, TRACK_BYTES)).isTrue();
        assertThat(codecOf(raw.array())).isEqualTo(CodecId.ZSTD);
    }

    private static byte[] noise(int bytes, long seed) {
        return Samples.track(Samples.Content.RANDOM, bytes, seed);
    }

    private static CodecId codecOf(byte[] raw) {
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.DEFAULT)) {
            assertThat(encoder.encode(0, ByteBuffer.wrap(raw), out)).isEqualTo(TrackKind.DATA);
        }
        return EncodedTrack.codec(out);
    }
}
