package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.sealing.secret.KeyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trusted key has not signed is never handed on. */
class SignedImageTest {
    private static final SampleImage SAMPLE = SampleImage.smallPartial();
    private static final ImageAccess TRUSTED = ProtectedSample.access(ProtectedSample.ROOM, ProtectedSample.ROOM);

    @TempDir
    Path directory;

    @Test
    void whoTrustsTheKeyGetsEachTrackInAnyOrder() throws Exception {
        for (SampleImage sample : ProtectedSample.shapes()) {
            Path path = ProtectedSample.write(directory.resolve("signed"), sample, ProtectedSample.signed());
            try (ImageReader reader = ImageReader.open(path, TRUSTED);
                    ImageTracks tracks = new ImageTracks(reader)) {
                assertThat(reader.isTrusted()).isTrue();
                assertThat(reader.signer()).isEqualTo(ProtectedSample.ROOM.idText());
                SampleImage.Comparing sink = new SampleImage.Comparing(sample);
                reader.stream(sink);
                assertThat(sink.hasEnded).isTrue();
                assertThat(reader.verify((done, total) -> {}, () -> false).isSound())
                        .isTrue();
                ByteBuffer raw =
                        ByteBuffer.allocateDirect(sample.space.geometry().trackBytes());
                for (int track = sample.kinds.length - 1; track >= 0; track -= 7) {
                    assertThat(reader.kindOf(track)).isEqualTo(sample.kinds[track]);
                    if (sample.kinds[track].isEncoded()) {
                        tracks.decode(track, raw.clear());
                    }
                }
            }
        }
    }

    @Test
    void eachTrackThatWasCheckedIsHandedOnWithItsBytesAndItsDigest() throws Exception {
        for (SampleImage sample : ProtectedSample.shapes()) {
            Path path = ProtectedSample.write(directory.resolve("signed"), sample, ProtectedSample.signed());
            try (ImageReader reader = ImageReader.open(path, TRUSTED);
                    ImageTracks tracks = new ImageTracks(reader)) {
                CheckedTracks sink = new CheckedTracks(tracks, sample);
                reader.stream(sink);
                assertThat(sink.checked)
                        .isEqualTo(Arrays.stream(sample.kinds)
                                .filter(TrackKind::isEncoded)
                                .count());
            }
        }
    }

    /** Fails when a track comes without its raw bytes and its digest. */
    private static final class CheckedTracks implements TrackSink {
        private final ImageTracks tracks;
        private final ByteBuffer expected;
        private long checked;

        CheckedTracks(ImageTracks tracks, SampleImage sample) {
            this.tracks = tracks;
            this.expected = ByteBuffer.allocateDirect(sample.space.geometry().trackBytes());
        }

        @Override
        public void data(int track, ByteBuffer encoded) {
            throw new AssertionError("track " + track + " would be decoded once more");
        }

        @Override
        public void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) throws IOException {
            tracks.decode(track, expected.clear());
            assertThat(raw).as("track %d", track).isEqualTo(expected);
            assertThat(digest).isEqualTo(new TrackHasher().hash(expected, EncodedTrack.unreadable(encoded)));
            checked++;
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            assertThat(kind.isEncoded()).isFalse();
        }

