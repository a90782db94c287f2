package org.imgblstr.disk.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.OutputFile;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.sealed.BoxCipher.Part;
import org.imgblstr.disk.image.sealed.ImageProtection;
import org.imgblstr.disk.image.sealed.ImageSealer;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.sealing.primitive.Sha256;

/**
 * Writes an image file in one pass. The file has another name until {@link #end} has written and synced all of it; {@link #close} before
 * that deletes it. One thread. Source: docs/image-format.md.
 */
public final class ImageWriter implements TrackSink, Closeable {
    private final ImageHeader header;
    private final TrackSpace space;
    private final OutputFile out;
    private final ImageLedger ledger;
    private final SkipRanges skipped = new SkipRanges();
    private final RecordHeader record = new RecordHeader();
    private final MessageDigest sha256 = Sha256.create();
    private final ImageSealer sealer;
    private byte[] rawDigest;
    private boolean isBroken;
    private ImageSummary summary;

    private ImageWriter(OutputFile out, ImageHeader header, ImageProtection protection) {
        this.out = out;
        this.header = header;
        this.space = header.space();
        this.ledger = new ImageLedger(space);
        this.sealer = new ImageSealer(protection, IndexChunk.TRACKS);
    }

    /** As below, of an image that everybody can read and change; nothing is read back. */
    public static ImageWriter create(Path path, ImageHeader header, boolean overwrite)
            throws RefusedException, IOException {
        return create(path, header, overwrite, false, ImageProtection.NONE);
    }

    /**
     * Begins an image.
     *
     * @param path where the complete image will be
     * @param overwrite whether an existing regular file may be replaced, which happens in {@link #end}
     * @param verify whether the file is read back while it grows, on a thread of its own, and compared with what was written
     * @param protection how it is encrypted and signed; one with digests needs {@link #exchange} for each track
     * @throws RefusedException (UNSAFE) when the name is taken; nothing was written
     * @throws IOException when the file cannot be made
     */
    public static ImageWriter create(
            Path path, ImageHeader header, boolean overwrite, boolean verify, ImageProtection protection)
            throws RefusedException, IOException {
        return create(path, header, overwrite, verify, protection, channel -> channel);
    }

