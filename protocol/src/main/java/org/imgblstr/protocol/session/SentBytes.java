package org.imgblstr.protocol.session;

import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.tracks.KindMap;

/**
 * How much of an image was sent, and how much of that a slave has, in used bytes: what is unused is skipped in no time, and would look like
 * data that came at many times the rate of the network. For one look, by the thread of the engine.
 */
final class SentBytes {
    private final SessionImage image;
    private final KindMap kinds;
    private final long sent;

    /** {@code image}: what is sent; {@code kinds}: of the tracks that the pass has reached. */
    SentBytes(SessionImage image, KindMap kinds) {
        this.image = image;
        this.kinds = kinds;
        this.sent = before(kinds.endTrack());
    }

    /** Used bytes of the pass that were sent. */
    long sent() {
        return sent;
    }

    /** Used bytes before a track. Tracks that are used in part count as a whole, so never more than there are. */
    long before(int track) {
        TrackSpace space = image.space();
        int end = Math.min(track, kinds.endTrack());
        long unused = (long) (end - kinds.usedBefore(end)) * space.geometry().trackBytes();
        return Math.min(image.usedBytes(), Math.max(0, space.rangeBytes(0, end) - unused));
    }

    /**
     * Used bytes that a slave has of those that were sent. It tells how many tracks it has, and not which: what it lacks is no more than all
     * tracks that it lacks, nor than what was sent behind the first one that it lacks.
     */
    long doneBy(SlaveEntry slave) {
        long lacking = (long) Math.max(0, kinds.endTrack() - slave.doneTracks())
                * image.space().geometry().trackBytes();
        return sent - Math.min(lacking, sent - before(slave.goodUpTo()));
    }
}
