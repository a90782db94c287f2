package org.imgblstr.protocol.master.tracks;

import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * The tracks of a session, as the engine sees them: what comes next in the pass, and where the bytes of a track are. Image tracks are in the
 * supply, digest tracks in the leaf table. One thread.
 */
public final class EngineTracks {
    private final int trackCount;
    private final TrackSupply supply;
    private final LeafTable leaves;

    /** Null in an open session. */
    private final ManifestTable manifest;

    /** {@code signature}: of the manifest; null in an open session. */
    public EngineTracks(int trackCount, TrackSupply supply, LeafTable leaves, ManifestSignature signature) {
        this.trackCount = trackCount;
        this.supply = supply;
        this.leaves = leaves;
        this.manifest = ManifestTable.of(leaves, leaves.kinds(), signature, supply);
    }

    public boolean isDigest(int track) {
        return track >= trackCount;
    }

    /** The encoded track, or null when it is not at hand. */
    public ByteBuffer held(int track) {
        return isDigest(track) ? digestTrack(track) : supply.held(track);
    }

    private ByteBuffer digestTrack(int track) {
        return manifest == null ? leaves.encoded(track) : manifest.encoded(track);
    }

    /** The digest track that the pass of a sealed session is to send next; -1 when there is none yet. */
    public int nextDigest() {
        return manifest == null ? -1 : manifest.next();
    }

    /** The one of {@link #nextDigest} is being sent. */
    public void onDigestBegun() {
        manifest.onBegun();
    }

    /** D of the manifest, 32 bytes; null in an open session, and before the end of the pass. */
    public byte[] root() {
        return manifest == null ? null : manifest.root();
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

    /** What comes next in the pass; null when nothing is ready. */
    public TrackSupply.Item next() {
        return supply.next();
    }

    /** Notes what the next track of the pass is, which is data; {@link #advance} follows when it was sent. */
    public void note(TrackSupply.Data data) {
        ByteBuffer held = supply.held(data.track());
        leaves.append(data.track(), EncodedTrack.kind(held), EncodedTrack.leaf(held));
        if (manifest != null) {
            manifest.note(data.track(), supply.digest(data.track()));
        }
    }

    /** Notes what the next tracks of the pass are, and goes on behind them. */
    public void take(TrackSupply.Skip skip) {
        leaves.append(skip.count(), skip.kind());
        if (manifest != null) {
            manifest.onReached(skip.firstTrack());
        }
        supply.advance();
    }

    /** Notes what the next tracks of the pass are, and goes on behind them. */
    public void take(TrackSupply.Leaves described) {
        if (manifest == null) {
            leaves.append(described.leaves());
        } else {
            manifest.append(described.leaves());
        }
        supply.advance();
    }

    /** Tracks before {@code endTrack} need not be held any longer. */
    public void forget(int endTrack) {
        supply.forget(endTrack);
    }

    /** What {@link #next} gave was sent. */
    public void advance() {
        supply.advance();
    }

    public void release(int track) {
        if (!isDigest(track)) {
            supply.release(track);
        }
    }
}
