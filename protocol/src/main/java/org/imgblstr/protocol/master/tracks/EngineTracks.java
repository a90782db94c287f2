package org.imgblstr.protocol.master.tracks;

import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/** Where the sender finds the bytes of a track: image tracks in the supply, digest tracks in the leaf table. One thread. */
public final class EngineTracks {
    private final int trackCount;
    private final TrackSupply supply;
    private final LeafTable leaves;

    public EngineTracks(int trackCount, TrackSupply supply, LeafTable leaves) {
        this.trackCount = trackCount;
        this.supply = supply;
        this.leaves = leaves;
    }

    public boolean isDigest(int track) {
        return track >= trackCount;
    }

    /** The encoded track, or null when it is not at hand. */
    public ByteBuffer held(int track) {
        return isDigest(track) ? leaves.encoded(track) : supply.held(track);
    }

    /** Which encoding of a track is at hand. */
    public int generation(int track) {
        return EncodedTrack.isLink(held(track)) ? SectorDataFlyweight.LINK : SectorDataFlyweight.ALONE;
    }

    /** Whether a track is at hand in an encoding of {@code generation} or a higher one. */
    public boolean isHeld(int track, int generation) {
        return held(track) != null && generation(track) >= generation;
    }

    /** Asks for a track that is not at hand; a digest track will be once the pass is there. */
    public void request(int track) {
        if (!isDigest(track)) {
            supply.request(track);
        }
    }

    public void release(int track) {
        if (!isDigest(track)) {
            supply.release(track);
        }
    }
}
