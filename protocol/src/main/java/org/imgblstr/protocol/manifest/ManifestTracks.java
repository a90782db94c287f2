package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.Signing;

/**
 * Raw bytes of the digest tracks of a sealed session. Digest track n describes the 1024 tracks from 1024 n on, and is numbered behind the tracks of
 * the image, as in an open session. Source: docs/security.md, section 7.
 * <pre>
 *   0      1                33                   33 t
 *   | kind | SHA-256        | ... t entries      | signature (64) |
 * </pre>
 */
public final class ManifestTracks {
    /** Tracks that one digest track describes. */
    public static final int CHUNK_TRACKS = 1024;

    /** Bytes of an entry: kind u8, SHA-256. */
    public static final int ENTRY_BYTES = 1 + Hashing.DIGEST_BYTES;

    /** Raw bytes of the longest digest track. */
    public static final int MOST_RAW_BYTES = CHUNK_TRACKS * ENTRY_BYTES + Signing.SIGNATURE_BYTES;

    private ManifestTracks() {}

    /** Digest tracks of an image. */
    public static int count(int trackCount) {
        return (trackCount - 1) / CHUNK_TRACKS + 1;
    }

    /** First track of a chunk. */
    static int firstTrack(int chunk) {
        return chunk * CHUNK_TRACKS;
    }

    /** First track behind a chunk. */
    static int endTrack(int chunk, int trackCount) {
        return Math.min(trackCount, (chunk + 1) * CHUNK_TRACKS);
    }

    /** Bytes of the entries of a chunk. */
    static int entryBytes(int chunk, int trackCount) {
        return (endTrack(chunk, trackCount) - firstTrack(chunk)) * ENTRY_BYTES;
    }

    /** Raw bytes of a digest track. {@code digestTrack}: its number, {@code trackCount} or more. */
    public static int rawBytes(int digestTrack, int trackCount) {
        return entryBytes(digestTrack - trackCount, trackCount) + Signing.SIGNATURE_BYTES;
    }

    /** Writes an entry. {@code digest}: 32 bytes; not looked at where a track of that kind has none. */
    static void put(byte[] entries, int index, TrackKind kind, byte[] digest, int digestAt) {
        entries[index * ENTRY_BYTES] = (byte) kind.code();
        if (kind.isEncoded()) {
            System.arraycopy(digest, digestAt, entries, index * ENTRY_BYTES + 1, Hashing.DIGEST_BYTES);
        }
    }

    /** Kind of an entry; null when there is no such kind. */
    public static TrackKind kind(ByteBuffer raw, int index) {
        return TrackKind.ofCode(raw.get(index * ENTRY_BYTES) & 0xFF);
    }

    /** SHA-256 of an entry: zeros where the track has no bytes. */
    public static byte[] digest(ByteBuffer raw, int index) {
        byte[] digest = new byte[Hashing.DIGEST_BYTES];
        raw.get(index * ENTRY_BYTES + 1, digest);
        return digest;
    }

    /** Whether two entries at the same place are the same. */
    static boolean isSame(byte[] entries, byte[] others, int index) {
        int at = index * ENTRY_BYTES;
        int end = at + ENTRY_BYTES;
        return Arrays.equals(entries, at, end, others, at, end);
    }

    /** Whether each entry has a kind, and zeros where a track of that kind has no bytes. */
    static boolean isSound(byte[] entries) {
        for (int at = 0; at < entries.length; at += ENTRY_BYTES) {
            TrackKind kind = TrackKind.ofCode(entries[at] & 0xFF);
            if (kind == null || (!kind.isEncoded() && !isZero(entries, at + 1))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(byte[] entries, int at) {
        for (int i = at; i < at + Hashing.DIGEST_BYTES; i++) {
            if (entries[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
