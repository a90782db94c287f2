package org.imgblstr.protocol.slave.tracks;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.manifest.ManifestCheck;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.manifest.RefusedTracks;

/** In a sealed session: what is on the disk is held against the master's manifest. What it refuses is missing again. One thread. */
public final class Judgement implements ManifestCheck.Verdicts {
    private final TrackTable tracks;
    private final Content content;
    private final ManifestCheck check;
    private final RefusedTracks refused = new RefusedTracks();

    /** Of tracks that are with the disk: they count when they are done. */
    private final Map<Integer, byte[]> hashed = new HashMap<>();

    private final Map<Integer, TrackKind> kinds = new HashMap<>();
    private int hopeless = -1;

    Judgement(int trackCount, ManifestSignature signature, TrackTable tracks, Content content) {
        this.tracks = tracks;
        this.content = content;
        this.check = new ManifestCheck(trackCount, signature, this);
    }

    /** What a track holds that will be done soon. */
    public void onHashed(int track, TrackKind kind, byte[] digest) {
        hashed.put(track, digest);
        kinds.put(track, kind);
    }

    /** A track with bytes is done, or turns out to have been on the disk before. */
    void onDone(int track) {
        TrackKind kind = kinds.remove(track);
        byte[] digest = hashed.remove(track);
        if (kind == null || !kind.isEncoded()) {
            onSkipped(track, track + 1, kind == null ? TrackKind.ZERO : kind);
        } else if (!check.onTrack(track, kind, digest)) {
            onForgotten(track, track + 1);
        }
    }

    void onSkipped(int firstTrack, int endTrack, TrackKind kind) {
        check.onSkipped(firstTrack, endTrack, kind);
    }

    /** Takes a digest track. Returns false when it counts as not received. */
    boolean onDigestTrack(int digestTrack, ByteBuffer raw) {
        return check.onDigestTrack(digestTrack, raw);
    }

    boolean isWanted(int digestTrack) {
        return check.isWanted(digestTrack);
    }

    /** Whether all is what the master sent. */
    public boolean isWhole() {
        return check.isWhole();
    }

    /** D, 32 bytes. Once {@link #isWhole}. */
    public byte[] root() {
        return check.root();
    }

    /** How often tracks were refused. */
    public int refusedTracks() {
        return refused.count();
    }

    /** A track that was refused so often that it will not come right; -1 when there is none. */
    public int hopelessTrack() {
        return hopeless;
    }

    @Override
    public void onRight(int firstTrack, int endTrack) {
        content.onRight(firstTrack, endTrack);
        refused.onRight(firstTrack, endTrack);
    }

    @Override
    public void onRefused(int firstTrack, int endTrack) {
        for (int track = firstTrack; track < endTrack; track++) {
            if (refused.onRefused(track)) {
                hopeless = track;
            }
        }
        onForgotten(firstTrack, endTrack);
    }

    @Override
    public void onForgotten(int firstTrack, int endTrack) {
        for (int track = firstTrack; track < endTrack; track++) {
            content.onRefused(track);
            tracks.links().wantAlone(track);
            tracks.undo(track);
        }
    }
}
