package org.imgblstr.disk.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.BoxCipher.Part;
import org.imgblstr.disk.image.sealed.BoxKey;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageLayout;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.image.sealed.KeySlots;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Encrypted image files whose boxes all open: what lies in them is patched before it is sealed with the right key, as whoever holds the key can do. The
 * lengths of boxes follow what the patched records say. Whatever is read of such a file is a value or the one exception.
 */
public final class OpenedImageFuzz {
    private static final int RESEALS = 1;
    private static final int MOST_TRACKS = 64;
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final ImageAccess ACCESS = ProtectedSample.access(ProtectedSample.ROOM);
    private static final Path FILE = file();
    private static final List<Sample> SAMPLES = samples();

    private OpenedImageFuzz() {}

    /** An image before it is sealed: {@code front} is what its file has in clear before the first box. */
    private record Sample(PatchedBytes plain, ByteBuffer front, BoxCipher cipher) {}

    /** One way to read a file. */
    private interface Step {
        void run() throws IOException;
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("opened", ".img");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Sample> samples() {
        try {
            return List.of(
                    sample(SampleImage.small(), true),
                    sample(SampleImage.smallChained(), false),
                    sample(SampleImage.smallPartial(), true));
        } catch (IOException | RefusedException e) {
            throw new IllegalStateException("no sample image", e);
        }
    }

    private static Sample sample(SampleImage image, boolean hasDigests) throws IOException, RefusedException {
        var protection = ProtectedSample.protection(null, hasDigests, ImageSecret.of(ProtectedSample.ROOM));
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(ProtectedSample.write(FILE, image, protection)));
        int headerBytes = new ImageLayout(true, false, hasDigests).headerBytes(HeaderCodec.lengthOf(file, "" + FILE));
        ByteBuffer header = file.slice(0, headerBytes);
        KeySlots slots = HeaderCodec.slots(header, "" + FILE);
        BoxKey key = ACCESS.unlock("" + FILE, slots, HeaderCodec.imageId(file));
        BoxCipher cipher = key.cipher();
        byte[] plain = opened(file, HeaderCodec.open(header, cipher, "" + FILE), headerBytes, cipher);
        List<int[]> pieces = ImageFuzz.pieces(plain, ImageLayout.CLEAR_BYTES);
        return new Sample(
                new PatchedBytes(plain, pieces), file.slice(0, ImageLayout.CLEAR_BYTES + KeySlots.BYTES), cipher);
    }

    /** The file as it is without encryption, but for the offsets in it. */
    private static byte[] opened(ByteBuffer file, ByteBuffer header, int recordsAt, BoxCipher cipher) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        put(plain, header);
        int at = recordsAt;
        int type = 0;
        while (type != RecordHeader.DIRECTORY) {
            ByteBuffer head = cipher.open(file.slice(at, boxBytes(RecordHeader.BYTES)), at, Part.RECORD);
            int bodyBytes = head.getInt(RecordHeader.BODY_BYTES);
            type = head.get(4);
            put(plain, head);
            at += boxBytes(RecordHeader.BYTES);
            put(plain, cipher.open(file.slice(at, boxBytes(bodyBytes)), at, Part.BODY));
            at += boxBytes(bodyBytes);
        }
        put(plain, cipher.open(file.slice(at, boxBytes(Trailer.BYTES)), at, Part.TRAILER));
        return plain.toByteArray();
    }

    private static int boxBytes(int plainBytes) {
        return new ImageLayout(true, false, false).boxBytes(plainBytes);
    }

    private static void put(ByteArrayOutputStream out, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        out.writeBytes(copy);
    }

    /** Which image; then as in {@link ImageFuzz}, of what is in the boxes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        Sample sample = SAMPLES.get(in.u8() % SAMPLES.size());
        byte[] file = sealed(ImageFuzz.patched(sample.plain(), in), sample);
        try {
            Files.write(FILE, file);
            Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
            attempt(OpenedImageFuzz::read, file.length);
            budget.check();
        } catch (IOException e) {
            throw new AssertionError("no device has failed", e);
        }
    }

    /** The file whose boxes hold these bytes; what stands in clear is that of the sample. */
    private static byte[] sealed(byte[] plain, Sample sample) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, sample.front());
        ByteBuffer in = ByteBuffer.wrap(plain);
        int headerEnd = Math.min(sample.plain().pieces().get(0)[1], plain.length);
        in.position(Math.min(ImageLayout.CLEAR_BYTES, headerEnd));
        seal(out, in, headerEnd - in.position(), Part.HEADER, sample);
        while (in.remaining() > Trailer.BYTES) {
            int head = in.position();
            int left = in.remaining() - Trailer.BYTES;
            seal(out, in, Math.min(left, RecordHeader.BYTES), Part.RECORD, sample);
            if (left > RecordHeader.BYTES) {
                int bodyBytes = in.getInt(head + RecordHeader.BODY_BYTES);
                int most = left - RecordHeader.BYTES;
                seal(out, in, bodyBytes < 0 || bodyBytes > most ? most : bodyBytes, Part.BODY, sample);
            }
        }
        seal(out, in, in.remaining(), Part.TRAILER, sample);
        return out.toByteArray();
    }

    private static void seal(ByteArrayOutputStream out, ByteBuffer in, int bytes, Part part, Sample sample) {
        put(out, sample.cipher().seal(in.slice(in.position(), bytes), out.size(), part));
        in.position(in.position() + bytes);
    }

    /** What is malformed is this file, at a place in it. */
    private static void attempt(Step step, int fileBytes) throws IOException {
        try {
            step.run();
        } catch (MalformedImageException e) {
            if (!e.path().equals(FILE.toString()) || e.offset() < 0 || e.offset() > fileBytes) {
                throw new AssertionError("another file is malformed, or a place outside of it", e);
            }
        }
    }

    private static void read() throws IOException {
        try (ImageReader reader = ImageReader.open(FILE, ACCESS);
                ImageTracks tracks = new ImageTracks(reader)) {
            int fileBytes = (int) Files.size(FILE);
            reader.verify((done, total) -> {}, () -> false);
            attempt(reader::unreadable, fileBytes);
            attempt(() -> reader.stream(new WholeImage(reader.space().trackCount())), fileBytes);
            ByteBuffer raw = ByteBuffer.allocateDirect(reader.space().geometry().trackBytes());
            for (int i = 0; i < Math.min(reader.space().trackCount(), MOST_TRACKS); i++) {
                int track = i;
                attempt(
                        () -> {
                            if (reader.kindOf(track).isEncoded()) {
                                tracks.decode(track, raw.clear());
                            }
                        },
                        fileBytes);
            }
        }
    }

    /** Fails also when a track of data holds none, or the end comes before the last track. */
    private static final class WholeImage extends TracksInOrder {
        private final int trackCount;

        WholeImage(int trackCount) {
            this.trackCount = trackCount;
        }

        @Override
        public void data(int track, ByteBuffer encoded) {
            if (!EncodedTrack.kind(encoded).isEncoded()) {
                throw new AssertionError("track " + track + " holds nothing");
            }
            super.data(track, encoded);
        }

        @Override
        public void end(byte[] contentDigest) {
            if (next() != trackCount) {
                throw new AssertionError("the image ended before track " + next());
            }
        }
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int image = 0; image < SAMPLES.size(); image++) {
            seeds.addAll(SAMPLES.get(image).plain().seeds(48, (byte) image, (byte) RESEALS));
        }
        return seeds;
    }
}
