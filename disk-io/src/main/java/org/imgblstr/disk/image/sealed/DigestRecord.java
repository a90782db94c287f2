package org.imgblstr.disk.image.sealed;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.sealing.primitive.Hashing;

/**
 * Body of a digest record: what each track of a chunk holds. Source: docs/image-format.md, section 8. An entry is 33 bytes:
 * <pre>
 *   0      1                33
 *   | kind | SHA-256, zeros |
 * </pre>
 */
public final class DigestRecord {
    static final int ENTRY_BYTES = 1 + Hashing.DIGEST_BYTES;

    private static final byte[] NO_DIGEST = new byte[Hashing.DIGEST_BYTES];

    private final ByteBuffer body;
    private int count;

    private DigestRecord(ByteBuffer body, int count) {
        this.body = body;
        this.count = count;
    }

    /** An empty one with room for so many tracks. */
    static DigestRecord ofTracks(int most) {
        return new DigestRecord(ByteBuffer.allocate(most * ENTRY_BYTES), 0);
    }

    /** A copy of a body, which is {@link #bytesOf} its tracks long. */
    public static DigestRecord of(ByteBuffer body) {
        ByteBuffer copy = ByteBuffer.allocate(body.remaining()).put(body.duplicate());
        return new DigestRecord(copy.flip(), copy.limit() / ENTRY_BYTES);
    }

    /** Length of the body for so many tracks. */
    public static int bytesOf(int tracks) {
        return tracks * ENTRY_BYTES;
    }

    /** {@code sha256}: null when the kind has no encoded track. */
    void add(TrackKind kind, byte[] sha256) {
        body.put(count * ENTRY_BYTES, (byte) kind.code());
        body.put(count * ENTRY_BYTES + 1, sha256 == null ? NO_DIGEST : sha256);
        count++;
    }

    /** The body, valid until the next {@link #add}; empties the record. */
    ByteBuffer take() {
        ByteBuffer taken = body.slice(0, bytesOf(count));
        count = 0;
        return taken;
    }

    /** The first of so many tracks whose kind is another, counted from the first one of the chunk; -1 for none. */
    public int firstOfOtherKind(int tracks, IntFunction<TrackKind> kinds) {
        for (int i = 0; i < tracks; i++) {
            if (kind(i) != kinds.apply(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Kind of a track, counted from the first one of the chunk; null when it is none. */
    public TrackKind kind(int trackInChunk) {
        return TrackKind.ofCode(Byte.toUnsignedInt(body.get(trackInChunk * ENTRY_BYTES)));
    }

    /** Whether a track has this digest, counted from the first one of the chunk; {@code sha256}: null for one that has none. */
    public boolean has(int trackInChunk, byte[] sha256) {
        byte[] found = new byte[Hashing.DIGEST_BYTES];
        body.get(trackInChunk * ENTRY_BYTES + 1, found);
        return Arrays.equals(found, sha256 == null ? NO_DIGEST : sha256);
    }
}
