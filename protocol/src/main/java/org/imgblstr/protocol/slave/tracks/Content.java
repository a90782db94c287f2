package org.imgblstr.protocol.slave.tracks;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
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

    /** Tracks with unreadable sectors that the manifest has not judged; null when the master could read nothing of one. */
    private final TreeMap<Integer, UnreadableMap> unjudged = new TreeMap<>();

    private final boolean isJudged;

    /** {@code isJudged}: what a track lacks counts only once the manifest has said so. */
    public Content(TrackSpace space, boolean isJudged) {
        this.space = space;
        this.isJudged = isJudged;
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
            if (isJudged) {
                unjudged.put(track, map);
            } else {
                unreadable.add(track, map);
            }
        }
    }

    /** The master has sent these tracks so. */
    public void onRight(int firstTrack, int endTrack) {
        NavigableMap<Integer, UnreadableMap> found = unjudged.subMap(firstTrack, true, endTrack, false);
        found.forEach((track, map) -> {
            if (map == null) {
                unreadable.addTracks(track, 1);
            } else {
                unreadable.add(track, map);
            }
        });
        found.clear();
    }

    /** The master has sent something else. */
    public void onRefused(int track) {
        unjudged.remove(track);
    }

    /** The disk held the right bytes of a track before the session, so the track need not be written. */
    public void onHeld(int track, TrackKind kind, long checksum) {
        digest.set(track, kind, checksum);
    }

    /** Tracks without data (zero, unused or unreadable) are done. */
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        if (kind == TrackKind.UNREADABLE) {
            if (isJudged) {
                for (int track = firstTrack; track < firstTrack + count; track++) {
                    unjudged.put(track, null);
                }
            } else {
                unreadable.addTracks(firstTrack, count);
            }
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
