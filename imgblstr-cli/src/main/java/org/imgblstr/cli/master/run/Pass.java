package org.imgblstr.cli.master.run;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.imgblstr.disk.pass.Awaited;
import org.imgblstr.disk.pass.FanOut;
import org.imgblstr.disk.pass.FeedCounts;
import org.imgblstr.disk.pass.StoppedException;
import org.imgblstr.disk.pass.Threads;
import org.imgblstr.disk.pass.TrackFeed;
import org.imgblstr.disk.track.TrackSink;

/**
 * The tracks of a source on their way into all sinks, on a thread of its own: it begins while slaves still join, so that there is something
 * to send at once when they have.
 */
final class Pass implements AutoCloseable {
    private final TrackFeed feed;
    private final FutureTask<FeedCounts> task;
    private final Thread thread;
    private volatile boolean isGivenUp;
    private volatile Throwable failure;

    private Pass(TrackFeed feed, List<TrackSink> sinks, BooleanSupplier isStopped, Consumer<Throwable> onFailure) {
        this.feed = feed;
        FanOut all = new FanOut(sinks);
        Callable<FeedCounts> pump = () -> {
            try {
                return feed.pump(all, () -> isGivenUp || isStopped.getAsBoolean());
            } catch (StoppedException e) {
                throw e;
            } catch (Exception | Error e) {
                failure = e;
                onFailure.accept(e);
                throw e;
            }
        };
        this.task = new FutureTask<>(pump);
        this.thread = new Thread(task, "pass");
    }

    /**
     * Begins.
     *
     * @param isStopped asked between tracks, by the thread of the pass: true ends it
     * @param onFailure told by that thread what ended it before the end of the tracks, unless it was stopped
     */
    static Pass start(TrackFeed feed, List<TrackSink> sinks, BooleanSupplier isStopped, Consumer<Throwable> onFailure) {
        Pass pass = new Pass(feed, sinks, isStopped, onFailure);
        pass.thread.setDaemon(true);
        pass.thread.start();
        return pass;
    }

    /** Used bytes given to the sinks so far; any thread. */
    long bytesDone() {
        return feed.bytesDone();
    }

    /** What the next track waits for at this moment; any thread. */
    Awaited awaited() {
        return feed.awaited();
    }

    /** What ended a run: {@code symptom}, unless its pass failed before and that is the cause. {@code begun} may be null. */
    static Exception causeOf(Throwable symptom, Pass begun) {
        Throwable cause = begun == null || begun.failure() == null ? symptom : begun.failure();
        return cause instanceof Exception e ? e : new IllegalStateException("the run failed: " + cause, cause);
    }

    /** Waits for the end. Throws what ended the pass before it. */
    FeedCounts await() throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new IllegalStateException("the pass failed: " + e.getCause(), e);
        }
    }

    /** What ended the pass before the end of the tracks; null when nothing has, or it was stopped. */
    Throwable failure() {
        return failure;
    }

    /** Stops after the track at hand, and waits for that. No sink may hold the pass back any more. */
    @Override
    public void close() {
        isGivenUp = true;
        Threads.join(thread);
    }
}
