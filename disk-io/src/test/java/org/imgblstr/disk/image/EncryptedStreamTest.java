package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.BoxCipher.Part;
import org.imgblstr.disk.image.sealed.BoxKey;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An encrypted image that is read front to back has the tags of its tracks checked and not their SHA-256s. What the tags find is refused where it
 * lies; what only a writer could have done, who seals other bytes than it hashed, is found by the checksums, and by {@code verify}.
 */
class EncryptedStreamTest {
    private static final ImageAccess ROOM = ProtectedSample.access(ProtectedSample.ROOM);

    /** Place of the checksum in an encoded track. */
    private static final int CHECKSUM = 16;

    private final SampleImage sample = SampleImage.random(3, 300, 1);
    private final SampleImage.Comparing sink = new SampleImage.Comparing(sample);
    private int track;
    private Path path;
    private byte[] file;
    private int bodyAt;
    private int boxBytes;

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws Exception {
        track = List.of(sample.kinds).lastIndexOf(TrackKind.DATA);
        path = ProtectedSample.write(
                directory.resolve("image"), sample, ProtectedSample.protection(null, false, secret()));
        file = Files.readAllBytes(path);
        boxBytes = sample.encoded[track].length + Aead.TAG_BYTES;
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            bodyAt = (int) reader.bodyOffset(track);
        }
    }

    @Test
    void aTrackThatWasSealedOverDecodesToAnotherChecksumAndVerifyNamesIt() throws Exception {
        sealOver(boxBytes - Aead.TAG_BYTES - 1);
        assertThatThrownBy(() -> stream(new Decoding())).hasRootCauseInstanceOf(MalformedTrackException.class);
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            assertThat(reader.verify((done, total) -> {}, () -> false).damages().get(0))
                    .hasMessageContaining("the SHA-256 of track " + track);
            ByteBuffer into = ByteBuffer.allocate(boxBytes);
            assertThatThrownBy(() -> reader.read(track, into)).hasMessageContaining("the SHA-256 of track " + track);
        }
    }

    @Test
    void aChecksumThatWasSealedOverIsFoundBeforeTheImageEnds() throws Exception {
        sealOver(CHECKSUM);
        boolean[] hasEnded = new boolean[1];
        TrackSink any = new Nothing() {
            @Override
            public void end(byte[] contentDigest) {
                hasEnded[0] = true;
            }
        };
        assertThatThrownBy(() -> stream(any))
                .isInstanceOf(MalformedImageException.class)
                .hasMessageContaining("content digest");
        assertThat(hasEnded[0]).isFalse();
    }

    @Test
    void aTrackOfAnotherFileOfTheSameSecretAndIdIsRefusedWhereItLies() throws Exception {
        ImageProtection another =
                new ImageProtection(List.of(secret()), null, false, Primitives.best(), new Random(8)::nextBytes);
        byte[] other = ProtectedSample.bytes(directory, sample, another);
        assertThat(other).hasSameSizeAs(file);
        System.arraycopy(other, bodyAt, file, bodyAt, boxBytes);
        Files.write(path, file);
        assertRefusedAt(bodyAt);
        assertThat(sink.nextTrack).isEqualTo(track);
    }

    @Test
    void aFlippedBitInATagIsRefusedWhereItsBoxBegins() throws Exception {
        file[bodyAt + boxBytes - 1] ^= 1;
        Files.write(path, file);
        assertRefusedAt(bodyAt);
        assertThat(sink.nextTrack).isEqualTo(track);
    }

    @Test
    void aFileThatIsCutWhileItIsReadIsRefused() throws Exception {
        for (int length : new int[] {bodyAt + boxBytes, bodyAt + 1, bodyAt, file.length - 1}) {
            Files.write(path, file);
            SampleImage.Comparing cut = new SampleImage.Comparing(sample);
            try (ImageReader reader = ImageReader.open(path, ROOM);
                    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(length);
                assertThatThrownBy(() -> reader.stream(cut))
                        .isInstanceOf(MalformedImageException.class)
                        .hasMessageContaining("the end of the file");
            }
            assertThat(cut.hasEnded).isFalse();
        }
    }

    private void assertRefusedAt(long offset) {
        assertThatThrownBy(() -> stream(sink))
                .isInstanceOfSatisfying(MalformedImageException.class, e -> assertThat(e.offset())
                        .isEqualTo(offset));
    }

    private void stream(TrackSink into) throws IOException {
        try (ImageReader reader = ImageReader.open(path, ROOM)) {
            reader.stream(into);
        }
    }

    /** Changes one byte of the encoded track, and seals it with the key of the file for the same place. */
    private void sealOver(int at) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(file);
        try (BoxKey key = ROOM.unlock("image", HeaderCodec.slots(all, "image"), HeaderCodec.imageId(all));
                BoxCipher cipher = key.cipher()) {
            ByteBuffer opened = cipher.open(ByteBuffer.wrap(file, bodyAt, boxBytes), bodyAt, Part.BODY);
            byte[] plain = new byte[opened.remaining()];
            opened.get(plain);
            assertThat(plain).isEqualTo(sample.encoded[track]);
            plain[at] ^= 1;
            cipher.seal(ByteBuffer.wrap(plain), bodyAt, Part.BODY).get(file, bodyAt, boxBytes);
        }
        Files.write(path, file);
    }

    private static ImageSecret secret() throws IOException {
        return ImageSecret.of(ProtectedSample.ROOM);
    }

    private static class Nothing implements TrackSink {
        @Override
        public void data(int at, ByteBuffer encoded) throws IOException {
            // What comes is of no interest.
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            // Nor is this.
        }

        @Override
        public void end(byte[] contentDigest) {
            // Nor is this.
        }
    }

    /** Decodes as who writes to a disk does. */
    private final class Decoding extends Nothing {
        @Override
        public void data(int at, ByteBuffer encoded) throws IOException {
            ByteBuffer raw = ByteBuffer.allocateDirect(sample.space.rawBytes(at));
            try (TrackDecoder decoder = new TrackDecoder()) {
                decoder.decode(at, sample.space.rawBytes(at), encoded, raw);
            } catch (MalformedTrackException e) {
                throw new IOException("track " + at + " of " + EncodedTrack.kind(encoded), e);
            }
            assertThat(at).isNotEqualTo(track);
        }
    }
}
