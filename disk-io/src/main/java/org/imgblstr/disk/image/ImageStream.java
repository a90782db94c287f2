package org.imgblstr.disk.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.BoxCipher.Part;
import org.imgblstr.disk.image.sealed.DigestRecord;
import org.imgblstr.disk.image.sealed.ImageLayout;
import org.imgblstr.disk.image.sealed.ImageSignature;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.Sha256;

/**
 * Reads an image once, from its first byte to its last, without seeking: a pipe will do. Every record is checked before what it holds
 * is handed on; at the end so are index, counts and digests. One thread. Source: docs/image-format.md.
 */
public final class ImageStream {
    /** What may be passed over unread: bounds the block. */
    static final int MAX_OPTIONAL_BYTES = 1 << 20;

    /** No track: damage of what only says where tracks are. */
    static final int NO_TRACK = -1;

    /** Hears of damage that leaves the rest readable. */
    interface DamageListener {
        /** {@code track}: the one that is lost, or {@link #NO_TRACK}. */
        void onDamage(MalformedImageException damage, int track) throws MalformedImageException;
    }

    /** Takes no damage at all. */
    static final DamageListener STRICT = (damage, track) -> {
        throw damage;
    };

    /** Takes digest records, each behind the tracks that it describes. */
    interface DigestListener {
        /** The kinds in a body of the right length were compared, and nothing else. */
        void onDigests(int firstTrack, int trackCount, ByteBuffer body) throws IOException;
    }

    private final String path;
    private final ForwardInput in;
    private final BoxCipher cipher;
    private final DamageListener damage;
    private DigestListener digests = (firstTrack, trackCount, body) -> {};
    private final ImageHeader header;
    private final TrackSpace space;
    private final ImageLedger ledger;
    private final ImageLayout layout;
    private final ByteBuffer plainHeader;
    private final MessageDigest digestSums = Sha256.create();
    /** The index record whose digest record comes next; -1 when none does. */
    private long indexOffset = -1;

    private final RecordHeader record = new RecordHeader();
    private boolean areTagsEnough;
    private boolean isContentKnown = true;
    private long bodyOffset;
    private long directoryOffset;
    private ImageSummary summary;

    /** {@code cipher}: of the key that opens the image, closed by the caller; null for an image that must not be encrypted. */
    ImageStream(String path, ForwardInput.Source source, BoxCipher cipher, DamageListener damage) throws IOException {
        this.path = path;
        this.in = new ForwardInput(path, source);
        this.cipher = cipher;
        this.damage = damage;
        ByteBuffer prefix = in.peek(HeaderCodec.PREFIX_BYTES, "an image header");
        int length = HeaderCodec.lengthOf(prefix, path);
        this.layout = HeaderCodec.layoutOf(prefix);
        if (layout.isEncrypted() != (cipher != null)) {
            throw HeaderCodec.withoutKey(in.peek(layout.headerBytes(length), "the image header"), path);
        }
        ByteBuffer bytes = plainHeader(in.take(layout.headerBytes(length), "the image header"));
        this.plainHeader = ByteBuffer.allocate(length).put(bytes.duplicate()).flip();
        this.header = HeaderCodec.decode(plainHeader.duplicate(), path);
        this.space = header.space();
        this.ledger = new ImageLedger(space);
        ledger.digest(plainHeader.duplicate());
    }

    private ByteBuffer plainHeader(ByteBuffer stored) throws MalformedImageException {
        return cipher == null ? stored : HeaderCodec.open(stored, cipher, path);
    }

    /** The tag of the box of a track stands for the SHA-256 of its body; nothing changes where there are no boxes. */
    void takeTags() {
        areTagsEnough = cipher != null;
    }

    /** Where digest records go. */
    void onDigests(DigestListener listener) {
        digests = listener;
    }

    ImageLayout layout() {
        return layout;
    }

    /**
     * Reads and checks the header.
     *
     * @param name what messages call the stream
     * @throws MalformedImageException when it is not the header of an image
     */
    public static ImageStream of(ReadableByteChannel channel, String name) throws IOException {
        return new ImageStream(name, (into, offset) -> channel.read(into), null, STRICT);
    }

