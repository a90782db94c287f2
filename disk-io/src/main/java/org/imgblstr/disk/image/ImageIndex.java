package org.imgblstr.disk.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.sealed.BoxCipher.Part;
import org.imgblstr.disk.image.sealed.DigestRecord;

/** Finds tracks: keeps the directory, and the index chunks used last. Safe for use by several threads. */
final class ImageIndex {
    /** 14 KiB each: under 1 MiB. */
    private static final int KEPT_CHUNKS = 64;

    private final ImageChannel file;
    private final TrackSpace space;
    private final long[] indexOffsets;
    private final long endOffset;
    private final Map<Integer, IndexChunk> kept = new LinkedHashMap<>(KEPT_CHUNKS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, IndexChunk> eldest) {
            return size() > KEPT_CHUNKS;
        }
    };

    /**
     * @param headerBytes records begin here
     * @param trailer of a file that {@link Trailer#check} has passed
     */
    ImageIndex(ImageChannel file, TrackSpace space, int headerBytes, Trailer trailer) throws IOException {
        this.file = file;
        this.space = space;
        this.endOffset = trailer.directoryOffset();
        if (endOffset < headerBytes) {
            throw new MalformedImageException(
                    file.path(),
                    file.sizeBytes() - Trailer.endBytes(file.layout()),
                    "a directory behind the header",
                    "at " + endOffset);
        }
        ByteBuffer body =
                readBody(endOffset, RecordHeader.DIRECTORY, 0, space.trackCount(), trailer.indexRecords() * Long.BYTES);
        this.indexOffsets = new long[trailer.indexRecords()];
        body.asLongBuffer().get(indexOffsets);
        for (int i = 0; i < indexOffsets.length; i++) {
            long previous = i == 0 ? headerBytes : indexOffsets[i - 1] + RecordHeader.BYTES;
            if (indexOffsets[i] < previous || indexOffsets[i] > endOffset - RecordHeader.BYTES) {
                throw new MalformedImageException(
                        file.path(),
                        bodyOffset(endOffset) + (long) i * Long.BYTES,
                        "an index record from offset " + previous + " to " + endOffset,
                        "" + indexOffsets[i]);
            }
        }
    }

    /** The chunk of a track. */
    synchronized IndexChunk chunkOf(int track) throws IOException {
        int number = track / IndexChunk.TRACKS;
        IndexChunk chunk = kept.get(number);
        if (chunk == null) {
            chunk = load(number);
            kept.put(number, chunk);
        }
        return chunk;
    }

    private IndexChunk load(int number) throws IOException {
        long offset = indexOffsets[number];
        int tracks = tracksOfChunk(number);
        ByteBuffer body = readBody(offset, RecordHeader.INDEX, number * IndexChunk.TRACKS, tracks, -1);
        int maxEncodedBytes = EncodedTrack.maxBytes(space.geometry().trackBytes());
        IndexChunk chunk = IndexChunk.decode(body, tracks, maxEncodedBytes, endOffset);
        if (chunk == null) {
            throw new MalformedImageException(
                    file.path(), bodyOffset(offset), "an index of " + tracks + " tracks", "another index");
        }
        return chunk;
    }

    /** Where the body of a record begins that is at {@code offset}. */
    long bodyOffset(long offset) {
        return offset + file.layout().boxBytes(RecordHeader.BYTES);
    }

    /** The 64 bytes before a body, which are sound. */
    RecordHeader readRecord(long offset) throws IOException {
        RecordHeader record = new RecordHeader();
        record.load(file.readPart(offset, RecordHeader.BYTES, Part.RECORD, "a record"));
        record.check(file.path(), offset);
        return record;
    }

    /** Index records, and so digest records where there are any. */
    int chunks() {
        return indexOffsets.length;
    }

    /** The SHA-256 that the digest record of a chunk names for its body. */
    byte[] digestSum(int chunk) throws IOException {
        long offset = digestOffset(chunk);
        RecordHeader record = readRecord(offset);
        record.expect(file.path(), offset, RecordHeader.DIGESTS, chunk * IndexChunk.TRACKS, tracksOfChunk(chunk));
        return record.sha256();
    }

    /** The body of the digest record of a chunk. */
    ByteBuffer digestBody(int chunk) throws IOException {
        int tracks = tracksOfChunk(chunk);
        return readBody(
                digestOffset(chunk),
                RecordHeader.DIGESTS,
                chunk * IndexChunk.TRACKS,
                tracks,
                DigestRecord.bytesOf(tracks));
    }

    /** Directly behind the index record. */
    private long digestOffset(int chunk) throws IOException {
        int bytes = readRecord(indexOffsets[chunk]).bodyBytes();
        if (bytes < 0 || bytes > IndexChunk.MAX_BYTES) {
            throw new MalformedImageException(
                    file.path(),
                    indexOffsets[chunk] + RecordHeader.BODY_BYTES,
                    "at most " + IndexChunk.MAX_BYTES + " body bytes",
                    Integer.toUnsignedString(bytes));
        }
        return bodyOffset(indexOffsets[chunk]) + file.layout().boxBytes(bytes);
    }

    private int tracksOfChunk(int chunk) {
        return ImageLedger.tracksOfChunk(chunk, space.trackCount());
    }

    /** {@code bodyBytes}: -1 for as many as an index record may have. */
    private ByteBuffer readBody(long offset, int type, int firstTrack, int trackCount, int bodyBytes)
            throws IOException {
        RecordHeader record = readRecord(offset);
        record.expect(file.path(), offset, type, firstTrack, trackCount);
        boolean fits = bodyBytes < 0
                ? record.bodyBytes() >= 0 && record.bodyBytes() <= IndexChunk.MAX_BYTES
                : record.bodyBytes() == bodyBytes;
        if (!fits) {
            throw new MalformedImageException(
                    file.path(),
                    offset + RecordHeader.BODY_BYTES,
                    bodyBytes < 0 ? "at most " + IndexChunk.MAX_BYTES + " body bytes" : bodyBytes + " body bytes",
                    Integer.toUnsignedString(record.bodyBytes()));
        }
        ByteBuffer body = file.readPart(bodyOffset(offset), record.bodyBytes(), Part.BODY, "the body of a record");
        if (!record.isOf(body)) {
            throw new MalformedImageException(
                    file.path(), bodyOffset(offset), "the SHA-256 of a record of type " + type, "damaged bytes");
        }
        return body;
    }
}
