package org.imgblstr.disk.pass;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.imgblstr.disk.track.TrackSink;

/** Gives the tracks of one pass to a sink, in order, each once, and tells it the end. */
public interface TrackFeed {
    /**
     * Runs the pass on the caller's thread.
     *
     * @param sink called by the caller's thread only
     * @param isStopped asked between tracks: true ends the pass with a {@link StoppedException}
     * @return what went through
     */
    FeedCounts pump(TrackSink sink, BooleanSupplier isStopped) throws IOException;

    /** Used bytes given to the sink so far; any thread. */
    long bytesDone();

    /** What the next track waits for at this moment; any thread. */
    Awaited awaited();
}
