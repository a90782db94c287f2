package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever links say, they decode to the right bytes or to the one exception, in bounded memory. */
class LinkPropertyTest {
    private static final int RAW_BYTES = 2048;
    private static final byte[] LETTERS = letters(512);

    static LongStream seeds() {
        return LongStream.of(1, 2, System.nanoTime());
    }

    private static List<byte[]> chain(int level) {
        try (var encoder = Chains.encoder(level)) {
            return Chains.encodeTexts(encoder, 0, 4);
        }
    }

    /** Reads the links before it, then the one that is damaged, then the whole chain as it should be. */
    private static MalformedTrackException fault(TrackDecoder decoder, List<byte[]> chain, int link, byte[] damaged) {
        for (int before = 0; before < link; before++) {
            assertThat(fault(decoder, before, chain.get(before), true)).isNull();
        }
        var fault = fault(decoder, link, damaged, damaged.length % 2 == 0);
        for (int again = 0; again < chain.size(); again++) {
            assertThat(fault(decoder, again, chain.get(again), true)).isNull();
        }
        return fault;
    }

    private static MalformedTrackException fault(TrackDecoder decoder, int track, byte[] encoded, boolean direct) {
        return Chains.fault(decoder, track, encoded, Chains.text(RAW_BYTES, track), direct);
    }

