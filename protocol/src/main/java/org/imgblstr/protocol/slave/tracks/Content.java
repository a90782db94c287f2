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
    /** Tracks that wait to be written, each with the sectors that the master could not read. */
    private final Map<Integer, UnreadableMap> partial = new HashMap<>();

    public Content(TrackSpace space) {
        this.space = space;
        this.digest = new ContentDigest(space.trackCount());
        this.unreadable = new UnreadableSectors(space);
    }

    /** Notes which sectors of a track the master could not read; the track is about to be written. */
    public void onPartial(int track, UnreadableMap map) {
        partial.put(track, map);
    }

    /** A track did not decode, or reads back wrong: the slave asks for that track again. */
    public void onBad(int track) {
        partial.remove(track);
    }

    /** A track with data is done. {@code checksum}: of its raw bytes. */
    public void onDone(int track, long checksum) {
        UnreadableMap map = partial.isEmpty() ? null : partial.remove(track);
        if (map == null) {
            digest.set(track, TrackKind.DATA, checksum);
        } else {
            digest.set(track, TrackKind.PARTIAL, map.leaf(checksum));
            unreadable.add(track, map);
        }
    }

    /** The disk held the right bytes of a track before the session, so the track need not be written. */
    public void onHeld(int track, TrackKind kind, long checksum) {
        digest.set(track, kind, checksum);
    }

    /** Tracks without data (zero, unused or unreadable) are done. */
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
