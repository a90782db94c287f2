package org.imgblstr.protocol.slave.tracks;

import java.util.HashMap;
import java.util.Map;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;

/** What the tracks that are done hold: their digest, and what of them the master could not read. One thread. */
public final class Content {
    private final TrackSpace space;
    private final ContentDigest digest;
    private final UnreadableSectors unreadable;
    /** Tracks on their way to the disk some of whose sectors the master could not read. */
    private final Map<Integer, UnreadableMap> partial = new HashMap<>();

    public Content(TrackSpace space) {
        this.space = space;
        this.digest = new ContentDigest(space.trackCount());
        this.unreadable = new UnreadableSectors(space);
    }

    /** A track that is about to be written lacks something. */
    public void onPartial(int track, UnreadableMap map) {
        partial.put(track, map);
    }

    /** A track was of no use: it will come again. */
    public void onBad(int track) {
        partial.remove(track);
    }

    /** A track of these raw bytes is done. */
    public void onDone(int track, long checksum) {
        UnreadableMap map = partial.isEmpty() ? null : partial.remove(track);
        if (map == null) {
            digest.set(track, TrackKind.DATA, checksum);
        } else {
            digest.set(track, TrackKind.PARTIAL, map.leaf(checksum));
            unreadable.add(track, map);
        }
    }

    /** The disk held a track before. */
    public void onHeld(int track, TrackKind kind, long checksum) {
        digest.set(track, kind, checksum);
    }

    /** Skipped tracks are done. */
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        if (kind == TrackKind.UNREADABLE) {
            unreadable.addTracks(firstTrack, count);
        }
        digest.setRange(firstTrack, count, kind, space::rawBytes);
    }

    public UnreadableSectors unreadable() {
        return unreadable;
    }

    public byte[] digest() {
        return digest.digest();
    }
}
