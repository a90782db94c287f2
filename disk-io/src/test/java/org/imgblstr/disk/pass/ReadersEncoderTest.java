package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.pass.DiskFeed.Encoding;
import org.junit.jupiter.api.Test;

class ReadersEncoderTest {
    private static final int RAW_BYTES = 64 << 10;

    private static ByteBuffer random() {
        byte[] bytes = new byte[EncodedTrack.HEADER_BYTES + RAW_BYTES];
        new Random(1).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    }

    private static ByteBuffer text() {
        ByteBuffer framed = ByteBuffer.allocateDirect(EncodedTrack.HEADER_BYTES + RAW_BYTES);
        for (int at = 0; at < framed.capacity(); at++) {
            framed.put(at, (byte) (at % 7));
        }
        return framed;
    }

    @Test
    void theReaderTakesOverAfterARunOfRawTracksAndStopsWhenOneShrinks() {
        try (ReadersEncoder readers = new ReadersEncoder(Encoding.of(CodecChoice.DEFAULT))) {
            for (int track = 0; track < ReadersEncoder.RAW_RUN; track++) {
                assertThat(readers.encodesRaw(track, random())).isFalse();
                readers.onEncoded(true);
            }
            assertThat(readers.isAlone()).isTrue();
            assertThat(readers.encodesRaw(40, random())).isTrue();
            assertThat(readers.encodesRaw(41, text())).isFalse();
            readers.onEncoded(false);
            assertThat(readers.isAlone()).isFalse();
        }
    }

    @Test
    void withoutACodecTheReaderEncodesEverything() {
        try (ReadersEncoder readers = new ReadersEncoder(Encoding.of(CodecChoice.parse("none")))) {
            assertThat(readers.forAll()).isNotNull();
            assertThat(readers.isAlone()).isTrue();
        }
    }

    @Test
    void runLengthIsLeftToTheEncoders() {
        try (ReadersEncoder readers = new ReadersEncoder(Encoding.of(CodecChoice.parse("rle")))) {
            for (int track = 0; track <= ReadersEncoder.RAW_RUN; track++) {
                readers.onEncoded(true);
            }
            assertThat(readers.isAlone()).isFalse();
        }
    }
}
