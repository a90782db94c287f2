package org.imgblstr.disk.image;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackSink;

/** Fails when a track comes twice, or is left out. One thread. */
class TracksInOrder implements TrackSink {
    private int next;

    @Override
    public void data(int track, ByteBuffer encoded) {
        take(track, 1);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        take(firstTrack, count);
    }

    private void take(int track, int count) {
        if (track != next || count < 1) {
            throw new AssertionError("track " + track + " came instead of track " + next);
        }
        next += count;
    }

    @Override
    public void end(byte[] contentDigest) {}

    /** The first track that has not come. */
    final int next() {
        return next;
    }
}
