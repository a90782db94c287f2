package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Encoded tracks as bytes in files, which a separate program in another language wrote. */
class EncodedTrackVectorTest {
    private static byte[] hexFile(String name) throws IOException {
        try (var in = EncodedTrackVectorTest.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of()
                    .parseHex(text.lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> line.replace(" ", ""))
                            .collect(Collectors.joining()));
        }
    }

    private static byte[] example() {
        byte[] track = new byte[512];
        System.arraycopy("imgblstr".getBytes(StandardCharsets.US_ASCII), 0, track, 0, 8);
        System.arraycopy(new byte[] {1, 2, 2, 3}, 0, track, 308, 4);
        Arrays.fill(track, 312, 512, (byte) 0xFF);
        return track;
    }

    private static byte[] chainOfHashes() throws Exception {
        var track = ByteBuffer.allocate(512);
        byte[] hash = "imgblstr".getBytes(StandardCharsets.US_ASCII);
        while (track.hasRemaining()) {
            hash = MessageDigest.getInstance("SHA-256").digest(hash);
            track.put(hash);
        }
        return track.array();
    }

    private static byte[] decode(int track, byte[] encoded) throws MalformedTrackException {
        var raw = ByteBuffer.allocate(600);
        try (var decoder = new TrackDecoder()) {
            decoder.decode(track, 512, ByteBuffer.wrap(encoded), raw);
        }
        return Samples.bytesOf(raw);
    }

    private static byte[] encode(String codec, int track, byte[] raw) {
        var out = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        try (var encoder = new TrackEncoder(CodecChoice.parse(codec))) {
            encoder.encode(track, ByteBuffer.wrap(raw), out);
        }
        return Samples.bytesOf(out);
    }

    @Test
    void aRunLengthTrackIsTheseBytes() throws Exception {
        byte[] vector = hexFile("rle-track-7.hex");
        assertThat(encode("rle", 7, example())).isEqualTo(vector);
        assertThat(decode(7, vector)).isEqualTo(example());
    }

    @Test
    void aTrackThatDoesNotShrinkIsTheseBytesWhateverTheCodec() throws Exception {
        byte[] vector = hexFile("raw-track-4294967295.hex");
        for (String codec : new String[] {"none", "rle", "zstd", "zstd:19"}) {
            assertThat(encode(codec, -1, chainOfHashes())).isEqualTo(vector);
        }
        assertThat(decode(-1, vector)).isEqualTo(chainOfHashes());
    }

    /** Only decoded: other versions of zstd may write other frames. */
    @Test
    void aZstdTrackOfAnotherEncoderIsRead() throws Exception {
        assertThat(decode(7, hexFile("zstd-track-7.hex"))).isEqualTo(example());
        assertThat(encode("zstd", 7, example()))
                .startsWith(2, 0, 0, 0, 0, 0, 0, 7)
                .hasSizeLessThan(80);
    }

    /** Only decoded, and in their order. */
    @Test
    void aChainOfAnotherEncoderIsRead() throws Exception {
        // given
        byte[] example = example();
        byte[] first = chainOfHashes();
        System.arraycopy(example, 0, first, 384, 128);
        byte[] last = first.clone();
        Arrays.fill(last, 384, 512, (byte) 0xFF);
        byte[][] raws = {first, example, last};
        int[] tracks = {33, 34, 37};
        try (var decoder = new TrackDecoder()) {
            for (int link = 0; link < 3; link++) {
                // when
                var encoded = ByteBuffer.wrap(hexFile("chain-link-" + link + ".hex"));
                var raw = ByteBuffer.allocate(512);
                decoder.decode(tracks[link], 512, encoded, raw);
                // then
                assertThat(raw.array()).isEqualTo(raws[link]);
                assertThat(EncodedTrack.isLink(encoded)).isTrue();
                assertThat(EncodedTrack.link(encoded)).isEqualTo(link);
                assertThat(EncodedTrack.chainStart(encoded)).isEqualTo(33);
            }
        }
        assertThatThrownBy(() -> decode(34, hexFile("chain-link-1.hex"))).isInstanceOf(MalformedTrackException.class);
    }

    @Test
    void theFieldsOfTheHeaderAreWhereTheSpecificationSays() throws Exception {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            var track = Samples.framed(hexFile("rle-track-7.hex"), true).order(order);
            assertThat(EncodedTrack.codec(track)).isSameAs(CodecId.RLE);
            assertThat(EncodedTrack.track(track)).isEqualTo(7);
            assertThat(EncodedTrack.rawBytes(track)).isEqualTo(512);
            assertThat(EncodedTrack.payloadBytes(track)).isEqualTo(21);
            assertThat(EncodedTrack.encodedBytes(track)).isEqualTo(45);
            assertThat(EncodedTrack.checksum(track)).isEqualTo(TrackChecksum.of(ByteBuffer.wrap(example())));
        }
    }

    @Test
    void aLengthThatNoTrackHasIsMalformed() throws Exception {
        var track = ByteBuffer.wrap(hexFile("rle-track-7.hex"));
        for (int payloadBytes : new int[] {0, -1, EncodedTrack.maxBytes(EncodedTrack.MAX_RAW_BYTES) - 23}) {
            track.putInt(12, payloadBytes);
            assertThatThrownBy(() -> EncodedTrack.encodedBytes(track))
                    .isInstanceOfSatisfying(MalformedTrackException.class, e -> assertThat(e.offset())
                            .isEqualTo(12));
        }
        assertThatThrownBy(() -> EncodedTrack.encodedBytes(ByteBuffer.allocate(23)))
                .isInstanceOf(MalformedTrackException.class)
                .hasMessage("encoded track, byte 23: expected header of 24 bytes, found end after 23");
        assertThatThrownBy(() -> EncodedTrack.checksum(ByteBuffer.allocate(23)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aTrackOfAnotherNumberOrLengthIsRefusedBeforeItIsDecoded() throws Exception {
        var track = ByteBuffer.wrap(hexFile("rle-track-7.hex"));
        TrackDecoder.check(7, 512, track);
        assertThatThrownBy(() -> TrackDecoder.check(8, 512, track))
                .hasMessage("encoded track, byte 4: expected track 8, found 7");
        assertThatThrownBy(() -> TrackDecoder.check(7, 1024, track))
                .hasMessage("encoded track, byte 8: expected raw bytes 1024, found 512");
    }

    @Test
    void callersWithTooLittleRoomAreTold() throws Exception {
        byte[] vector = hexFile("rle-track-7.hex");
        try (var decoder = new TrackDecoder();
                var encoder = new TrackEncoder(CodecChoice.DEFAULT)) {
            assertThatThrownBy(() -> decoder.decode(7, 512, ByteBuffer.wrap(vector), ByteBuffer.allocate(511)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> encoder.encode(7, ByteBuffer.allocate(512), ByteBuffer.allocate(535)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> encoder.encode(7, ByteBuffer.allocate(0), ByteBuffer.allocate(535)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
