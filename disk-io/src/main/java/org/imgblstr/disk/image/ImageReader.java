package org.imgblstr.disk.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.BoxCipher.Part;
import org.imgblstr.disk.image.sealed.BoxKey;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.image.sealed.ImageFront;
import org.imgblstr.disk.image.sealed.ImageLayout;
import org.imgblstr.disk.image.sealed.ImageSignature;
import org.imgblstr.disk.image.sealed.KeySlots;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.image.sealed.SignedDigests;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.Sha256;

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
    private final ImageSignature signature;
    private final SignedDigests signed;

    private ImageReader(ImageChannel file, ImageAccess access) throws IOException {
        this.file = file;
        ByteBuffer headerBytes = readHeader(file, access);
        ImageLayout layout = file.layout();
        this.header = HeaderCodec.decode(headerBytes.duplicate(), file.path());
        this.space = header.space();
        int recordsAt = layout.headerBytes(headerBytes.limit());
        Trailer trailer = readTrailer(file, recordsAt);
        this.summary = trailer.summary();
        this.index = new ImageIndex(file, space, recordsAt, trailer);
        this.signature = readSignature(file);
        this.signed = access.trusted().isEmpty() ? null : signedDigests(access, headerBytes);
    }

    /** As {@link #open(Path, ImageAccess)}, of an image that is not encrypted, whoever made it. */
    public static ImageReader open(Path path) throws IOException {
        return open(path, ImageAccess.NONE);
    }

    /**
     * Opens an image and checks header, trailer and directory, and the signature when only trusted ones will do.
     *
     * @throws MalformedImageException when it is not a complete image
     * @throws NotAuthenticException when no secret opens it, or no trusted key has signed it
     * @throws IOException when it cannot be opened or read
     */
    public static ImageReader open(Path path, ImageAccess access) throws IOException {
        ImageChannel file = new ImageChannel(path);
        try {
            return new ImageReader(file, access);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * What a file shows without any key.
     *
     * @throws MalformedImageException when it does not begin as an image, or does not end as its flags say
     */
    public static ImageFront front(Path path) throws IOException {
        try (ImageChannel file = new ImageChannel(path)) {
            ByteBuffer stored = readStored(file);
            ByteBuffer id = ByteBuffer.wrap(HeaderCodec.imageId(stored));
            ImageSignature found = readSignature(file);
            return new ImageFront(
                    new UUID(id.getLong(), id.getLong()),
                    file.sizeBytes(),
                    file.layout().isEncrypted() ? HeaderCodec.slots(stored, file.path()) : null,
                    found == null ? "" : found.keyId());
        }
    }

    /** Id of the key that the signature names; "" when there is no signature. Whether to trust it is another question. */
    public String signer() {
        return signature == null ? "" : signature.keyId();
    }

    /** Whether the file is encrypted. */
    public boolean isEncrypted() {
        return file.layout().isEncrypted();
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

    /**
     * Hands all tracks to {@code sink} in order: {@link ImageStream#copyTo}. Reads ahead in large blocks. Of an encrypted image, the tag of each
     * track is checked and not its SHA-256 as well: the one says as much as the other.
     */
    public void stream(TrackSink sink) throws IOException {
        try (BoxCipher cipher = file.newCipher()) {
            ImageStream stream = new ImageStream(file.path(), file.forward(), cipher, ImageStream.STRICT);
            stream.takeTags();
            if (signed == null) {
                stream.copyTo(sink);
                return;
            }
            try (TrustedSink trusted = new TrustedSink(file.path(), space, signed, sink)) {
                stream.copyTo(trusted);
            }
        }
    }

    /** Whether only tracks are given that a trusted key has signed. */
    public boolean isTrusted() {
        return signed != null;
    }

    /**
     * Refuses raw bytes other than a trusted key has signed; passes over images that need not be signed.
     *
     * @param encoded what was decoded to {@code raw}
     * @param raw position to limit
     * @throws NotAuthenticException when they are others
     */
    public void checkTrusted(int track, ByteBuffer encoded, ByteBuffer raw) throws IOException {
        if (signed != null) {
            byte[] sha256 = new TrackHasher().hash(raw, EncodedTrack.unreadable(encoded));
            signed.check(track, EncodedTrack.kind(encoded), sha256);
        }
    }

    /**
     * What a track holds.
     *
     * @throws MalformedImageException when the index is damaged
     */
    public TrackKind kindOf(int track) throws IOException {
        checkTrack(track);
        TrackKind kind = index.chunkOf(track).kind(track % IndexChunk.TRACKS);
        if (signed != null) {
            signed.checkKind(track, kind);
        }
        return kind;
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
        return index.bodyOffset(index.chunkOf(track).recordOffset(track % IndexChunk.TRACKS));
    }

    /**
     * Checks every byte of the file: decodes every track to its checksum, and compares index, counts and digests with what was read.
     *
     * @param progress hears of bytes of the file, about once for each 16 MiB
     * @param isCancelled asked before each record
     * @throws IOException when the file cannot be read; damage is no exception but part of the result
     */
    public ImageVerification verify(ImageVerification.Progress progress, BooleanSupplier isCancelled)
            throws IOException {
        try (ImageVerifier verifier = new ImageVerifier(file, space, signed)) {
            return verifier.run(progress, isCancelled);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void readChecked(int track, TrackKind kind, long offset, ByteBuffer encoded) throws IOException {
        RecordHeader record = index.readRecord(offset);
        record.expect(file.path(), offset, RecordHeader.typeOf(kind), track, 1);
        if (record.bodyBytes() != encoded.remaining()) {
            throw new MalformedImageException(
                    file.path(),
                    offset + RecordHeader.BODY_BYTES,
                    encoded.remaining() + " body bytes, as the index says",
                    Integer.toUnsignedString(record.bodyBytes()));
        }
        long bodyOffset = index.bodyOffset(offset);
        file.readPart(bodyOffset, encoded, Part.BODY, "track " + track);
        encoded.flip();
        if (!record.isOf(encoded)) {
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

    /** The header as it is without encryption; the file knows its layout afterwards. */
    private static ByteBuffer readHeader(ImageChannel file, ImageAccess access) throws IOException {
        ByteBuffer stored = readStored(file);
        if (!file.layout().isEncrypted()) {
            return stored;
        }
        KeySlots slots = HeaderCodec.slots(stored, file.path());
        BoxKey key = access.unlock(file.path(), slots, HeaderCodec.imageId(stored));
        file.setLayout(file.layout(), key);
        try (BoxCipher cipher = key.cipher()) {
            return HeaderCodec.open(stored, cipher, file.path());
        }
    }

    /** The header as the file has it. */
    private static ByteBuffer readStored(ImageChannel file) throws IOException {
        if (file.sizeBytes() < HeaderCodec.PREFIX_BYTES) {
            throw MalformedImageException.noImage(
                    file.path(), "the end of the file at byte " + file.sizeBytes() + ": it is cut short, or none");
        }
        ByteBuffer prefix = file.read(0, HeaderCodec.PREFIX_BYTES, "an image header");
        int length = HeaderCodec.lengthOf(prefix, file.path());
        file.setLayout(HeaderCodec.layoutOf(prefix), null);
        return file.read(0, file.layout().headerBytes(length), "the image header");
    }

    /** Null when there is none. */
    private static ImageSignature readSignature(ImageChannel file) throws IOException {
        if (!file.layout().isSigned()) {
            return null;
        }
        long offset = file.sizeBytes() - ImageSignature.BYTES;
        ImageSignature found =
                offset < 0 ? null : ImageSignature.of(file.read(offset, ImageSignature.BYTES, "the signature"));
        if (found == null || !found.isWhole(Primitives.best())) {
            throw new MalformedImageException(
                    file.path(),
                    Math.max(0, offset),
                    "the signature of a complete image (IMGBLSIG)",
                    "a file that is cut short, unfinished or damaged");
        }
        return found;
    }

    private SignedDigests signedDigests(ImageAccess access, ByteBuffer headerBytes) throws IOException {
        access.check(file.path(), signature);
        ByteBuffer sums = ByteBuffer.allocate(index.chunks() * Hashing.DIGEST_BYTES);
        for (int chunk = 0; chunk < index.chunks(); chunk++) {
            sums.put(index.digestSum(chunk));
        }
        var content = new ImageSignature.Content(
                HeaderCodec.imageId(headerBytes),
                Hashing.digest(Sha256.create(), sums.array()),
                summary.contentDigest(),
                headerBytes);
        return ImageAccess.digests(file.path(), signature, content, IndexChunk.TRACKS, sums.array(), index::digestBody);
    }

    private Trailer readTrailer(ImageChannel from, int headerBytes) throws IOException {
        long offset = from.sizeBytes() - Trailer.endBytes(from.layout());
        if (offset < headerBytes) {
            throw new MalformedImageException(
                    from.path(), from.sizeBytes(), "records and a trailer", "the end of the file: it is cut short");
        }
        Trailer trailer = Trailer.wrap(from.readPart(offset, Trailer.BYTES, Part.TRAILER, "the trailer"));
        trailer.check(from.path(), offset, header.imageId(), space.trackCount(), from.layout());
        return trailer;
    }
}