    /** As {@link #of(ReadableByteChannel, String)}. */
    public static ImageStream of(InputStream in, String name) throws IOException {
        return of(Channels.newChannel(in), name);
    }

    public ImageHeader header() {
        return header;
    }

    /** Bytes read so far. */
    public long position() {
        return in.position();
    }

    /**
     * Hands all tracks to {@code sink}, and {@link TrackSink#end} once all of the image has been found sound. Once for a stream.
     *
     * @throws MalformedImageException at the first damage; what was handed on before was sound
     */
    public void copyTo(TrackSink sink) throws IOException {
        while (next(sink)) {
            // One record a turn.
        }
        finish(sink);
    }

    /** Counts and digests of the image; only after its end was reached. */
    public ImageSummary summary() {
        if (summary == null) {
            throw new IllegalStateException("the end of the image was not reached");
        }
        return summary;
    }

    /** The first track that was not come to; all before it were handed on, or told as damaged. */
    int nextTrack() {
        return ledger.nextTrack();
    }

    /** Offset of the body of the record that is or was handed on last. */
    long bodyOffset() {
        return bodyOffset;
    }

    /** Reads one record; false when it was the directory, the last one. */
    boolean next(TrackSink sink) throws IOException {
        long offset = in.position();
        record.load(need(take(RecordHeader.BYTES, Part.RECORD, "a record"), offset, "a record"));
        record.check(path, offset);
        checkOrder(offset);
        checkBodyBytes(offset);
        ledger.digest(record.bytes());
        bodyOffset = in.position();
        ByteBuffer body = take(record.bodyBytes(), Part.BODY, "the body of a record");
        boolean isWhole = body != null && ((areTagsEnough && record.isTrack()) || record.isOf(body));
        switch (record.type()) {
            case RecordHeader.DATA, RecordHeader.PARTIAL -> data(offset, body, isWhole, sink);
            case RecordHeader.SKIP -> skip(body, isWhole, sink);
            case RecordHeader.INDEX -> index(offset, body, isWhole);
            case RecordHeader.DIRECTORY -> directory(offset, body, isWhole);
            case RecordHeader.DIGESTS -> digests(body, isWhole);
            default -> report(isWhole, "the SHA-256 of an optional record");
        }
        return record.type() != RecordHeader.DIRECTORY;
    }

    /** A part of the file; null when it is a box that does not open. */
    private ByteBuffer take(int bytes, Part part, String what) throws IOException {
        long offset = in.position();
        ByteBuffer stored = in.take(layout.boxBytes(bytes), what);
        return cipher == null ? stored : cipher.open(stored, offset, part);
    }

    private ByteBuffer need(ByteBuffer part, long offset, String what) throws MalformedImageException {
        if (part == null) {
            throw new MalformedImageException(path, offset, "the box of " + what + " with its tag", "damaged bytes");
        }
        return part;
    }

    /** Reads the trailer and ends {@code sink}. */
    void finish(TrackSink sink) throws IOException {
        long offset = in.position();
        Trailer trailer = Trailer.wrap(need(take(Trailer.BYTES, Part.TRAILER, "the trailer"), offset, "the trailer"));
        trailer.check(path, offset, header.imageId(), space.trackCount(), layout);
        ledger.digest(trailer.digested());
        summary = trailer.summary();
        expectCounts(offset, summary.counts());
        expectDigest(offset + Trailer.FILE_DIGEST, "file digest", ledger.fileDigest(), trailer.fileDigest());
        if (isContentKnown) {
            byte[] content = ledger.contentDigest();
            expectDigest(offset + Trailer.CONTENT_DIGEST, "content digest", content, trailer.contentDigest());
        }
        expect(directoryOffset, "directory offset", directoryOffset, trailer.directoryOffset());
        if (layout.isSigned()) {
            checkSignature();
        }
        if (!in.isAtEnd()) {
            throw new MalformedImageException(path, in.position(), "the end of the file", "more bytes");
        }
        sink.end(summary.contentDigest());
    }

