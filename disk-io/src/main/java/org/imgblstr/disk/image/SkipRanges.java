package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;

/**
 * Ranges of one skip record: its body, as Skip Track has them on the wire. Source: docs/image-format.md, section 3. A range is 12 bytes:
 * <pre>
 *   0            4       8      9      12
 *   | firstTrack | count | kind | zero |
 * </pre>
 */
final class SkipRanges {
    static final int RANGE_BYTES = 12;

    /** A skip record stays in its chunk, and each range has a track. */
    static final int MAX_BYTES = IndexChunk.TRACKS * RANGE_BYTES;

    private static final int COUNT = 4;
    private static final int KIND = 8;

    private final ByteBuffer body = ByteBuffer.allocate(MAX_BYTES);
    private int tracks;

    boolean isEmpty() {
        return tracks == 0;
    }

    int firstTrack() {
        return body.getInt(0);
    }

    int trackCount() {
        return tracks;
    }

    /** {@code firstTrack} follows the last range. Joins ranges of one kind. */
    void add(int firstTrack, int count, TrackKind kind) {
        int last = body.position() - RANGE_BYTES;
        if (last >= 0 && body.get(last + KIND) == kind.code()) {
            body.putInt(last + COUNT, body.getInt(last + COUNT) + count);
        } else {
            body.putInt(firstTrack).putInt(count).putInt(kind.code() << 24);
        }
        tracks += count;
    }

    /** The body, valid until the next {@link #add}; empties the list. */
    ByteBuffer take() {
        ByteBuffer taken = body.duplicate().flip();
        body.clear();
        tracks = 0;
        return taken;
    }

    static int rangeCount(ByteBuffer body) {
        return body.remaining() / RANGE_BYTES;
    }

    static int firstTrack(ByteBuffer body, int range) {
        return body.getInt(range * RANGE_BYTES);
    }

    static int count(ByteBuffer body, int range) {
        return body.getInt(range * RANGE_BYTES + COUNT);
    }

    /** Null when the kind is unknown or is that of an encoded track. */
    static TrackKind kind(ByteBuffer body, int range) {
        TrackKind kind = TrackKind.ofCode(Byte.toUnsignedInt(body.get(range * RANGE_BYTES + KIND)));
        return kind == null || kind.isEncoded() ? null : kind;
    }
}