    /** {@code through}: puts something between the writer and its file, such as a fault. */
    static ImageWriter create(
            Path path,
            ImageHeader header,
            boolean overwrite,
            boolean verify,
            ImageProtection protection,
            UnaryOperator<WritableByteChannel> through)
            throws RefusedException, IOException {
        OutputFile out = OutputFile.create(path, overwrite, verify, through);
        try {
            ImageWriter writer = new ImageWriter(out, header, protection);
            writer.putHeader();
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    /** SHA-256 of an encoded track, for {@link #data(int, ByteBuffer, byte[])}; position and limit stay. Any thread. */
    public static byte[] digestOf(ByteBuffer encoded) {
        MessageDigest digest = Sha256.create();
        digest.update(encoded.duplicate());
        return digest.digest();
    }

    /** Keeps no memory; the digest goes into the image where the image has digests. */
    @Override
    public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digestOfRaw) throws IOException {
        rawDigest = digestOfRaw;
        data(track, encoded);
        return encoded;
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        sha256.update(encoded.duplicate());
        data(track, encoded, sha256.digest());
    }

    /**
     * As {@link #data(int, ByteBuffer)}, for callers that take the digest on a thread of their own.
     *
     * @param digest {@link #digestOf} the same bytes
     * @throws IllegalArgumentException when the encoded track is not that of {@code track}
     * @throws DeviceException when the file cannot be written; the writer is of no more use
     */
    public void data(int track, ByteBuffer encoded, byte[] digest) throws IOException {
        checkNext(track, 1);
        try {
            TrackDecoder.check(track, space.rawBytes(track), encoded);
        } catch (MalformedTrackException e) {
            throw new IllegalArgumentException("track " + track + ": " + e.getMessage(), e);
        }
        if (sealer.layout().hasDigests() && rawDigest == null) {
            throw new IllegalStateException("track " + track + " came without the digest of its raw bytes");
        }
        putSkipped();
        long offset = out.position();
        putRecord(RecordHeader.typeOf(EncodedTrack.kind(encoded)), track, 1, encoded, digest);
        ledger.addData(encoded, offset);
        sealer.add(EncodedTrack.kind(encoded), rawDigest);
        rawDigest = null;
        putIndexWhenDue();
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        checkNext(firstTrack, count);
        if (kind.isEncoded()) {
            throw new IllegalArgumentException("data is not skipped: track " + firstTrack);
        }
        int left = count;
        while (left > 0) {
            int part = Math.min(left, ledger.leftInChunk());
            skipped.add(ledger.nextTrack(), part, kind);
            ledger.addSkip(part, kind);
            for (int i = 0; i < part; i++) {
                sealer.add(kind, null);
            }
            left -= part;
            putIndexWhenDue();
        }
    }

    /**
     * Completes the file, syncs it, gives it its name and syncs the directory.
     *
     * @throws IllegalStateException when tracks are missing or the digest is not that of the tracks given
     * @throws DeviceException when the file cannot be completed, or gave back something else than was written
     */
    @Override
    public void end(byte[] contentDigest) throws IOException {
        checkUsable();
        if (!ledger.isComplete() || !Arrays.equals(contentDigest, ledger.contentDigest())) {
            throw new IllegalStateException("end after " + ledger.nextTrack() + " of " + space.trackCount()
                    + " tracks, or with a content digest that is not theirs");
        }
        long directoryOffset = out.position();
        putRecord(RecordHeader.DIRECTORY, 0, space.trackCount(), ledger.directoryBody());
        Trailer trailer = Trailer.of(
                header.imageId(),
                ledger.counts(),
                ledger.indexRecords(),
                directoryOffset,
                contentDigest,
                sealer.layout());
        ledger.digest(trailer.digested());
        trailer.seal(ledger.fileDigest());
        put(sealer.box(trailer.bytes(), out.position(), Part.TRAILER));
        put(sealer.signature(contentDigest));
        isBroken = true;
        out.end();
        summary = trailer.summary();
    }

    /** Whether {@link #end} has completed the file and given it its name. */
    public boolean isComplete() {
        return summary != null;
    }

    /** Counts and digests of the image; only after {@link #end}. */
    public ImageSummary summary() {
        if (summary == null) {
            throw new IllegalStateException("the image has not ended");
        }
        return summary;
    }

    /** Bytes of the file so far. */
    public long bytesWritten() {
        return out.position();
    }

    /** Deletes the file unless {@link #end} has completed it. */
    @Override
    public void close() throws IOException {
        isBroken = true;
        sealer.close();
        out.close();
    }

    private void putHeader() throws IOException {
        ByteBuffer bytes = HeaderCodec.encode(header, sealer.layout());
        ledger.digest(bytes.duplicate());
        put(sealer.header(bytes));
    }

    private void putSkipped() throws IOException {
        if (!skipped.isEmpty()) {
            int first = skipped.firstTrack();
            int count = skipped.trackCount();
            putRecord(RecordHeader.SKIP, first, count, skipped.take());
        }
    }

    private void putIndexWhenDue() throws IOException {
        if (ledger.isIndexDue()) {
            putSkipped();
            long offset = out.position();
            putRecord(RecordHeader.INDEX, ledger.firstTrackOfChunk(), ledger.tracksInChunk(), ledger.indexBody());
            if (sealer.layout().hasDigests()) {
                ByteBuffer digests = sealer.takeDigests();
                byte[] sum = digestOf(digests);
                putRecord(RecordHeader.DIGESTS, ledger.firstTrackOfChunk(), ledger.tracksInChunk(), digests, sum);
                sealer.addDigestSum(sum);
            }
            ledger.closeChunk(offset);
        }
    }

    private void putRecord(int type, int firstTrack, int trackCount, ByteBuffer body) throws IOException {
        sha256.update(body.duplicate());
        putRecord(type, firstTrack, trackCount, body, sha256.digest());
    }

    private void putRecord(int type, int firstTrack, int trackCount, ByteBuffer body, byte[] digest)
            throws IOException {
        record.set(type, firstTrack, trackCount, body.remaining(), digest);
        ledger.digest(record.bytes());
        put(sealer.box(record.bytes(), out.position(), Part.RECORD));
        put(sealer.box(body, out.position(), Part.BODY));
    }

    /** After a failed write the file has a hole: nothing may follow. */
    private void put(ByteBuffer bytes) throws IOException {
        checkUsable();
        isBroken = true;
        out.put(bytes);
        isBroken = false;
    }

    private void checkNext(int firstTrack, int count) {
        checkUsable();
        if (firstTrack != ledger.nextTrack() || count < 1 || count > space.trackCount() - firstTrack) {
            throw new IllegalArgumentException("tracks: expected from " + ledger.nextTrack() + " on and at most "
                    + space.trackCount() + ", found " + count + " from " + firstTrack);
        }
    }

    private void checkUsable() {
        if (isBroken) {
            throw new IllegalStateException("the image was ended, closed or could not be written");
        }
    }
}
