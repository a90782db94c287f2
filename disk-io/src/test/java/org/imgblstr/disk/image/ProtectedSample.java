package org.imgblstr.disk.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;

/** Writes sample images that are encrypted or signed, and opens them. Keys are the same in each run. */
final class ProtectedSample {
    static final KeyFile ROOM = key(5);
    static final KeyFile OTHER = key(6);

    private ProtectedSample() {}

    /** Few tracks and many, alone and in chains. */
    static List<SampleImage> shapes() {
        return List.of(
                SampleImage.smallPartial(),
                SampleImage.smallChained(),
                SampleImage.random(3, 2500, 3),
                SampleImage.chained(4, 2100, 3));
    }

    static KeyFile key(long seed) {
        return KeyFile.create(Primitives.best(), new Random(seed)::nextBytes);
    }

    /** {@code signer}: null for an image that is not signed. */
    static ImageProtection protection(KeyFile signer, boolean hasDigests, ImageSecret... secrets) {
        return new ImageProtection(List.of(secrets), signer, hasDigests, Primitives.best(), new Random(7)::nextBytes);
    }

    static ImageProtection signed() {
        return protection(ROOM, true);
    }

    /** Signed, and opened by the key of the room. */
    static ImageProtection encrypted() {
        return protection(ROOM, true, ImageSecret.of(ROOM));
    }

    /** Writes a sample in the place of what is there. */
    static Path write(Path path, SampleImage sample, ImageProtection protection) throws IOException, RefusedException {
        Files.deleteIfExists(path);
        try (ImageWriter writer = ImageWriter.create(path, sample.header, false, false, protection);
                Telling sink = new Telling(sample, writer)) {
            sample.sendTo(sink);
        }
        return path;
    }

    /** Gives the tracks of {@code sent} to a writer, each with the digest of the same one of {@code told}. */
    static void send(SampleImage sent, SampleImage told, ImageWriter writer) throws IOException {
        ContentDigest digest = new ContentDigest(sent.kinds.length);
        for (int track = 0; track < sent.kinds.length; track++) {
            if (sent.kinds[track].isEncoded()) {
                digest.set(track, sent.kinds[track], EncodedTrack.leaf(ByteBuffer.wrap(sent.encoded[track])));
            } else {
                digest.setRange(track, 1, sent.kinds[track], sent.space.rawBytes(track));
            }
        }
        try (Telling sink = new Telling(told, writer)) {
            sent.sendTo(sink, sent.kinds.length);
            sink.end(digest.digest());
        }
    }

    /** An encoded track with other bytes than a sample has there. */
    static byte[] otherBytes(SampleImage sample, int track) {
        byte[] raw = new byte[sample.space.rawBytes(track)];
        new Random(track).nextBytes(raw);
        ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("none"))) {
            encoder.encode(track, ByteBuffer.wrap(raw), encoded);
        }
        return Arrays.copyOf(encoded.array(), encoded.limit());
    }

    static byte[] bytes(Path directory, SampleImage sample, ImageProtection protection)
            throws IOException, RefusedException {
        return Files.readAllBytes(write(directory.resolve("protected"), sample, protection));
    }

    /** Opens images with the secret of a key file, and takes only those that some keys have signed. */
    static ImageAccess access(KeyFile opener, KeyFile... trusted) {
        return new ImageAccess(
                (path, slots, tries) -> {
                    if (tries > 0) {
                        throw new NotAuthenticException(path + " does not open");
                    }
                    return ImageSecret.of(opener);
                },
                List.of(trusted));
    }

    /** Tells a writer the digests of a sample. */
    private static final class Telling implements TrackSink, AutoCloseable {
        private final SampleImage told;
        private final TrackSink sink;
        private final TrackDecoder decoder = new TrackDecoder();
        private final TrackHasher hasher = new TrackHasher();

        Telling(SampleImage told, TrackSink sink) {
            this.told = told;
            this.sink = sink;
        }

        @Override
        public void data(int track, ByteBuffer encoded) throws IOException {
            sink.exchange(track, encoded, digest(track));
        }

        private byte[] digest(int track) {
            int rawBytes = told.space.rawBytes(track);
            ByteBuffer raw = ByteBuffer.allocate(rawBytes);
            ByteBuffer encoded = ByteBuffer.wrap(told.encoded[track]);
            try {
                decoder.decode(track, rawBytes, encoded, raw);
            } catch (MalformedTrackException e) {
                throw new AssertionError(e);
            }
            return hasher.hash(raw, EncodedTrack.unreadable(encoded));
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
            sink.skip(firstTrack, count, kind);
        }

        @Override
        public void end(byte[] contentDigest) throws IOException {
            sink.end(contentDigest);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }
}
