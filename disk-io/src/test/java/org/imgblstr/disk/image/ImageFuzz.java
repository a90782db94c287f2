package org.imgblstr.disk.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Image files as a stream: header, records, index, directory and trailer, patched, with digests and CRCs that hold or do not. An image is read to
 * its end or gives the one exception, and all tracks come once and in order.
 */
public final class ImageFuzz {
    private static final int RESEALS = 1;
    private static final int IS_CUT = 2;
    private static final int HEADER_LENGTH = 12;

    /** Direct memory is not counted; the reader's block is as long as the image, or as what a header says of one track. */
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;

    private static final List<PatchedBytes> IMAGES = samples();

    private ImageFuzz() {}

    static List<PatchedBytes> samples() {
        try {
            Path folder = Files.createTempDirectory("images");
            List<PatchedBytes> images = new ArrayList<>();
            for (SampleImage sample :
                    List.of(SampleImage.small(), SampleImage.smallChained(), SampleImage.smallPartial())) {
                byte[] bytes = sample.bytes(folder);
                images.add(new PatchedBytes(bytes, pieces(bytes, 0)));
            }
            Files.delete(folder);
            return images;
        } catch (IOException | RefusedException e) {
            throw new IllegalStateException("no sample image", e);
        }
    }

    /** The header from one of its bytes on, each header and body of a record, the trailer. */
    static List<int[]> pieces(byte[] bytes, int headerFrom) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        List<int[]> pieces = new ArrayList<>();
        int at = file.getInt(HEADER_LENGTH);
        pieces.add(new int[] {headerFrom, at});
        while (at < bytes.length - Trailer.BYTES) {
            int body = at + RecordHeader.BYTES;
            int end = body + file.getInt(at + RecordHeader.BODY_BYTES);
            pieces.add(new int[] {at, body});
            pieces.add(new int[] {body, end});
            at = end;
        }
        pieces.add(new int[] {at, bytes.length});
        return pieces;
    }

    /** Which image; flags: bit 0 puts digests and CRCs right, bit 1 cuts the file to a length of two bytes; then the changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        PatchedBytes image = IMAGES.get(in.u8() % IMAGES.size());
        byte[] file = patched(image, in);
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try (Decoding sink = new Decoding()) {
            ImageStream stream = ImageStream.of(new ByteArrayInputStream(file), "pipe");
            sink.stream = stream;
            stream.copyTo(sink);
            if (sink.next() != stream.header().space().trackCount() || stream.position() != file.length) {
                throw new AssertionError("the stream ended early");
            }
            stream.summary();
        } catch (MalformedImageException e) {
            if (e.offset() < 0 || e.offset() > file.length) {
                throw new AssertionError("an offset outside of the file", e);
            }
        } catch (IOException e) {
            throw new AssertionError("no device has failed", e);
        }
        budget.check();
    }

    /** The file that an input stands for. */
    static byte[] patched(PatchedBytes image, FuzzInput in) {
        int flags = in.u8();
        int length = image.content().length;
        int cut = (flags & IS_CUT) == 0 ? length : in.u16() % length;
        try {
            image.patch(in);
            byte[] file = image.content().clone();
            if ((flags & RESEALS) != 0) {
                reseal(file, image);
            }
            return cut < length ? Arrays.copyOf(file, cut) : file;
        } finally {
            image.undo();
        }
    }

    /** Where the parts of the sound image are, their CRCs are put right; the digest of a body before the CRC of its record. */
    private static void reseal(byte[] file, PatchedBytes image) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<int[]> pieces = image.pieces();
        for (int i = 0; i < pieces.size(); i++) {
            int[] piece = pieces.get(i);
            boolean isRecord = i % 2 == 1 && i < pieces.size() - 1;
            boolean isBody = i % 2 == 0 && i > 0;
            int[] body = isRecord ? pieces.get(i + 1) : piece;
            if (isRecord && image.isChanged(body[0], body[1])) {
                bytes.put(piece[0] + 24, ImageWriter.digestOf(bytes.slice(body[0], body[1] - body[0])));
            }
            if (!isBody && image.isChanged(piece[0], isRecord ? body[1] : piece[1])) {
                int crcAt = piece[1] - Integer.BYTES;
                int from = i == 0 ? 0 : piece[0];
                bytes.putInt(crcAt, Checks.crc32c(bytes, from, crcAt - from));
            }
        }
    }

    /** Decodes each track, and looks that none is left out. */
    private static final class Decoding extends TracksInOrder implements AutoCloseable {
        private final TrackDecoder decoder = new TrackDecoder();
        private ImageStream stream;

        @Override
        public void data(int track, ByteBuffer encoded) {
            super.data(track, encoded);
            int rawBytes = stream.header().space().rawBytes(track);
            try {
                decoder.decode(track, rawBytes, encoded, ByteBuffer.allocate(rawBytes));
            } catch (MalformedTrackException e) {
                // Its record is sound, and its content is not: who decodes it is told.
                EncodedTrack.kind(encoded);
            }
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int image = 0; image < IMAGES.size(); image++) {
            seeds.addAll(IMAGES.get(image).seeds(48, (byte) image, (byte) RESEALS));
        }
        return seeds;
    }
}
