package org.imgblstr.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackChecksumTest {
    /** Bit by bit, reflected, as in the text books. */
    private static long slowCrc(byte[] bytes, int reversedPolynomial) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : reversedPolynomial);
            }
        }
        return Integer.toUnsignedLong(~crc);
    }

    private static long slowChecksum(byte[] bytes) {
        return (slowCrc(bytes, 0x82F6_3B78) << 32) | slowCrc(bytes, 0xEDB8_8320);
    }

    @Test
    void theCheckValueOfBothPolynomialsComesOut() {
        // given the input for which catalogues of CRCs give check values
        var input = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(TrackChecksum.of(input)).isEqualTo(0xE306_9283_CBF4_3926L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 16_383, 16_384, 16_385, 40_000})
    void everyLengthGivesTheChecksumOfExactlyTheBytesBetweenPositionAndLimit(int bytes) {
        byte[] track = bytes == 0 ? new byte[0] : Samples.track(Samples.Content.RANDOM, bytes, bytes);
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer framed = Samples.framed(track, direct);
            int position = framed.position();
            assertThat(TrackChecksum.of(framed)).isEqualTo(slowChecksum(track));
            assertThat(framed.position()).isEqualTo(position);
            assertThat(framed.remaining()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, 16_384, 100_000, 512, 262_144})
    void zerosNeedNoBytes(int bytes) {
        assertThat(TrackChecksum.ofZeros(bytes)).isEqualTo(TrackChecksum.of(ByteBuffer.allocate(bytes)));
        assertThat(TrackChecksum.ofZeros(bytes)).isEqualTo(TrackChecksum.of(ByteBuffer.allocate(bytes)));
    }

    @Test
    void aNegativeLengthIsRefused() {
        assertThatThrownBy(() -> TrackChecksum.ofZeros(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 512, 8191, 8192, 8193, 20_000})
    void oneBitAnywhereMakesATrackNotZero(int bytes) {
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer framed = Samples.framed(new byte[bytes], direct);
            int position = framed.position();
            assertThat(Zeros.isZero(framed)).isTrue();
            for (int at : new int[] {0, bytes / 2, bytes - 1}) {
                framed.put(position + at, (byte) 0x80);
                assertThat(Zeros.isZero(framed)).isFalse();
                framed.put(position + at, (byte) 0);
            }
            assertThat(framed.position()).isEqualTo(position);
            assertThat(framed.remaining()).isEqualTo(bytes);
        }
    }
}
