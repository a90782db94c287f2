package org.imgblstr.cli.master.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.TrackSink;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.TrackTarget;
import org.imgblstr.disk.device.TrackWriter;
import org.imgblstr.disk.image.MalformedImageException;

/**
 * Writes the tracks of a pass to a local disk and reads them back meanwhile, on threads of its own, so that neither the source nor the slaves
 * wait for the disk before {@link #MOST_WAITING} tracks do. Nothing is written before {@link #begin}. For one thread, {@link #begin} and {@link #close} for
 * any.
 */
public final class LocalDiskSink implements TrackSink, AutoCloseable {
    /** More writers than this keep no disk busier. */
    private static final int MOST_WRITERS = 4;

    /**
     * Tracks on their way to the disk: 20 MiB. Two writers have a group each, and a third one begins its own, while both sides are uneven; as
     * writers also read back, no disk is faster than three that decode.
     */
    private static final int MOST_WAITING = 2 * EncodedTrack.CHAIN_TRACKS + 16;

    private final TrackTarget target;
    private final WriteQueue queue;
    private final List<Thread> writers = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);

    /**
     * @param target open for writing; the caller closes it
     * @param verify whether what is written is read back
     */
    public LocalDiskSink(TrackTarget target, boolean verify) {
        this(target, verify, Math.min(Runtime.getRuntime().availableProcessors(), MOST_WRITERS));
    }

    LocalDiskSink(TrackTarget target, boolean verify, int count) {
        this.target = target;
        this.queue = new WriteQueue(MOST_WAITING, target.space().geometry().trackBytes());
        for (int i = 0; i < count; i++) {
            // Made here, so that a codec that cannot be loaded fails before anybody waits for it.
            TrackWriter writer = new TrackWriter(target, verify);
            Thread thread = new Thread(() -> writeAll(writer), "writer-" + i);
            thread.setDaemon(true);
            thread.start();
            writers.add(thread);
        }
    }

    /** Lets the writers touch the disk; what came before has waited. */
    public void begin() {
        begun.countDown();
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        queue.put(track, encoded);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        queue.put(firstTrack, count, kind);
    }

    /**
     * Waits until all is written, read back and synced.
     *
     * @throws DeviceException when the disk failed, or gave back something else; the message names the track
     */
    @Override
    public void end(byte[] contentDigest) throws IOException {
        queue.end();
        writers.forEach(Threads::join);
        queue.checkFailure();
        if (queue.isStopped()) {
            throw new StoppedException();
        }
        target.sync();
    }

    @Override
    public void close() {
        queue.stop();
        begin();
        writers.forEach(Threads::join);
    }

    private void writeAll(TrackWriter created) {
        WriteQueue.Turn turn = new WriteQueue.Turn();
        try (TrackWriter writer = created) {
            begun.await();
            while (!queue.isStopped() && step(writer, turn)) {
                // One track a turn.
            }
        } catch (InterruptedException e) {
            // As in SlotRing: an interrupt comes from elsewhere and ends the pass.
            queue.stop();
        } catch (IOException | RuntimeException | Error e) {
            queue.fail(e);
        }
    }

    /** Writes or reads back one track; false when there is nothing left to do. */
    private boolean step(TrackWriter writer, WriteQueue.Turn turn) throws IOException {
        if (!writer.isVerifyDue()) {
            WriteQueue.Job job = writer.hasUnverified() ? queue.poll(turn) : queue.await(turn);
            if (job != null) {
                write(writer, job);
                queue.release(job);
                return true;
            }
        }
        if (!writer.hasUnverified()) {
            return false;
        }
        TrackWriter.Verified verified = writer.verifyOldest();
        if (!verified.isGood()) {
            throw new DeviceException(
                    "track " + verified.track() + " reads back different from what was written: "
                            + verified.difference() + "; the disk is not to be trusted",
                    0,
                    null);
        }
        return true;
    }

    private static void write(TrackWriter writer, WriteQueue.Job job) throws IOException {
        if (job.kind() != TrackKind.DATA) {
            writer.skip(job.track(), job.count(), job.kind());
            return;
        }
        try {
            writer.write(job.track(), job.encoded());
        } catch (MalformedTrackException e) {
            // Its hash was right: it was made so, or by something else than a master.
            throw new MalformedImageException(
                    "track " + job.track() + " of the image", e.offset(), e.expected(), e.found());
        }
    }
}
