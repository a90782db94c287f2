package org.imgblstr.protocol.master.tracks;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.sealing.primitive.Hashing;

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

    private final BooleanSupplier isLone;

    /**
     * The tracks of a session.
     *
     * @param signature of the manifest; null in an open session
     * @param isLone whether one slave alone has the keys of a sealed session, so that no manifest is needed
     */
    public EngineTracks(
            int trackCount, TrackSupply supply, LeafTable leaves, ManifestSignature signature, BooleanSupplier isLone) {
        this.isLone = isLone;
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
        if (manifest == null) {
            return leaves.encoded(track);
        }
        supply.takeDigests(manifest::noteLate);
        return manifest.encoded(track);
    }

    /** The digest track that the pass of a sealed session is to send next; -1 when there is none yet. */
    public int nextDigest() {
        return manifest == null ? -1 : manifest.next(isLone.getAsBoolean());
    }

    /** The one of {@link #nextDigest} is being sent. */
    public void onDigestBegun() {
        manifest.onBegun();
    }

    /** D of the manifest, 32 bytes: zeros while it is not known, or not needed; null in an open session. */
    public byte[] root() {
        if (manifest == null) {
            return null;
        }
        supply.takeDigests(manifest::noteLate);
        byte[] root = isLone.getAsBoolean() ? null : manifest.root();
        return root == null ? new byte[Hashing.DIGEST_BYTES] : root;
    }

    /** Which encoding of a track is at hand. */
    public int generation(int track) {
        return EncodedTrack.isLink(held(track)) ? SectorDataFlyweight.LINK : SectorDataFlyweight.ALONE;
    }

    /** Whether a track is at hand in an encoding of {@code generation} or a higher one. */
    public boolean isHeld(int track, int generation) {
        return held(track) != null && generation(track) >= generation;
    }

    /** Asks for a track that is not at hand. A digest track will be once the pass is there, and what it describes was hashed. */
    public void request(int track) {
        if (isDigest(track)) {
            requestDigests(track);
            return;
        }
        if (manifest != null && !isLone.getAsBoolean() && !manifest.isKnown(track)) {
            supply.wantDigest(track, false);
        }
        supply.request(track);
    }

    private void requestDigests(int digestTrack) {
        if (manifest != null && !isLone.getAsBoolean()) {
            manifest.forEachUnknown(digestTrack, track -> supply.wantDigest(track, true));
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
