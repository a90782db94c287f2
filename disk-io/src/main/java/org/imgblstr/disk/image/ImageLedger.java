package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.sealing.primitive.Sha256;

/**
 * What has passed so far of an image: counts, index, digests. Writer and sequential reader keep the same ledger, so a reader finds
 * whatever differs from what the writer would have written. Memory:
 * one chunk, 8 bytes for each chunk before it, and {@link ContentDigest}.
 */
final class ImageLedger {
    private final TrackSpace space;
    private final IndexChunk chunk = new IndexChunk();
    private final ContentDigest content;
    private final MessageDigest fileDigest = Sha256.create();
    private long[] indexOffsets = new long[16];
    private int chunks;
    private int nextTrack;
    private int dataTracks;
    private int zeroTracks;
    private int unusedTracks;
    private int unreadableTracks;
    private int partialTracks;
    private long unreadableSectors;
    private long usedBytes;
    private long encodedBytes;

    ImageLedger(TrackSpace space) {
        this.space = space;
        this.content = new ContentDigest(space.trackCount());
    }

    /** Chunks, and so index records, of an image. */
    static int chunkCount(int trackCount) {
        return (int) (((long) trackCount + IndexChunk.TRACKS - 1) / IndexChunk.TRACKS);
    }

    /** Tracks of a chunk: all but the last are whole. */
    static int tracksOfChunk(int chunk, int trackCount) {
        long left = trackCount - (long) chunk * IndexChunk.TRACKS;
        return (int) Math.max(0, Math.min(IndexChunk.TRACKS, left));
    }

    /** Bytes of the header, of a record header, of the trailer up to the file digest. */
    void digest(ByteBuffer bytes) {
        fileDigest.update(bytes);
    }

    int nextTrack() {
        return nextTrack;
    }

    /** Tracks that the chunk still takes; 0 when its index record is due. */
    int leftInChunk() {
        return tracksOfChunk(chunks, space.trackCount()) - chunk.count();
    }

    boolean isIndexDue() {
        return chunk.count() > 0 && leftInChunk() == 0;
    }

    boolean isComplete() {
        return nextTrack == space.trackCount() && chunk.count() == 0;
    }

    /** The next track is a data track that was found good. */
    void addData(ByteBuffer encoded, long recordOffset) {
        TrackKind kind = EncodedTrack.kind(encoded);
        if (kind == TrackKind.PARTIAL) {
            addUnreadable(EncodedTrack.unreadable(encoded));
        }
        addData(kind, EncodedTrack.leaf(encoded), encoded.remaining(), recordOffset);
    }

    /** The next track is one of {@code bytes} bytes that are damaged. */
    void addDamaged(TrackKind kind, int bytes, long recordOffset) {
        addData(kind, 0, bytes, recordOffset);
    }

    private void addData(TrackKind kind, long leaf, int bytes, long recordOffset) {
        content.set(nextTrack, kind, leaf);
        chunk.addData(kind, bytes, recordOffset);
        usedBytes += space.rawBytes(nextTrack);
        encodedBytes += bytes;
        dataTracks++;
        partialTracks += kind == TrackKind.PARTIAL ? 1 : 0;
        nextTrack++;
    }

    private void addUnreadable(UnreadableMap map) {
        int sectorBytes = space.geometry().sectorBytes();
        map.forEachRange((from, end) -> unreadableSectors += (end - from + sectorBytes - 1) / sectorBytes);
    }

    /** {@code count}: at most {@link #leftInChunk()}. */
    void addSkip(int count, TrackKind kind) {
        content.setRange(nextTrack, count, kind, space::rawBytes);
        chunk.addSkip(count, kind);
        if (kind == TrackKind.UNREADABLE) {
            unreadableSectors += space.rangeBytes(nextTrack, nextTrack + count)
                    / space.geometry().sectorBytes();
        }
        nextTrack += count;
        switch (kind) {
            case ZERO -> zeroTracks += count;
            case UNUSED -> unusedTracks += count;
            case UNREADABLE -> unreadableTracks += count;
            case DATA, PARTIAL -> throw new IllegalStateException("data is not skipped");
        }
    }

    /** First track of the chunk that is filled now. */
    int firstTrackOfChunk() {
        return chunks * IndexChunk.TRACKS;
    }

    int tracksInChunk() {
        return chunk.count();
    }

    /** Of a track of the chunk, counted from its first one. */
    TrackKind kindInChunk(int trackInChunk) {
        return chunk.kind(trackInChunk);
    }

    ByteBuffer indexBody() {
        return chunk.encode();
    }

    /** The index record of the chunk is at {@code indexOffset}: begins the next chunk. */
    void closeChunk(long indexOffset) {
        if (chunks == indexOffsets.length) {
            indexOffsets = Arrays.copyOf(indexOffsets, chunks * 2);
        }
        indexOffsets[chunks++] = indexOffset;
        chunk.clear();
    }

    ByteBuffer directoryBody() {
        ByteBuffer body = ByteBuffer.allocate(directoryBytes());
        for (int i = 0; i < chunks; i++) {
            body.putLong(indexOffsets[i]);
        }
        return body.flip();
    }

    TrackCounts counts() {
        return new TrackCounts(
                dataTracks,
                zeroTracks,
                unusedTracks,
                new TrackCounts.Unreadable(unreadableTracks, partialTracks, unreadableSectors),
                usedBytes,
                encodedBytes);
    }

    int indexRecords() {
        return chunks;
    }

    int directoryBytes() {
        return chunks * Long.BYTES;
    }

    /** Of all tracks; only when they have all passed. */
    byte[] contentDigest() {
        return content.digest();
    }

    /** Ends the ledger. */
    byte[] fileDigest() {
        return fileDigest.digest();
    }
}