        @Override
        public void end(byte[] contentDigest) {
            assertThat(contentDigest).hasSize(32);
        }
    }

    @Test
    void aSignedImageIsReadByWhoTrustsNobodyToo() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.signed());
        SampleImage.Comparing sink = new SampleImage.Comparing(SAMPLE);
        ImageStream.of(new ByteArrayInputStream(bytes), "pipe").copyTo(sink);
        assertThat(sink.hasEnded).isTrue();
    }

    @Test
    void digestsWithoutASignatureAreCompared() throws Exception {
        Path path = ProtectedSample.write(directory.resolve("digests"), SAMPLE, ProtectedSample.protection(null, true));
        assertThat(verification(path, ImageAccess.NONE).isSound()).isTrue();
        assertThatThrownBy(() -> ImageReader.open(path, TRUSTED))
                .isInstanceOf(NotAuthenticException.class)
                .hasMessage(path + " is not signed, and --trust wants " + ProtectedSample.ROOM.idText());
    }

    @Test
    void aFlippedBitAnywhereIsFoundByVerify() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.signed());
        Path path = directory.resolve("flipped");
        for (int bit = 0; bit < bytes.length * 8; bit += 11) {
            flip(bytes, bit);
            Files.write(path, bytes);
            MalformedImageException found;
            try {
                ImageVerification verification = verification(path, ImageAccess.NONE);
                assertThat(verification.isSound()).as("bit %d", bit).isFalse();
                found = verification.damages().get(0);
            } catch (MalformedImageException e) {
                found = e;
            }
            assertThat(found.offset()).as("bit %d", bit).isBetween(0L, (long) bytes.length);
            flip(bytes, bit);
        }
    }

    @Test
    void noFlippedBitIsHandedOnToWhoTrusts() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.signed());
        Path path = directory.resolve("flipped");
        for (int bit = 0; bit < bytes.length * 8; bit += 11) {
            flip(bytes, bit);
            Files.write(path, bytes);
            SampleImage.Comparing sink = new SampleImage.Comparing(SAMPLE);
            assertThatThrownBy(() -> stream(path, TRUSTED, sink))
                    .as("bit %d", bit)
                    .isInstanceOfAny(MalformedImageException.class, NotAuthenticException.class);
            assertThat(sink.hasEnded).isFalse();
            flip(bytes, bit);
        }
    }

    @Test
    void anotherKeyIsNotTrusted() throws Exception {
        Path path = ProtectedSample.write(
                directory.resolve("foreign"), SAMPLE, ProtectedSample.protection(ProtectedSample.OTHER, true));
        assertThatThrownBy(() -> ImageReader.open(path, TRUSTED))
                .isInstanceOf(NotAuthenticException.class)
                .hasMessage(path + " is signed by " + ProtectedSample.OTHER.idText() + ", and --trust wants "
                        + ProtectedSample.ROOM.idText());
        KeyFile[] both = {ProtectedSample.ROOM, ProtectedSample.OTHER};
        SampleImage.Comparing sink = new SampleImage.Comparing(SAMPLE);
        stream(path, ProtectedSample.access(ProtectedSample.ROOM, both), sink);
        assertThat(sink.hasEnded).isTrue();
    }

    @Test
    void aSignatureOfAnotherImageDoesNotHold() throws Exception {
        SampleImage first = SampleImage.random(1, 40, 3);
        SampleImage second = SampleImage.random(2, 40, 3);
        byte[] genuine = ProtectedSample.bytes(directory, first, ProtectedSample.signed());
        byte[] forged = ProtectedSample.bytes(directory, second, ProtectedSample.signed());
        System.arraycopy(genuine, genuine.length - 128, forged, forged.length - 128, 128);
        Path path = Files.write(directory.resolve("forged"), forged);
        assertThatThrownBy(() -> ImageReader.open(path, TRUSTED))
                .isInstanceOf(NotAuthenticException.class)
                .hasMessage(
                        path + " names key " + ProtectedSample.ROOM.idText()
                                + " as its signer, and the signature does not hold: the image was changed; take another copy of it");
        assertThat(verification(path, ImageAccess.NONE).isSound()).isFalse();
    }

    @Test
    void aTrackOtherThanWasSignedIsNotHandedOn() throws Exception {
        SampleImage told = SampleImage.random(3, 1500, 1);
        SampleImage sent = SampleImage.random(3, 1500, 1);
        int changed = lastOf(sent, TrackKind.DATA);
        sent.encoded[changed] = ProtectedSample.otherBytes(sent, changed);
        Path path = directory.resolve("lying");
        try (ImageWriter writer = ImageWriter.create(path, sent.header, false, false, ProtectedSample.signed())) {
            ProtectedSample.send(sent, told, writer);
        }
        SampleImage.Comparing sink = new SampleImage.Comparing(told);
        assertThatThrownBy(() -> stream(path, TRUSTED, sink))
                .isInstanceOf(NotAuthenticException.class)
                .hasMessage(path + ": track " + changed + " is not what key " + ProtectedSample.ROOM.idText()
                        + " signed: the image was changed; take another copy of it");
        assertThat(sink.nextTrack).isEqualTo(changed);
        assertNotDecoded(path, changed, sent);
        assertThat(verification(path, ImageAccess.NONE).damages())
                .singleElement()
                .satisfies(
                        damage -> assertThat(damage).hasMessageContaining("expected the digest of track " + changed));
        assertThatThrownBy(() -> verification(path, TRUSTED)).isInstanceOf(NotAuthenticException.class);
    }

    private static void assertNotDecoded(Path path, int track, SampleImage sample) throws IOException {
        try (ImageReader reader = ImageReader.open(path, TRUSTED);
                ImageTracks tracks = new ImageTracks(reader)) {
            ByteBuffer raw = ByteBuffer.allocateDirect(sample.space.geometry().trackBytes());
            assertThatThrownBy(() -> tracks.decode(track, raw)).isInstanceOf(NotAuthenticException.class);
        }
    }

    @Test
    void digestsThatChangeAfterOpeningAreRefused() throws Exception {
        SampleImage sample = SampleImage.random(3, 2500, 3);
        Path path = ProtectedSample.write(directory.resolve("changing"), sample, ProtectedSample.signed());
        byte[] bytes = Files.readAllBytes(path);
        try (ImageReader reader = ImageReader.open(path, TRUSTED)) {
            // A digest of the second chunk, with CRC and SHA-256 of its record put right.
            int record = recordOf(bytes, RecordHeader.DIGESTS, IndexChunk.TRACKS);
            ByteBuffer file = ByteBuffer.wrap(bytes);
            int bodyBytes = file.getInt(record + RecordHeader.BODY_BYTES);
            bytes[record + RecordHeader.BYTES + 5] ^= 1;
            file.put(record + 24, ImageWriter.digestOf(file.slice(record + RecordHeader.BYTES, bodyBytes)));
            file.putInt(record + 60, Checks.crc32c(file, record, 60));
            Files.write(path, bytes);
            SampleImage.Comparing sink = new SampleImage.Comparing(sample);
            assertThatThrownBy(() -> reader.stream(sink))
                    .isInstanceOf(NotAuthenticException.class)
                    .hasMessageContaining("the digests from track 1024 on are not what key ");
            assertThat(sink.nextTrack).isEqualTo(IndexChunk.TRACKS);
        }
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws Exception {
        byte[] bytes = ProtectedSample.bytes(directory, SAMPLE, ProtectedSample.signed());
        Path path = directory.resolve("cut");
        for (int length = 0; length < bytes.length; length += 3) {
            Files.write(path, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> ImageReader.open(path)).isInstanceOf(MalformedImageException.class);
        }
    }

    private static int lastOf(SampleImage sample, TrackKind kind) {
        int track = sample.kinds.length - 1;
        while (sample.kinds[track] != kind || sample.space.rawBytes(track) != 8 * 512) {
            track--;
        }
        return track;
    }

    private static int recordOf(byte[] bytes, int type, int firstTrack) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        int at = file.getInt(12);
        while (file.get(at + 4) != type || file.getInt(at + 8) != firstTrack) {
            at += RecordHeader.BYTES + file.getInt(at + RecordHeader.BODY_BYTES);
        }
        return at;
    }

    private static ImageVerification verification(Path path, ImageAccess access) throws IOException {
        try (ImageReader reader = ImageReader.open(path, access)) {
            return reader.verify((done, total) -> {}, () -> false);
        }
    }

    private static void stream(Path path, ImageAccess access, SampleImage.Comparing sink) throws IOException {
        try (ImageReader reader = ImageReader.open(path, access)) {
            reader.stream(sink);
        }
    }

    private static void flip(byte[] bytes, int bit) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
}
