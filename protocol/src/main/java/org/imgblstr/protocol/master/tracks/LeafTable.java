package org.imgblstr.protocol.master.tracks;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.DigestTracks;

/**
 * The leaves of all data tracks that the pass has reached, eight bytes each, and the digest tracks made of them when a slave asks. One
 * thread.
 */
public final class LeafTable {
    /** Digest tracks kept encoded: as many as a master repairs in one go. */
    private static final int MAX_ENCODED = 64;

    private final TrackSpace space;
    private final KindMap kinds;
    private final long[][] chunks;
    private final Map<Integer, ByteBuffer> encoded = new LinkedHashMap<>();

    public LeafTable(TrackSpace space, KindMap kinds) {
        this.space = space;
        this.kinds = kinds;
        this.chunks = new long[DigestTracks.count(space.trackCount())][];
    }

    /** Tracks of the image. */
    int trackCount() {
        return space.trackCount();
    }

    /** What kind each track is. */
    KindMap kinds() {
        return kinds;
    }

    private void set(int track, long checksum) {
        int chunk = track / DigestTracks.CHUNK_TRACKS;
        if (chunks[chunk] == null) {
            chunks[chunk] = new long[DigestTracks.CHUNK_TRACKS];
        }
        chunks[chunk][track % DigestTracks.CHUNK_TRACKS] = checksum;
    }

    /** The next track of the pass, which is data. */
    void append(int track, TrackKind kind, long leaf) {
        kinds.append(1, kind);
        set(track, leaf);
    }

    /** The next tracks of the pass, which are no data. */
    void append(int count, TrackKind kind) {
        kinds.append(count, kind);
    }

    /** The next tracks of the pass, by kind and checksum ({@link DigestTracks}), position to limit. */
    void append(ByteBuffer described) {
        int count = described.remaining() / DigestTracks.LEAF_BYTES;
        int i = 0;
        while (i < count) {
            TrackKind kind = DigestTracks.kind(described, i);
            int first = i;
            while (i < count && DigestTracks.kind(described, i) == kind) {
                if (kind.isEncoded()) {
                    set(kinds.endTrack() + i - first, DigestTracks.checksum(described, i));
                }
                i++;
            }
            kinds.append(i - first, kind);
        }
    }

    /** A digest track, encoded; null while the pass has not reached all that it describes. */
    ByteBuffer encoded(int digestTrack) {
        if (DigestTracks.endTrack(digestTrack, space.trackCount()) > kinds.endTrack()) {
            return null;
        }
        ByteBuffer known = encoded.get(digestTrack);
        if (known == null) {
            known = encode(digestTrack);
            if (encoded.size() == MAX_ENCODED) {
                encoded.remove(encoded.keySet().iterator().next());
            }
            encoded.put(digestTrack, known);
        }
        return known.duplicate();
    }

    private ByteBuffer encode(int digestTrack) {
        int bytes = DigestTracks.rawBytes(digestTrack, space.trackCount());
        ByteBuffer raw = ByteBuffer.allocate(bytes);
        int end = DigestTracks.endTrack(digestTrack, space.trackCount());
        for (int track = DigestTracks.firstTrack(digestTrack, space.trackCount()); track < end; track++) {
            TrackKind kind = kinds.kindOf(track);
            DigestTracks.put(raw, kind, leaf(track, kind));
        }
        raw.flip();
        ByteBuffer out = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(bytes));
        // Descriptions of unused and zero tracks, which are most of a large disk, shrink to nothing; checksums of data
        // do not shrink.
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("zstd:1"))) {
            encoder.encode(digestTrack, raw, out);
        }
        return out;
    }

    private long leaf(int track, TrackKind kind) {
        return switch (kind) {
            case DATA, PARTIAL -> chunks[track / DigestTracks.CHUNK_TRACKS][track % DigestTracks.CHUNK_TRACKS];
            case ZERO -> TrackChecksum.ofZeros(space.rawBytes(track));
            case UNUSED, UNREADABLE -> 0;
        };
    }
}
