package org.imgblstr.protocol.slave.tracks;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.manifest.ManifestCheck;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.manifest.RefusedTracks;
import org.imgblstr.sealing.primitive.Hashing;

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
    private boolean isLone;

    Judgement(int trackCount, ManifestSignature signature, TrackTable tracks, Content content) {
        this.tracks = tracks;
        this.content = content;
        this.check = new ManifestCheck(trackCount, signature, this);
    }

    /** Whether what the disk tells from now on came while no other slave had a group key: then it is the master's. */
    public void lone(boolean value) {
        isLone = value;
    }

    /** What a track holds that will be done soon. {@code digest}: null when it came while no other slave had a group key. */
    public void onHashed(int track, TrackKind kind, byte[] digest) {
        if (digest != null) {
            hashed.put(track, digest);
        }
        kinds.put(track, kind);
    }

    /** A track with bytes is done, or turns out to have been on the disk before. */
    void onDone(int track) {
        TrackKind kind = kinds.remove(track);
        byte[] digest = hashed.remove(track);
        if (kind == null || !kind.isEncoded()) {
            onSkipped(track, track + 1, kind == null ? TrackKind.ZERO : kind);
        } else if (digest == null) {
            check.onTrusted(track, track + 1);
        } else if (!check.onTrack(track, kind, digest)) {
            onForgotten(track, track + 1);
        }
    }

    void onSkipped(int firstTrack, int endTrack, TrackKind kind) {
        if (isLone) {
            check.onTrusted(firstTrack, endTrack);
        } else {
            check.onSkipped(firstTrack, endTrack, kind);
        }
    }

    /** Takes a digest track. Returns false when it counts as not received. */
    boolean onDigestTrack(int digestTrack, ByteBuffer raw) {
        return check.onDigestTrack(digestTrack, raw);
    }

    /** Whether tracks wait for a digest track. */
    boolean isWanted(int digestTrack) {
        return check.isWanted(digestTrack);
    }

    /** Whether all is what the master sent. */
    public boolean isWhole() {
        return check.isWhole();
    }

    /** D, 32 bytes; null when not all is what the master sent, and when some digest track was not needed, as this slave was alone. */
    public byte[] root() {
        return check.isWhole() ? check.root() : null;
    }

    /** Whether the D that a master tells is none: it does not know it yet, or nobody needs it. */
    public static boolean isNoRoot(byte[] told) {
        return Arrays.equals(told, new byte[Hashing.DIGEST_BYTES]);
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
