package org.imgblstr.protocol.master;

import java.nio.ByteBuffer;

/** Where the sender finds the bytes of a track: image tracks in the supply, digest tracks in the leaf table. One thread. */
final class EngineTracks {
    private final int trackCount;
    private final TrackSupply supply;
    private final LeafTable leaves;

    EngineTracks(int trackCount, TrackSupply supply, LeafTable leaves) {
        this.trackCount = trackCount;
        this.supply = supply;
        this.leaves = leaves;
    }

    boolean isDigest(int track) {
        return track >= trackCount;
    }

    /** The encoded track, or null when it is not at hand. */
    ByteBuffer held(int track) {
        return isDigest(track) ? leaves.encoded(track) : supply.held(track);
    }

    /** Asks for a track that is not at hand; a digest track will be once the pass is there. */
    void request(int track) {
        if (!isDigest(track)) {
            supply.request(track);
        }
    }

    void release(int track) {
        if (!isDigest(track)) {
            supply.release(track);
        }
    }
}
