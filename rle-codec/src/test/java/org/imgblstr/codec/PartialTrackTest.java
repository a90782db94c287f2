package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracks some of whose sectors could not be read. */
class PartialTrackTest {
    private static final int RAW_BYTES = 20 * 512;

    private static UnreadableMap map(int rawBytes, int... units) {
        BitSet set = new BitSet();
        Arrays.stream(units).forEach(set::set);
        return UnreadableMap.of(rawBytes, set);
    }

    private static byte[] raw(Samples.Content content, int bytes, UnreadableMap map) {
        byte[] raw = Samples.track(content, bytes, 5);
        map.forEachRange((from, end) -> Arrays.fill(raw, from, end, (byte) 0));
        return raw;
    }

    private static byte[] encode(String codec, byte[] raw, UnreadableMap map, boolean isOfChains) {
        CodecChoice choice = CodecChoice.parse(codec);
        ByteBuffer framed = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(raw.length));
        framed.put(EncodedTrack.HEADER_BYTES, raw).limit(EncodedTrack.HEADER_BYTES + raw.length);
        try (var encoder = isOfChains ? TrackEncoder.ofChains(choice) : new TrackEncoder(choice)) {
            return Samples.bytesOf(encoder.encodePartial(
                    7, framed, map, () -> ByteBuffer.allocateDirect(EncodedTrack.maxBytes(raw.length))));
        }
    }

    private static byte[] decode(byte[] encoded, int rawBytes) throws MalformedTrackException {
        var raw = ByteBuffer.allocate(rawBytes);
        try (var decoder = new TrackDecoder()) {
            decoder.decode(7, rawBytes, ByteBuffer.wrap(encoded), raw);
        }
        return raw.array();
    }

    @ParameterizedTest
    @CsvSource({"none, RANDOM", "zstd, RANDOM", "zstd, TEXT", "zstd:19, TEXT", "rle, RUNS", "none, ZEROS", "rle, ZEROS"
    })
    void bytesAndMapComeBack(String codec, Samples.Content content) throws Exception {
        UnreadableMap map = map(RAW_BYTES, 0, 3, 4, 19);
        byte[] raw = raw(content, RAW_BYTES, map);
        byte[] encoded = encode(codec, raw, map, false);
        assertThat(encode(codec, raw, map, true)).as("by an encoder of chains").isEqualTo(encoded);
        assertThat(encoded.length).isLessThanOrEqualTo(EncodedTrack.maxBytes(RAW_BYTES));
        assertThat(decode(encoded, RAW_BYTES)).isEqualTo(raw);
        ByteBuffer track = ByteBuffer.wrap(encoded);
        assertThat(EncodedTrack.unreadable(track)).isEqualTo(map);
        assertThat(EncodedTrack.kind(track)).isSameAs(TrackKind.PARTIAL);
        assertThat(EncodedTrack.isLink(track)).isFalse();
        assertThat(EncodedTrack.encodedBytes(track)).isEqualTo(encoded.length);
        assertThat(EncodedTrack.checksum(track)).isEqualTo(TrackChecksum.of(ByteBuffer.wrap(raw)));
        assertThat(EncodedTrack.leaf(track)).isNotEqualTo(EncodedTrack.checksum(track));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 256 * 1024, 16 * 1024 * 1024})
    void aMapFitsBehindTheLongestTrack(int rawBytes) throws Exception {
        UnreadableMap map = map(rawBytes, 0);
        byte[] raw = raw(Samples.Content.RANDOM, rawBytes, map);
        byte[] encoded = encode("none", raw, map, false);
        assertThat(encoded.length).isLessThanOrEqualTo(EncodedTrack.maxBytes(rawBytes));
        assertThat(decode(encoded, rawBytes)).isEqualTo(raw);
    }

    /** The same bytes, all read, or with another sector missing, are other contents. */
    @Test
    void theDigestTellsZerosThatWereReadFromZerosThatWereNot() {
        byte[] raw = new byte[RAW_BYTES];
        long checksum = TrackChecksum.of(ByteBuffer.wrap(raw));
        byte[] one = digest(TrackKind.PARTIAL, map(RAW_BYTES, 1).leaf(checksum));
        byte[] other = digest(TrackKind.PARTIAL, map(RAW_BYTES, 2).leaf(checksum));
        assertThat(one).isNotEqualTo(other);
        assertThat(one).isNotEqualTo(digest(TrackKind.DATA, checksum));
        assertThat(digest(TrackKind.PARTIAL, checksum)).isNotEqualTo(digest(TrackKind.DATA, checksum));
        assertThat(UnreadableMap.NONE.leaf(checksum)).isEqualTo(checksum);
    }

    private static byte[] digest(TrackKind kind, long leaf) {
        ContentDigest digest = new ContentDigest(1);
        digest.set(0, kind, leaf);
        return digest.digest();
    }

    @Test
    void aDescribedTrackHasTheSameLeaf() throws Exception {
        UnreadableMap map = map(RAW_BYTES, 2, 3);
        byte[] raw = raw(Samples.Content.TEXT, RAW_BYTES, map);
        ByteBuffer framed = ByteBuffer.allocate(EncodedTrack.maxBytes(RAW_BYTES));
        framed.put(EncodedTrack.HEADER_BYTES, raw).limit(EncodedTrack.HEADER_BYTES + RAW_BYTES);
        ByteBuffer described = TrackEncoder.describePartial(7, framed, map);
        ByteBuffer encoded = ByteBuffer.wrap(encode("zstd", raw, map, false));
        assertThat(EncodedTrack.unreadable(described)).isEqualTo(map);
        assertThat(EncodedTrack.leaf(described)).isEqualTo(EncodedTrack.leaf(encoded));
        assertThat(described.remaining()).isLessThan(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "rle", "zstd"})
    void everyTruncationIsMalformed(String codec) {
        UnreadableMap map = map(RAW_BYTES, 1, 17);
        byte[] encoded = encode(codec, raw(Samples.Content.RUNS, RAW_BYTES, map), map, false);
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> decode(cut, RAW_BYTES)).isInstanceOf(MalformedTrackException.class);
        }
    }

    /** A frame of zstd has bits that change nothing; header and map have none. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "rle", "zstd"})
    void everyFlippedBitIsMalformed(String codec) {
        UnreadableMap map = map(RAW_BYTES, 1, 17);
        byte[] raw = raw(Samples.Content.RUNS, RAW_BYTES, map);
        byte[] encoded = encode(codec, raw, map, false);
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            boolean isCoded = bit >= 24 * 8 && bit < (encoded.length - 7) * 8;
            try {
                byte[] decoded = decode(flipped, RAW_BYTES);
                assertThat(isCoded && codec.equals("zstd")).as("bit " + bit).isTrue();
                assertThat(decoded).isEqualTo(raw);
            } catch (MalformedTrackException e) {
                assertThat(e).hasMessageContaining("encoded track, byte ");
            }
        }
    }

    /** Whoever makes the CRC right as well. */
    @Test
    void mapsThatNoEncoderMakesAreMalformed() {
        UnreadableMap map = map(RAW_BYTES, 1);
        byte[] raw = raw(Samples.Content.RANDOM, RAW_BYTES, map);
        byte[] good = encode("none", raw, map, false);
        int mapAt = good.length - 4 - 3;
        int[][] bytesAndValues = {{mapAt, 0}, {mapAt + 2, 0x10}, {mapAt, 1}, {mapAt, 0xFF}, {3, 2}, {3, 3}, {3, 0x81}};
        for (int[] change : bytesAndValues) {
            ByteBuffer track = ByteBuffer.wrap(good.clone());
            track.put(change[0], (byte) change[1]);
            seal(track, mapAt);
            assertThatThrownBy(() -> decode(track.array(), RAW_BYTES))
                    .as("byte " + change[0] + " is " + change[1])
                    .isInstanceOf(MalformedTrackException.class);
        }
        ByteBuffer same = ByteBuffer.wrap(good.clone());
        seal(same, mapAt);
        assertThat(same.array()).isEqualTo(good);
    }

    private static void seal(ByteBuffer track, int mapAt) {
        var crc = new java.util.zip.CRC32C();
        crc.update(track.slice(0, EncodedTrack.HEADER_BYTES));
        crc.update(track.slice(mapAt, 3));
        track.putInt(mapAt + 3, (int) crc.getValue());
    }

    @Test
    void aLinkHasNoMap() {
        byte[] link;
        try (var encoder = Chains.encoder(1)) {
            link = Chains.encodeTexts(encoder, 0, 1).get(0);
        }
        link[3] = 1;
        assertThatThrownBy(() -> TrackDecoder.check(0, 2048, ByteBuffer.wrap(link)))
                .isInstanceOfSatisfying(MalformedTrackException.class, e -> assertThat(e.offset())
                        .isEqualTo(3));
    }

    @Test
    void rangesAreThoseOfTheMap() {
        Random random = new Random(3);
        BitSet units = new BitSet();
        for (int i = 0; i < 300; i++) {
            units.set(random.nextInt(512));
        }
        BitSet found = new BitSet();
        UnreadableMap.of(512 * 512, units).forEachRange((from, end) -> found.set(from / 512, end / 512));
        assertThat(found).isEqualTo(units);
        assertThat(UnreadableMap.of(512 * 512, new BitSet())).isSameAs(UnreadableMap.NONE);
        units.set(0, 512);
        assertThat(UnreadableMap.of(512 * 512, units).isWhole()).isTrue();
        units.set(512);
        assertThatThrownBy(() -> UnreadableMap.of(512 * 512, units)).isInstanceOf(IllegalArgumentException.class);
    }
}