    private void checkSignature() throws IOException {
        long offset = in.position();
        ImageSignature signature = ImageSignature.of(in.take(ImageSignature.BYTES, "the signature"));
        var content = new ImageSignature.Content(
                HeaderCodec.imageId(plainHeader), digestSums.digest(), summary.contentDigest(), plainHeader);
        if (!signature.isSound(content, Primitives.best())) {
            String what = "a signature of this image by the key that it names";
            throw new MalformedImageException(path, offset, what, "damaged bytes");
        }
    }

    private void expectCounts(long offset, TrackCounts found) throws MalformedImageException {
        TrackCounts expected = ledger.counts();
        // How many sectors a track lacks that is damaged here nobody knows.
        TrackCounts known = isContentKnown ? expected : expected.withUnreadableSectors(found);
        if (!known.isSameAs(found)) {
            throw new MalformedImageException(path, offset, "counts " + known, found.toString());
        }
    }

    private void checkOrder(long offset) throws MalformedImageException {
        int type = record.type();
        if (type >= RecordHeader.OPTIONAL) {
            return;
        }
        if (indexOffset >= 0) {
            record.expect(path, offset, RecordHeader.DIGESTS, ledger.firstTrackOfChunk(), ledger.tracksInChunk());
        } else if (ledger.isIndexDue()) {
            record.expect(path, offset, RecordHeader.INDEX, ledger.firstTrackOfChunk(), ledger.tracksInChunk());
        } else if (ledger.isComplete()) {
            record.expect(path, offset, RecordHeader.DIRECTORY, 0, space.trackCount());
        } else if (type == RecordHeader.SKIP && record.trackCount() >= 1) {
            int count = Math.min(record.trackCount(), ledger.leftInChunk());
            record.expect(path, offset, RecordHeader.SKIP, ledger.nextTrack(), count);
        } else if (type == RecordHeader.PARTIAL) {
            record.expect(path, offset, RecordHeader.PARTIAL, ledger.nextTrack(), 1);
        } else {
            record.expect(path, offset, RecordHeader.DATA, ledger.nextTrack(), 1);
        }
    }

    private void checkBodyBytes(long offset) throws MalformedImageException {
        int bytes = record.bodyBytes();
        boolean fits =
                switch (record.type()) {
                    case RecordHeader.DATA, RecordHeader.PARTIAL ->
                        bytes > EncodedTrack.HEADER_BYTES
                                && bytes <= EncodedTrack.maxBytes(space.rawBytes(ledger.nextTrack()));
                    case RecordHeader.SKIP ->
                        bytes >= SkipRanges.RANGE_BYTES
                                && bytes <= SkipRanges.MAX_BYTES
                                && bytes % SkipRanges.RANGE_BYTES == 0;
                    case RecordHeader.INDEX -> bytes == ledger.indexBody().remaining();
                    case RecordHeader.DIRECTORY -> bytes == ledger.directoryBytes();
                    case RecordHeader.DIGESTS -> bytes == DigestRecord.bytesOf(ledger.tracksInChunk());
                    default -> bytes >= 0 && bytes <= MAX_OPTIONAL_BYTES;
                };
        if (!fits) {
            throw new MalformedImageException(
                    path,
                    offset + RecordHeader.BODY_BYTES,
                    "the body bytes of a record of type " + record.type(),
                    Integer.toUnsignedString(bytes));
        }
    }

    private void data(long offset, ByteBuffer body, boolean isWhole, TrackSink sink) throws IOException {
        int track = ledger.nextTrack();
        TrackKind kind = record.type() == RecordHeader.PARTIAL ? TrackKind.PARTIAL : TrackKind.DATA;
        if (!isWhole) {
            isContentKnown = false;
            ledger.addDamaged(kind, record.bodyBytes(), offset);
            damage.onDamage(notWhole("the SHA-256 of track " + track), track);
            return;
        }
        try {
            TrackDecoder.check(track, space.rawBytes(track), body);
            expect(offset, "a record of a track of kind", kind, EncodedTrack.kind(body));
            sink.data(track, body);
            ledger.addData(body, offset);
        } catch (MalformedTrackException e) {
            isContentKnown = false;
            ledger.addDamaged(kind, record.bodyBytes(), offset);
            damage.onDamage(Checks.malformed(path, bodyOffset, track, e), track);
        }
    }

