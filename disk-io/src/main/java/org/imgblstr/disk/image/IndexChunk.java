package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;

/**
 * Where the tracks of one chunk are: the body of an index record. Source: docs/image-format.md, section 4. An entry is 16 bytes:
 * <pre>
 *   0      1      2       4              8              16
 *   | kind | zero | count | encodedBytes | recordOffset |
 * </pre>
 */
final class IndexChunk {
    /** Tracks of a chunk; the last chunk may have fewer. */
    static final int TRACKS = 1024;

    static final int ENTRY_BYTES = 16;
    static final int MAX_BYTES = TRACKS * ENTRY_BYTES;

    private static final int COUNT = 2;
    private static final int ENCODED_BYTES = 4;
    private static final int RECORD_OFFSET = 8;

    private final TrackKind[] kinds = new TrackKind[TRACKS];
    private final int[] encodedBytes = new int[TRACKS];
    private final long[] recordOffsets = new long[TRACKS];
    private int count;

    /** Number of tracks added since the last {@link #clear}. */
    int count() {
        return count;
    }

    void addData(TrackKind kind, int bytes, long recordOffset) {
        kinds[count] = kind;
        encodedBytes[count] = bytes;
        recordOffsets[count] = recordOffset;
        count++;
    }

    void addSkip(int tracks, TrackKind kind) {
        for (int i = 0; i < tracks; i++) {
            kinds[count++] = kind;
        }
    }

    void clear() {
        count = 0;
    }

    TrackKind kind(int trackInChunk) {
        return kinds[trackInChunk];
    }

    int encodedBytes(int trackInChunk) {
        return encodedBytes[trackInChunk];
    }

    long recordOffset(int trackInChunk) {
        return recordOffsets[trackInChunk];
    }

    /** The body: one entry a data track, one a run of tracks of another kind. */
    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(count * ENTRY_BYTES);
        for (int i = 0; i < count; ) {
            int end = endOfRun(i);
            boolean isData = kinds[i].isEncoded();
            out.put((byte) kinds[i].code()).put((byte) 0).putShort((short) (end - i));
            out.putInt(isData ? encodedBytes[i] : 0).putLong(isData ? recordOffsets[i] : 0);
            i = end;
        }
        return out.flip();
    }

    private int endOfRun(int first) {
        int end = first + 1;
        while (!kinds[first].isEncoded() && end < count && kinds[end] == kinds[first]) {
            end++;
        }
        return end;
    }

    /**
     * Reads a body that passed its digest.
     *
     * @param trackCount tracks that the chunk must have
     * @param maxEncodedBytes longest encoded track
     * @param endOffset records end before this byte of the file
     * @return null when the body is not that of such a chunk
     */
    static IndexChunk decode(ByteBuffer body, int trackCount, int maxEncodedBytes, long endOffset) {
        IndexChunk chunk = new IndexChunk();
        for (int at = 0; at + ENTRY_BYTES <= body.limit(); at += ENTRY_BYTES) {
            TrackKind kind = TrackKind.ofCode(Byte.toUnsignedInt(body.get(at)));
            int tracks = Short.toUnsignedInt(body.getShort(at + COUNT));
            if (kind == null || tracks < 1 || tracks > trackCount - chunk.count) {
                return null;
            }
            if (!kind.isEncoded()) {
                chunk.addSkip(tracks, kind);
                continue;
            }
            int bytes = body.getInt(at + ENCODED_BYTES);
            long offset = body.getLong(at + RECORD_OFFSET);
            boolean fits = bytes > EncodedTrack.HEADER_BYTES
                    && bytes <= maxEncodedBytes
                    && offset >= 0
                    && offset <= endOffset - RecordHeader.BYTES - bytes;
            if (tracks != 1 || !fits) {
                return null;
            }
            chunk.addData(kind, bytes, offset);
        }
        return chunk.count == trackCount ? chunk : null;
    }
}
