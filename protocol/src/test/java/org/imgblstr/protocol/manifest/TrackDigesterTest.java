package org.imgblstr.protocol.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.track.TrackHasher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The digests of encoded tracks are those of their raw bytes, links of chains too. */
class TrackDigesterTest {
    private static final int RAW_BYTES = 64 * 1024;

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<byte[]> raw = new ArrayList<>();
    private final List<ByteBuffer> encoded = new ArrayList<>();

    private void encode(TrackEncoder made, int tracks) {
        try (TrackEncoder encoder = made) {
            for (int track = 0; track < tracks; track++) {
                byte[] bytes = new byte[RAW_BYTES];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (random.nextInt(20) == 0 ? random.nextInt() : i / 7);
                }
                ByteBuffer out = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(RAW_BYTES));
                encoder.encode(track, ByteBuffer.wrap(bytes), out);
                raw.add(bytes);
                encoded.add(out);
            }
        }
    }

    private byte[] expected(int track) {
        return new TrackHasher().hash(ByteBuffer.wrap(raw.get(track)), UnreadableMap.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "rle", "zstd:1"})
    void eachTrackAlone(String codec) {
        encode(new TrackEncoder(CodecChoice.parse(codec)), 5);
        try (TrackDigester digester = new TrackDigester()) {
            for (int track : new int[] {3, 0, 4, 4, 1}) {
                assertThat(digester.digest(track, encoded.get(track))).isEqualTo(expected(track));
            }
        }
    }

    @Test
    void linksOfChainsInTheirOrder() {
        encode(TrackEncoder.ofChains(CodecChoice.parse("zstd:1")), 40);
        assertThat(encoded).anyMatch(EncodedTrack::isLink);
        try (TrackDigester digester = new TrackDigester()) {
            for (int track = 0; track < 40; track++) {
                assertThat(digester.digest(track, encoded.get(track))).isEqualTo(expected(track));
            }
        }
    }

    @Test
    void ofAChainWithAGapNoneBehindTheGapUntilTheNextChain() {
        encode(TrackEncoder.ofChains(CodecChoice.parse("zstd:1")), 64);
        try (TrackDigester digester = new TrackDigester()) {
            digester.digest(0, encoded.get(0));
            digester.leaveOut();
            assertThat(digester.digest(3, encoded.get(3))).isNull();
            assertThat(digester.digest(4, encoded.get(4))).isNull();
            for (int track = 32; track < 64; track++) {
                assertThat(digester.digest(track, encoded.get(track))).isEqualTo(expected(track));
            }
        }
    }

    @Test
    void whatDoesNotDecodeIsAFaultOfThisProgram() {
        encode(new TrackEncoder(CodecChoice.parse("none")), 1);
        encoded.get(0).put(EncodedTrack.HEADER_BYTES - 1, (byte) 1);
        try (TrackDigester digester = new TrackDigester()) {
            digester.leaveOut();
            assertThatThrownBy(() -> digester.digest(1, encoded.get(0))).isInstanceOf(IllegalStateException.class);
        }
    }
}