    private void skip(ByteBuffer body, boolean isWhole, TrackSink sink) throws IOException {
        if (!isWhole) {
            throw notWhole("the SHA-256 of skipped tracks");
        }
        int end = ledger.nextTrack() + record.trackCount();
        for (int i = 0; i < SkipRanges.rangeCount(body); i++) {
            int first = SkipRanges.firstTrack(body, i);
            int count = SkipRanges.count(body, i);
            TrackKind kind = SkipRanges.kind(body, i);
            if (first != ledger.nextTrack() || count < 1 || count > end - first || kind == null) {
                throw new MalformedImageException(
                        path,
                        bodyOffset + (long) i * SkipRanges.RANGE_BYTES,
                        "a range from track " + ledger.nextTrack() + " to at most " + end,
                        Integer.toUnsignedString(count) + " from " + Integer.toUnsignedString(first) + " of kind "
                                + kind);
            }
            ledger.addSkip(count, kind);
            sink.skip(first, count, kind);
        }
        expect(bodyOffset, "ranges up to track", end, ledger.nextTrack());
    }

    private void index(long offset, ByteBuffer body, boolean isWhole) throws MalformedImageException {
        report(isWhole, "the SHA-256 of an index record");
        if (isWhole && !body.equals(ledger.indexBody())) {
            damage.onDamage(
                    new MalformedImageException(
                            path, bodyOffset, "the index of the records before it", "another index"),
                    NO_TRACK);
        }
        if (layout.hasDigests()) {
            indexOffset = offset;
        } else {
            ledger.closeChunk(offset);
        }
    }

    private void digests(ByteBuffer body, boolean isWhole) throws IOException {
        report(isWhole, "the SHA-256 of digests");
        digestSums.update(record.sha256());
        if (isWhole) {
            compareKinds(DigestRecord.of(body));
            digests.onDigests(ledger.firstTrackOfChunk(), ledger.tracksInChunk(), body);
        }
        ledger.closeChunk(indexOffset);
        indexOffset = -1;
    }

    private void compareKinds(DigestRecord found) throws MalformedImageException {
        int other = found.firstOfOtherKind(ledger.tracksInChunk(), ledger::kindInChunk);
        if (other >= 0) {
            String what = "track " + (ledger.firstTrackOfChunk() + other) + " of kind " + ledger.kindInChunk(other);
            long at = bodyOffset + DigestRecord.bytesOf(other);
            damage.onDamage(new MalformedImageException(path, at, what, "" + found.kind(other)), NO_TRACK);
        }
    }

    private void directory(long offset, ByteBuffer body, boolean isWhole) throws MalformedImageException {
        directoryOffset = offset;
        report(isWhole, "the SHA-256 of the directory");
        if (isWhole && !body.equals(ledger.directoryBody())) {
            damage.onDamage(
                    new MalformedImageException(path, bodyOffset, "the offsets of the index records", "other offsets"),
                    NO_TRACK);
        }
    }

    private void report(boolean isWhole, String what) throws MalformedImageException {
        if (!isWhole) {
            damage.onDamage(notWhole(what), NO_TRACK);
        }
    }

    private MalformedImageException notWhole(String what) {
        return new MalformedImageException(
                path, bodyOffset, what + ", " + HexFormat.of().formatHex(record.sha256()), "damaged bytes");
    }

    private void expect(long offset, String what, Object expected, Object found) throws MalformedImageException {
        if (!expected.equals(found)) {
            throw new MalformedImageException(path, offset, what + " " + expected, "" + found);
        }
    }

    private void expectDigest(long offset, String what, byte[] expected, byte[] found) throws MalformedImageException {
        expect(offset, what, HexFormat.of().formatHex(expected), HexFormat.of().formatHex(found));
    }
}