    @Test
    void aLinkCutOffAnywhereIsMalformed() {
        List<byte[]> chain = chain(1);
        try (var decoder = new TrackDecoder()) {
            for (int link = 0; link < chain.size(); link++) {
                byte[] whole = chain.get(link);
                for (int length = 0; length < whole.length; length++) {
                    byte[] cut = Arrays.copyOf(whole, length);
                    assertThat(fault(decoder, chain, link, cut)).isNotNull();
                    if (length > EncodedTrack.HEADER_BYTES) {
                        ByteBuffer.wrap(cut).putInt(EncodedTrack.PAYLOAD_BYTES, length - EncodedTrack.HEADER_BYTES);
                        assertThat(fault(decoder, chain, link, cut)).isNotNull();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 1, 9})
    void aFlippedBitGivesTheRightBytesOrTheOneException(int level) {
        List<byte[]> chain = chain(level);
        try (var decoder = new TrackDecoder()) {
            for (int link = 0; link < chain.size(); link++) {
                for (int bit = 0; bit < chain.get(link).length * 8; bit++) {
                    byte[] changed = chain.get(link).clone();
                    changed[bit / 8] ^= (byte) (1 << bit % 8);
                    var fault = fault(decoder, chain, link, changed);
                    if (bit < EncodedTrack.HEADER_BYTES * 8) {
                        assertThat(fault).as("link %d bit %d", link, bit).isNotNull();
                    }
                }
            }
        }
    }

    /** One decoder all the time: what a damaged link leaves behind must not matter to the next. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anySequenceOfDamagedLinksGivesTheRightBytesOrTheOneException(long seed) {
        var random = new Random(seed);
        List<byte[]> chain = chain(3);
        int right = 0;
        try (var decoder = new TrackDecoder()) {
            for (int i = 0; i < 8000; i++) {
                int link = random.nextInt(4) == 0 ? 0 : random.nextInt(chain.size());
                byte[] changed = chain.get(link).clone();
                for (int flips = random.nextInt(3); flips > 0; flips--) {
                    int at = EncodedTrack.HEADER_BYTES + random.nextInt(changed.length - EncodedTrack.HEADER_BYTES);
                    changed[at] = (byte) random.nextInt();
                }
                right += fault(decoder, link, changed, random.nextBoolean()) == null ? 1 : 0;
            }
        }
        assertThat(right).isGreaterThan(100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBlocksOfAFrameAreMalformed(long seed) {
        var random = new Random(seed);
        try (var decoder = new TrackDecoder()) {
            for (int i = 0; i < 3000; i++) {
                byte[] blocks = new byte[1 + random.nextInt(300)];
                random.nextBytes(blocks);
                byte[] frame = frame(random.nextInt(256) << 8 | random.nextInt(256), blocks);
                assertThat(faultOfFirst(decoder, frame)).isNotNull();
            }
        }
    }

    private static MalformedTrackException faultOfFirst(TrackDecoder decoder, byte[] payload) {
        return Chains.fault(decoder, 5, Chains.link(0, 5, 5, payload, LETTERS), LETTERS, payload.length % 2 == 0);
    }

    private static MalformedTrackException faultOfFirst(byte[] payload) {
        try (var decoder = new TrackDecoder()) {
            return faultOfFirst(decoder, payload);
        }
    }

    private static byte[] letters(int bytes) {
        byte[] letters = new byte[bytes];
        Arrays.fill(letters, (byte) 'A');
        return letters;
    }

    /** Magic number, then frame header descriptor (low byte) and window descriptor, then the blocks: RFC 8878, section 3.1.1. */
    private static byte[] frame(int header, byte[]... blocks) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) header, (byte) (header >> 8)});
        for (byte[] block : blocks) {
            out.writeBytes(block);
        }
        return out.toByteArray();
    }

    /** The header of a frame that says nothing but its window. */
    private static int window(int log) {
        return (log - 10) << (3 + 8);
    }

    /** A block of the letter A. */
    private static byte[] block(int bytes, boolean isLast) {
        int header = bytes << 3 | 1 << 1 | (isLast ? 1 : 0);
        return new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16), 'A'};
    }

    @Test
    void aWindowIsAtMostThatOfAGroup() {
        for (int log = 10; log <= 23; log++) {
            assertThat(faultOfFirst(frame(window(log), block(512, false)))).isNull();
        }
        for (int log = 24; log <= 41; log++) {
            var fault = faultOfFirst(frame(window(log), block(512, false)));
            // zstd says so before it takes the memory
            assertThat(fault).hasMessageContaining("requires too much memory");
        }
        // 8 MiB and an eighth
        assertThat(faultOfFirst(frame(window(23) | 1 << 8, block(512, false))))
                .hasMessageContaining("requires too much memory");
    }

    @Test
    void aFrameOfOneSegmentIsAtMostAGroup() {
        for (long bytes : new long[] {1 << 24, 1L << 40, Long.MAX_VALUE}) {
            var header = ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(0xFD2FB528).put((byte) 0xE0).putLong(bytes);
            var out = new ByteArrayOutputStream();
            out.writeBytes(header.array());
            out.writeBytes(block(512, false));
            assertThat(faultOfFirst(out.toByteArray())).hasMessageContaining("requires too much memory");
        }
    }

    @Test
    void bytesBehindTheEndOfTheTrackAreRefused() {
        int window = window(22);
        assertThat(faultOfFirst(frame(window, block(513, false)))).isNotNull();
        assertThat(faultOfFirst(frame(window, block(128 << 10, false)))).isNotNull();
        assertThat(faultOfFirst(frame(window, block(512, false), block(1, false))))
                .isNotNull();
        byte[][] bomb = new byte[120][];
        Arrays.fill(bomb, block(128 << 10, false));
        assertThat(faultOfFirst(frame(window, bomb))).isNotNull();
    }

    /** What was left over would be the beginning of the next track. */
    @Test
    void bytesBehindTheEndOfALaterLinkAreRefused() {
        try (var decoder = new TrackDecoder()) {
            assertThat(faultOfFirst(decoder, frame(window(22), block(512, false))))
                    .isNull();
            byte[] longer = Chains.link(1, 5, 6, block(700, false), LETTERS);
            assertThat(Chains.fault(decoder, 6, longer, LETTERS, true)).isNotNull();
            byte[] rest = Chains.link(2, 5, 7, block(324, false), LETTERS);
            assertThat(Chains.fault(decoder, 7, rest, LETTERS, true)).isNotNull();
        }
    }

    @Test
    void aTrackThatIsTooShortIsRefused() {
        assertThat(faultOfFirst(frame(window(22), block(511, false)))).isNotNull();
        assertThat(faultOfFirst(frame(window(22)))).isNotNull();
    }

    @Test
    void aFrameThatEndsIsRefused() {
        int window = window(22);
        byte[] another = frame(window, block(256, false));
        assertThat(faultOfFirst(frame(window, block(512, true)))).isNotNull();
        assertThat(faultOfFirst(frame(window, block(256, true)))).isNotNull();
        assertThat(faultOfFirst(frame(window, block(256, true), another))).isNotNull();
        assertThat(faultOfFirst(frame(window, block(512, false), block(0, true))))
                .isNotNull();
        assertThat(faultOfFirst(frame(window, block(0, false), block(512, false), block(0, false))))
                .isNull();
    }

    /** What older versions of zstd wrote, and what a reader of zstd would pass over. */
    @Test
    void onlyAFrameOfThisFormatBeginsAChain() {
        byte[] frame = frame(window(22), block(512, false));
        for (int magic : new int[] {0xFD2FB527, 0xFD2FB526, 0xFD2FB525, 0xFD2FB524, 0xFD2FB523, 0xFD2FB522, 0}) {
            byte[] other = frame.clone();
            ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(magic);
            assertThat(faultOfFirst(other)).hasMessageContaining("Unknown frame descriptor");
        }
        var skipped = ByteBuffer.allocate(8 + frame.length).order(ByteOrder.LITTLE_ENDIAN);
        skipped.putInt(0x184D2A50).putInt(0).put(frame);
        assertThat(faultOfFirst(skipped.array())).isNotNull();
    }

    @Test
    void blocksWithoutTheirFrameAreRefused() {
        try (var decoder = new TrackDecoder()) {
            byte[] second = Chains.link(1, 5, 6, block(512, false), LETTERS);
            assertThat(Chains.fault(decoder, 6, second, LETTERS, true)).isNotNull();
            assertThat(faultOfFirst(decoder, frame(window(22), block(512, false))))
                    .isNull();
            assertThat(Chains.fault(decoder, 6, second, LETTERS, true)).isNull();
        }
    }
}
