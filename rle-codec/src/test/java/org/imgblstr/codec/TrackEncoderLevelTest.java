package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrackEncoderLevelTest {
    private static final int TRACK_BYTES = 256 * 1024;

    @Test
    void aTrackDecodesWhateverLevelsCameBefore() throws Exception {
        byte[] raw = words(1);
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.DEFAULT);
                TrackDecoder decoder = new TrackDecoder()) {
            for (int level : new int[] {1, 9, -4, 3, 1, 6, -2}) {
                encoder.level(level);
                ByteBuffer decoded = ByteBuffer.allocateDirect(TRACK_BYTES);
                decoder.decode(3, TRACK_BYTES, ByteBuffer.wrap(encode(encoder, raw)), decoded);
                assertThat(decoded).isEqualTo(ByteBuffer.wrap(raw));
            }
        }
    }

    @Test
    void theBytesDependOnTheLevelAloneAndNotOnThoseBefore() {
        byte[] raw = words(2);
        try (TrackEncoder changing = new TrackEncoder(CodecChoice.DEFAULT)) {
            int fastestBytes = 0;
            for (int level : new int[] {-4, 1, 9, 3, 6}) {
                changing.level(level);
                byte[] encoded = encode(changing, raw);
                try (TrackEncoder fixed = new TrackEncoder(new CodecChoice(CodecId.ZSTD, level))) {
                    assertThat(encoded).isEqualTo(encode(fixed, raw));
                }
                fastestBytes = fastestBytes == 0 ? encoded.length : fastestBytes;
                assertThat(encoded.length).as("level %d", level).isLessThan(level == -4 ? TRACK_BYTES : fastestBytes);
            }
        }
    }

    @Test
    void theLevelToBeginWithIsOne() {
        byte[] raw = words(3);
        try (TrackEncoder adapting = new TrackEncoder(CodecChoice.DEFAULT);
                TrackEncoder first = new TrackEncoder(CodecChoice.parse("zstd:1"))) {
            assertThat(encode(adapting, raw)).isEqualTo(encode(first, raw));
        }
    }

    @Test
    void whetherATrackIsRawDependsOnItsBytesAloneAndNotOnTheLevel() {
        try (TrackEncoder adapting = new TrackEncoder(CodecChoice.DEFAULT)) {
            for (int level : new int[] {-2, 1, 9, 19}) {
                adapting.level(level);
                assertThat(encode(adapting, randomExceptFirst(TRACK_BYTES / 8, 4)))
                        .startsWith(CodecId.ZSTD.code())
                        .hasSizeLessThan(TRACK_BYTES);
                assertThat(encode(adapting, randomExceptFirst(TRACK_BYTES / 100, 5)))
                        .startsWith(CodecId.RAW.code())
                        .hasSize(EncodedTrack.HEADER_BYTES + TRACK_BYTES);
            }
        }
    }

    /** Random in all three places that are looked at first. */
    private static byte[] randomExceptFirst(int textBytes, long seed) {
        byte[] raw = words(seed);
        byte[] noise = new byte[TRACK_BYTES - textBytes];
        new Random(seed).nextBytes(noise);
        System.arraycopy(noise, 0, raw, textBytes, noise.length);
        return raw;
    }

    @Test
    void aFixedLevelStays() {
        try (TrackEncoder fixed = new TrackEncoder(CodecChoice.parse("zstd:1"));
                TrackEncoder raw = new TrackEncoder(CodecChoice.parse("none"))) {
            assertThatThrownBy(() -> fixed.level(3)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> raw.level(3)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aDescriptionIsTheHeaderOfTheRawTrack() {
        byte[] raw = words(5);
        ByteBuffer framed = ByteBuffer.allocate(EncodedTrack.HEADER_BYTES + raw.length);
        framed.put(EncodedTrack.HEADER_BYTES, raw);
        try (TrackEncoder none = new TrackEncoder(CodecChoice.parse("none"))) {
            assertThat(TrackEncoder.describe(3, framed)).isSameAs(framed);
            assertThat(framed).isEqualTo(ByteBuffer.wrap(encode(none, raw), 0, EncodedTrack.HEADER_BYTES));
        }
        assertThat(TrackEncoder.describe(3, ByteBuffer.allocate(512))).isNull();
    }

    private static byte[] encode(TrackEncoder encoder, byte[] raw) {
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        assertThat(encoder.encode(3, ByteBuffer.wrap(raw), out)).isEqualTo(TrackKind.DATA);
        byte[] encoded = new byte[out.remaining()];
        out.get(encoded);
        return encoded;
    }

    /** Text of a few hundred words, which slower levels shrink more. */
    private static byte[] words(long seed) {
        Random random = new Random(seed);
        byte[][] words = new byte[700][];
        for (int i = 0; i < words.length; i++) {
            words[i] = new byte[2 + random.nextInt(11)];
            for (int at = 0; at < words[i].length; at++) {
                words[i][at] = (byte) ('a' + random.nextInt(26));
            }
        }
        byte[] text = new byte[TRACK_BYTES];
        for (int at = 0; at < text.length; ) {
            byte[] word = words[(int) Math.abs(random.nextGaussian() * 200) % words.length];
            int part = Math.min(word.length, text.length - at);
            System.arraycopy(word, 0, text, at, part);
            at += part;
        }
        return text;
    }
}
