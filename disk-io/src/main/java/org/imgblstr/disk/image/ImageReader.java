package org.imgblstr.disk.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.track.TrackSink;

/**
 * Reads a complete image file, in order or track by track. Nothing is handed on before its checks hold. Safe for use by several threads:
 * repairs may be read while the image is streamed. Source: docs/image-format.md.
 */
public final class ImageReader implements Closeable {
    private final ImageChannel file;
    private final ImageHeader header;
    private final TrackSpace space;
    private final ImageSummary summary;
    private final ImageIndex index;

    private ImageReader(ImageChannel file) throws IOException {
        this.file = file;
        ByteBuffer headerBytes = readHeader(file);
        this.header = HeaderCodec.decode(headerBytes, file.path());
        this.space = header.space();
        Trailer trailer = readTrailer(file, headerBytes.limit());
        this.summary = trailer.summary();
        this.index = new ImageIndex(file, space, headerBytes.limit(), trailer);
    }

    /**
     * Opens an image and checks header, trailer and directory.
     *
     * @throws MalformedImageException when it is not a complete image
     * @throws IOException when it cannot be opened or read
     */
    public static ImageReader open(Path path) throws IOException {
        ImageChannel file = new ImageChannel(path);
        try {
            return new ImageReader(file);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Name of the file, for messages. */
    public String path() {
        return file.path();
    }

    public ImageHeader header() {
        return header;
    }

    /** The tracks of the image. */
    public TrackSpace space() {
        return space;
    }

    public ImageSummary summary() {
        return summary;
    }

    /** Hands all tracks to {@code sink} in order: {@link ImageStream#copyTo}. Reads ahead in large blocks. */
    public void stream(TrackSink sink) throws IOException {
        new ImageStream(file.path(), file.forward(), ImageStream.STRICT).copyTo(sink);
    }

    /**
     * What a track holds.
     *
     * @throws MalformedImageException when the index is damaged
     */
    public TrackKind kindOf(int track) throws IOException {
        checkTrack(track);
        return index.chunkOf(track).kind(track % IndexChunk.TRACKS);
    }

    /**
     * Reads one encoded track.
     *
     * @param track one whose {@link #kindOf} is data or partial
     * @param into takes the encoded track from its position on. Afterwards its position is unchanged and its limit is the end of the
     *     encoded track; after an exception its position and limit are unchanged and the bytes between them are anything
     * @throws MalformedImageException when the track is damaged
     * @throws IllegalArgumentException when the track is skipped or {@code into} is too short
     */
    public void read(int track, ByteBuffer into) throws IOException {
        TrackKind kind = kindOf(track);
        IndexChunk chunk = index.chunkOf(track);
        int bytes = chunk.encodedBytes(track % IndexChunk.TRACKS);
        if (!kind.isEncoded() || into.remaining() < bytes) {
            throw new IllegalArgumentException("track " + track + ": expected data and room for " + bytes
                    + " bytes, found " + kind + " and " + into.remaining());
        }
        ByteBuffer encoded = into.slice(into.position(), bytes);
        readChecked(track, kind, chunk.recordOffset(track % IndexChunk.TRACKS), encoded);
        into.limit(into.position() + bytes);
    }

    /**
     * Which sectors could not be read when the image was made. Reads the index, and tracks as long as their ranges are kept; how many there are in
     * all {@link TrackCounts} says. Immediate when there are none.
     *
     * @throws MalformedImageException when the index or such a track is damaged
     */
    public UnreadableSectors unreadable() throws IOException {
        UnreadableSectors found = new UnreadableSectors(space);
        if (summary.counts().isWhole()) {
            return found;
        }
        ByteBuffer encoded =
                ByteBuffer.allocate(EncodedTrack.maxBytes(space.geometry().trackBytes()));
        for (int track = 0; track < space.trackCount() && !found.isCut(); track++) {
            TrackKind kind = kindOf(track);
            if (kind == TrackKind.UNREADABLE) {
                found.addTracks(track, 1);
            } else if (kind == TrackKind.PARTIAL) {
                read(track, encoded.clear());
                found.add(track, EncodedTrack.unreadable(encoded));
            }
        }
        return found;
    }

    /** Byte of the file at which an encoded track begins; only for one whose {@link #kindOf} is data or partial. */
    public long bodyOffset(int track) throws IOException {
        return index.chunkOf(track).recordOffset(track % IndexChunk.TRACKS) + RecordHeader.BYTES;
    }

    /**
     * Checks every byte of the file: decodes every track to its checksum, and compares index, counts and digests with what was read.
     *
     * @param progress hears of bytes of the file, about once for each 16 MiB
     * @param isCancelled asked before each record
     * @throws IOException when the file cannot be read; damage is no exception but part of the result
     */
    public ImageVerification verify(ImageProgress progress, BooleanSupplier isCancelled) throws IOException {
        try (ImageVerifier verifier = new ImageVerifier(file, space)) {
            return verifier.run(progress, isCancelled);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void readChecked(int track, TrackKind kind, long offset, ByteBuffer encoded) throws IOException {
        RecordHeader record = new RecordHeader();
        record.load(file.read(offset, RecordHeader.BYTES, "a record"));
        record.check(file.path(), offset);
        record.expect(file.path(), offset, RecordHeader.typeOf(kind), track, 1);
        if (record.bodyBytes() != encoded.remaining()) {
            throw new MalformedImageException(
                    file.path(),
                    offset + RecordHeader.BODY_BYTES,
                    encoded.remaining() + " body bytes, as the index says",
                    Integer.toUnsignedString(record.bodyBytes()));
        }
        long bodyOffset = offset + RecordHeader.BYTES;
        file.read(bodyOffset, encoded, "track " + track);
        encoded.flip();
        if (!Arrays.equals(ImageWriter.digestOf(encoded), record.sha256())) {
            throw new MalformedImageException(
                    file.path(), bodyOffset, "the SHA-256 of track " + track, "damaged bytes");
        }
        try {
            TrackDecoder.check(track, space.rawBytes(track), encoded);
        } catch (MalformedTrackException e) {
            throw Checks.malformed(file.path(), bodyOffset, track, e);
        }
    }

    private void checkTrack(int track) {
        if (track < 0 || track >= space.trackCount()) {
            throw new IllegalArgumentException("track: expected 0 to " + (space.trackCount() - 1) + ", found " + track);
        }
    }

    private static ByteBuffer readHeader(ImageChannel file) throws IOException {
        if (file.sizeBytes() < HeaderCodec.PREFIX_BYTES) {
            throw MalformedImageException.noImage(
                    file.path(), "the end of the file at byte " + file.sizeBytes() + ": it is cut short, or none");
        }
        ByteBuffer prefix = file.read(0, HeaderCodec.PREFIX_BYTES, "an image header");
        return file.read(0, HeaderCodec.lengthOf(prefix, file.path()), "the image header");
    }

    private Trailer readTrailer(ImageChannel from, int headerBytes) throws IOException {
        long offset = from.sizeBytes() - Trailer.BYTES;
        if (offset < headerBytes) {
            throw new MalformedImageException(
                    from.path(), from.sizeBytes(), "records and a trailer", "the end of the file: it is cut short");
        }
        Trailer trailer = Trailer.wrap(from.read(offset, Trailer.BYTES, "the trailer"));
        trailer.check(from.path(), offset, header.imageId(), space.trackCount());
        return trailer;
    }
}
