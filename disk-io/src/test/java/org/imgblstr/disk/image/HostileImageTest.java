package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.image.sealed.ImageLayout;
import org.imgblstr.disk.track.TrackSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made to harm: their checks hold, what they say does not. */
class HostileImageTest {
    private static final int[] NASTY = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x10000, 513, 1024};

    @TempDir
    Path directory;

    /** Puts nasty numbers into every 4 bytes of header, record headers and trailer, with CRCs that hold again. */
    @Test
    void everyNumberMayBeALie() throws Exception {
        SampleImage sample = SampleImage.small();
        byte[] bytes = sample.bytes(directory);
        int headerBytes = ByteBuffer.wrap(bytes).getInt(12);
        lie(sample, bytes, 0, headerBytes);
        for (int at = headerBytes; at < bytes.length - Trailer.BYTES; ) {
            lie(sample, bytes, at, RecordHeader.BYTES);
            at += RecordHeader.BYTES + ByteBuffer.wrap(bytes).getInt(at + RecordHeader.BODY_BYTES);
        }
        lie(sample, bytes, bytes.length - Trailer.BYTES, Trailer.BYTES);
    }

    /** Random bytes in the bodies of index, directory and skip records, with digests and CRCs that hold again. */
    @ParameterizedTest
    @MethodSource("smallImages")
    void everyBodyMayBeALie(SampleImage sample) throws Exception {
        byte[] bytes = sample.bytes(directory);
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            byte[] lying = bytes.clone();
            ByteBuffer file = ByteBuffer.wrap(lying);
            for (int at = file.getInt(12); at < lying.length - Trailer.BYTES; ) {
                int body = at + RecordHeader.BYTES;
                int bodyBytes = file.getInt(at + RecordHeader.BODY_BYTES);
                if (random.nextInt(4) == 0) {
                    lying[body + random.nextInt(Math.min(bodyBytes, 48))] ^= (byte) (1 << random.nextInt(8));
                    file.put(at + 24, ImageWriter.digestOf(file.slice(body, bodyBytes)));
                    seal(lying, at, RecordHeader.BYTES);
                }
                at = body + bodyBytes;
            }
            useAll(sample, lying);
        }
    }

    static Stream<SampleImage> smallImages() {
        return Stream.of(SampleImage.small(), SampleImage.smallChained(), SampleImage.smallPartial());
    }

    private void lie(SampleImage sample, byte[] bytes, int from, int length) throws IOException {
        for (int at = from; at + 8 <= from + length; at += 4) {
            for (int nasty : NASTY) {
                byte[] lying = bytes.clone();
                ByteBuffer.wrap(lying).putInt(at, nasty);
                seal(lying, from, length);
                useAll(sample, lying);
            }
        }
    }

    private static void seal(byte[] bytes, int from, int length) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        file.putInt(from + length - 4, Checks.crc32c(file, from, length - 4));
    }

    /** Whatever the bytes are: a value or the one exception, and no end of a stream whose digests do not hold. */
    private void useAll(SampleImage sample, byte[] bytes) throws IOException {
        try {
            ImageStream.of(new ByteArrayInputStream(bytes), "pipe").copyTo(new Nothing());
        } catch (MalformedImageException e) {
            assertThat(e.offset()).isBetween(0L, (long) bytes.length);
        }
        Path path = Files.write(directory.resolve("hostile"), bytes);
        try (ImageReader reader = ImageReader.open(path);
                ImageTracks tracks = new ImageTracks(reader)) {
            reader.verify((done, total) -> {}, () -> false);
            ByteBuffer into = ByteBuffer.allocate(
                    EncodedTrack.maxBytes(reader.space().geometry().trackBytes()));
            for (int track = 0; track < Math.min(reader.space().trackCount(), sample.kinds.length); track++) {
                if (reader.kindOf(track).isEncoded()) {
                    reader.read(track, into.clear());
                    tracks.decode(track, into.clear());
                }
            }
        } catch (MalformedImageException e) {
            assertThat(e.path()).isEqualTo(path.toString());
        }
    }

    private static final class Nothing implements TrackSink {
        @Override
        public void data(int track, ByteBuffer encoded) {}

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {}

        @Override
        public void end(byte[] contentDigest) {}
    }

    @Test
    void aFieldOfALaterVersionIsPassedOverUnlessItIsCritical() throws Exception {
        byte[] header = HeaderCodec.encode(SampleImage.small().header, ImageLayout.PLAIN)
                .array();
        int length = ByteBuffer.wrap(header).getInt(12);
        // given: 7 bytes of a type that does not exist
        byte[] longer = Arrays.copyOf(header, length + 7);
        ByteBuffer file = ByteBuffer.wrap(longer).putInt(12, length + 7);
        file.position(length - 4).putShort((short) 0x7FFF).putShort((short) 3);
        seal(longer, 0, longer.length);
        // when, then
        assertThat(HeaderCodec.decode(ByteBuffer.wrap(longer), "image")).isEqualTo(SampleImage.small().header);
        // given: the same, critical
        file.putShort(length - 4, (short) 0xFFFF);
        seal(longer, 0, longer.length);
        // when, then
        assertThatThrownBy(() -> HeaderCodec.decode(ByteBuffer.wrap(longer), "image"))
                .isInstanceOf(MalformedImageException.class)
                .hasMessageContaining("offset " + (length - 4) + ": expected a header field of this version");
    }
}
