package org.imgblstr.protocol.master.tracks;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.manifest.Manifest;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.protocol.repair.DigestTracks;

/** The manifest of a sealed session, filled by the pass, and its digest tracks as they are sent. One thread. */
public final class ManifestTable {
    /** Digest tracks kept encoded: as many as a master repairs in one go. */
    private static final int MAX_ENCODED = 64;

    private final int trackCount;
    private final LeafTable leaves;
    private final KindMap kinds;
    private final Manifest manifest;
    private final Map<Integer, ByteBuffer> encoded = new LinkedHashMap<>();
    private int sentChunks;

    private ManifestTable(
            int trackCount, LeafTable leaves, KindMap kinds, ManifestSignature signature, TrackSupply supply) {
        this.trackCount = trackCount;
        this.leaves = leaves;
        this.kinds = kinds;
        this.manifest = new Manifest(trackCount, kinds, signature, supply.olderDigests());
    }

    /** {@code signature}: null in an open session, which has none. */
    static ManifestTable of(LeafTable leaves, KindMap kinds, ManifestSignature signature, TrackSupply supply) {
        return signature == null ? null : new ManifestTable(leaves.trackCount(), leaves, kinds, signature, supply);
    }

    /** The next track of the pass, which is in {@link #kinds} already. {@code digest}: null when it is not known. */
    void note(int track, byte[] digest) {
        if (digest != null) {
            manifest.note(track, digest);
        }
        manifest.onReached(track);
    }

    /** The digest of a track that the pass has sent without. */
    void noteLate(int track, byte[] digest) {
        manifest.note(track, digest);
    }

    /** Whether the digest of a track is known, or it needs none. */
    boolean isKnown(int track) {
        return manifest.firstUnknown(track, track + 1) < 0;
    }

    /** Of what a digest track describes: those tracks whose digests are not known. */
    void forEachUnknown(int digestTrack, IntConsumer action) {
        int end = DigestTracks.endTrack(digestTrack, trackCount);
        int track = manifest.firstUnknown(DigestTracks.firstTrack(digestTrack, trackCount), end);
        while (track >= 0) {
            action.accept(track);
            track = manifest.firstUnknown(track + 1, end);
        }
    }

    /** The pass has gone on from here without bytes. */
    void onReached(int firstTrack) {
        manifest.onReached(firstTrack);
    }

    /** The next tracks of the pass, by entries of the manifest, position to limit. */
    void append(ByteBuffer entries) {
        int first = kinds.endTrack();
        ByteBuffer all = entries.slice();
        for (int i = 0; i < all.remaining() / ManifestTracks.ENTRY_BYTES; i++) {
            TrackKind kind = ManifestTracks.kind(all, i);
            leaves.append(1, kind);
            if (kind.isEncoded()) {
                manifest.note(first + i, ManifestTracks.digest(all, i));
            }
        }
        manifest.onReached(first);
        // A delta session sends nothing but what slaves ask for.
        while (next(false) >= 0) {
            onBegun();
        }
    }

    /**
     * The digest track that the pass is to send next; -1 when there is none yet. The pass does not wait for digests that were not computed in time:
     * who needs such a digest track asks for it.
     *
     * @param isLone whether nobody needs any
     */
    int next(boolean isLone) {
        while (sentChunks < ManifestTracks.count(trackCount) && manifest.isReached(sentChunks)) {
            if (!isLone && manifest.isWhole(trackCount + sentChunks)) {
                return trackCount + sentChunks;
            }
            sentChunks++;
        }
        return -1;
    }

    /** It is being sent. */
    void onBegun() {
        sentChunks++;
    }

    /** A digest track, encoded; null while it is not whole, or its digests are being fetched. */
    ByteBuffer encoded(int digestTrack) {
        ByteBuffer known = encoded.get(digestTrack);
        if (known != null) {
            return known.duplicate();
        }
        ByteBuffer raw = manifest.raw(digestTrack);
        if (raw == null) {
            return null;
        }
        ByteBuffer made = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(raw.remaining()));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("zstd:1"))) {
            encoder.encode(digestTrack, raw, made);
        }
        if (encoded.size() == MAX_ENCODED) {
            encoded.remove(encoded.keySet().iterator().next());
        }
        encoded.put(digestTrack, made);
        return made.duplicate();
    }

    /** D; null while some digest track is not whole. */
    byte[] root() {
        return manifest.isWhole() ? manifest.root() : null;
    }
}
