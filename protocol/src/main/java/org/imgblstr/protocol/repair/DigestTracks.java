package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;

/**
 * Digest tracks: what kind each track of the image is and its checksum, by which a slave finds what its disk already holds. Digest track n
 * describes the 1024 tracks from 1024 n on and is numbered behind the tracks of the image, so that it is sent and repaired as any
 * other. Source: docs/protocol.md, section 4.
 */
public final class DigestTracks {
    /** Tracks that one digest track describes. */
    public static final int CHUNK_TRACKS = 1024;

    /** Bytes of a description: kind u8, checksum u64. */
    public static final int LEAF_BYTES = 9;

    private DigestTracks() {}

    /** Digest tracks of an image. */
    public static int count(int trackCount) {
        return (trackCount - 1) / CHUNK_TRACKS + 1;
    }

    /** First track that a digest track describes. */
    public static int firstTrack(int digestTrack, int trackCount) {
        return (digestTrack - trackCount) * CHUNK_TRACKS;
    }

    /** First track behind those that a digest track describes. */
    public static int endTrack(int digestTrack, int trackCount) {
        return Math.min(trackCount, firstTrack(digestTrack, trackCount) + CHUNK_TRACKS);
    }

    /** Raw bytes of a digest track. */
    public static int rawBytes(int digestTrack, int trackCount) {
        return (endTrack(digestTrack, trackCount) - firstTrack(digestTrack, trackCount)) * LEAF_BYTES;
    }

    /** Appends one description. */
    public static void put(ByteBuffer raw, TrackKind kind, long checksum) {
        raw.put((byte) kind.code()).putLong(checksum);
    }

    /** Kind of the description at an index of a digest track's raw bytes; null when malformed. */
    public static TrackKind kind(ByteBuffer raw, int index) {
        return TrackKind.ofCode(raw.get(index * LEAF_BYTES) & 0xFF);
    }

    /** Checksum of the description at an index. */
    public static long checksum(ByteBuffer raw, int index) {
        return raw.getLong(index * LEAF_BYTES + 1);
    }
}
