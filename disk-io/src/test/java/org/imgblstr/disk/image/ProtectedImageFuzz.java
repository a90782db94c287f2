package org.imgblstr.disk.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSecret;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Image files that are encrypted, signed or have digests: headers, key slots, boxes, digest records and signatures, patched, with CRCs that hold or do
 * not. Whoever trusts one key gets the tracks that were signed, or one of two exceptions.
 */
public final class ProtectedImageFuzz {
    private static final int RESEALS = 1;
    private static final int CLEAR_BYTES = 32;
    private static final int SLOT_BYTES = 96;
    private static final int SLOTS = 8;
    private static final int SIGNATURE_BYTES = 128;
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final SampleImage SAMPLE = SampleImage.small();
    private static final ImageAccess TRUSTED = ProtectedSample.access(ProtectedSample.ROOM, ProtectedSample.ROOM);
    private static final Path FILE;
    private static final PatchedBytes SIGNED;
    private static final PatchedBytes ENCRYPTED;

    static {
        try {
            FILE = Files.createTempFile("protected", ".img");
            FILE.toFile().deleteOnExit();
            SIGNED = signed(sample(ProtectedSample.signed()));
            ENCRYPTED = encrypted(sample(
                    ProtectedSample.protection(ProtectedSample.ROOM, true, ImageSecret.of(ProtectedSample.ROOM))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProtectedImageFuzz() {}

    private static byte[] sample(ImageProtection protection) throws IOException {
        try {
            return Files.readAllBytes(ProtectedSample.write(FILE, SAMPLE, protection));
        } catch (RefusedException e) {
            throw new IOException(e);
        }
    }

    /** The header, each head and body of a record, the trailer, the signature. */
    private static PatchedBytes signed(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        List<int[]> pieces = new ArrayList<>();
        int at = file.getInt(12);
        pieces.add(new int[] {0, at});
        while (at < bytes.length - Trailer.BYTES - SIGNATURE_BYTES) {
            int body = at + RecordHeader.BYTES;
            int end = body + file.getInt(at + RecordHeader.BODY_BYTES);
            pieces.add(new int[] {at, body});
            pieces.add(new int[] {body, end});
            at = end;
        }
        pieces.add(new int[] {at, at + Trailer.BYTES});
        pieces.add(new int[] {at + Trailer.BYTES, bytes.length});
        return new PatchedBytes(bytes, pieces);
    }

    /** The bytes in clear, each key slot, all boxes as one piece, the signature. */
    private static PatchedBytes encrypted(byte[] bytes) {
        List<int[]> pieces = new ArrayList<>();
        pieces.add(new int[] {0, CLEAR_BYTES});
        int at = CLEAR_BYTES;
        for (int slot = 0; slot < SLOTS; slot++) {
            pieces.add(new int[] {at, at + SLOT_BYTES});
            at += SLOT_BYTES;
        }
        pieces.add(new int[] {at, bytes.length - SIGNATURE_BYTES});
        pieces.add(new int[] {bytes.length - SIGNATURE_BYTES, bytes.length});
        return new PatchedBytes(bytes, pieces);
    }

    /** Which image: bit 0; flags: bit 0 puts digests and CRCs right; then the changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean isEncrypted = in.u8() % 2 == 1;
        boolean reseals = (in.u8() & RESEALS) != 0;
        PatchedBytes image = isEncrypted ? ENCRYPTED : SIGNED;
        try {
            image.patch(in);
            byte[] file = image.content().clone();
            if (reseals) {
                reseal(file, image, isEncrypted);
            }
            Files.write(FILE, file);
            Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
            read();
            budget.check();
        } catch (MalformedImageException e) {
            if (!e.path().startsWith(FILE.toString())) {
                throw new AssertionError("another file is malformed", e);
            }
        } catch (NotAuthenticException e) {
            if (!e.getMessage().contains(FILE.toString()) && !e.getMessage().contains("key slot")) {
                throw new AssertionError("another file is refused", e);
            }
        } catch (IOException e) {
            throw new AssertionError("no device has failed", e);
        } finally {
            image.undo();
        }
    }

    private static void reseal(byte[] file, PatchedBytes image, boolean isEncrypted) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<int[]> pieces = image.pieces();
        for (int i = 0; i < pieces.size(); i++) {
            int[] piece = pieces.get(i);
            boolean isRecord = !isEncrypted && i % 2 == 1 && i < pieces.size() - 2;
            boolean isBody =
                    isEncrypted ? i == 0 || i == pieces.size() - 2 : i > 0 && i % 2 == 0 && i < pieces.size() - 1;
            if (isRecord && image.isChanged(pieces.get(i + 1)[0], pieces.get(i + 1)[1])) {
                int from = pieces.get(i + 1)[0];
                bytes.put(piece[0] + 24, ImageWriter.digestOf(bytes.slice(from, pieces.get(i + 1)[1] - from)));
                putCrc(bytes, piece);
            }
            if (!isBody && image.isChanged(piece[0], piece[1])) {
                putCrc(bytes, piece);
            }
        }
    }

    private static void putCrc(ByteBuffer bytes, int[] piece) {
        int crcAt = piece[1] - Integer.BYTES;
        bytes.putInt(crcAt, Checks.crc32c(bytes, piece[0], crcAt - piece[0]));
    }

    /** Only what was signed comes through. */
    private static void read() throws IOException {
        ImageReader.front(FILE);
        try (ImageReader reader = ImageReader.open(FILE, TRUSTED)) {
            reader.verify((done, total) -> {}, () -> false);
            reader.stream(new Kinds());
        }
    }

    /** Fails when the kind of a track is another than was signed. What it holds was hashed before. */
    private static final class Kinds implements TrackSink {
        @Override
        public void data(int track, ByteBuffer encoded) {
            take(track, SAMPLE.kinds[track].isEncoded());
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            for (int track = firstTrack; track < firstTrack + count; track++) {
                take(track, SAMPLE.kinds[track] == kind);
            }
        }

        private static void take(int track, boolean isSigned) {
            if (!isSigned) {
                throw new AssertionError("track " + track + " was not signed so");
            }
        }

        @Override
        public void end(byte[] contentDigest) {}
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>(SIGNED.seeds(64, (byte) 0, (byte) RESEALS));
        seeds.addAll(ENCRYPTED.seeds(64, (byte) 1, (byte) RESEALS));
        return seeds;
    }
}
