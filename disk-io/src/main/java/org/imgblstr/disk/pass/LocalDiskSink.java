package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.track.LastLook;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.TrackWriter;
import org.imgblstr.disk.track.Verification;

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

    /** Memory for these tracks. An image may have tracks of up to 16 MiB: then fewer wait, and fewer writers have buffers of that length. */
    private static final int WAITING_BYTES = MOST_WAITING * Geometry.DEFAULT_TRACK_BYTES;

    /** One that is written, and one that comes meanwhile. */
    private static final int LEAST_WAITING = 2;

    /** A track that reads back wrong so often is given up, as a slave does. */
    private static final int MAX_BAD = 3;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** What has become of the disk. */
    public enum State {
        /** Nothing was written. */
        UNTOUCHED,
        /** Something may have been written, and not all is: the disk is of no use. */
        IN_PART,
        /** All tracks are written, read back as far as was asked for, and synced. */
        WHOLE
    }

    /** Where a track is to be had once more, encoded alone. Asked by any writer. */
    public interface Rereader {
        /** Puts the track into {@code encoded} from its position on, and leaves that ready to read. */
        void reread(int track, ByteBuffer encoded) throws IOException;
    }

    private final TrackTarget target;
    private final LastLook look;
    private final Rereader rereader;
    private final BooleanSupplier isInterrupted;
    private final Map<Integer, Integer> badCounts = new ConcurrentHashMap<>();
    private final WriteQueue queue;
    private final List<Thread> writers = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile State state = State.UNTOUCHED;

    /**
     * @param target open for writing; the caller closes it
     * @param verification how much of what is written is read back
     * @param rereader asked for tracks that read back wrong
     * @param isInterrupted ends the last look early
     */
    public LocalDiskSink(
            TrackTarget target, Verification verification, Rereader rereader, BooleanSupplier isInterrupted) {
        this(
                target,
                verification,
                rereader,
                isInterrupted,
                Math.min(Runtime.getRuntime().availableProcessors(), MOST_WRITERS));
    }

    LocalDiskSink(
            TrackTarget target,
            Verification verification,
            Rereader rereader,
            BooleanSupplier isInterrupted,
            int count) {
        this.target = target;
        this.look = verification.readsBack() ? new LastLook(target.space(), verification, RANDOM.nextLong()) : null;
        this.rereader = rereader;
        this.isInterrupted = isInterrupted;
        int trackBytes = target.space().geometry().trackBytes();
        int waiting = WAITING_BYTES / trackBytes;
        this.queue = new WriteQueue(Math.max(LEAST_WAITING, Math.min(waiting, MOST_WAITING)), trackBytes);
        for (int i = 0; i < Math.max(1, Math.min(waiting, count)); i++) {
            // Made here, so that a codec that cannot be loaded fails before anybody waits for it.
            TrackWriter writer = new TrackWriter(target, look);
            Thread thread = new Thread(() -> writeAll(writer), "writer-" + i);
            thread.setDaemon(true);
            thread.start();
            writers.add(thread);
        }
    }

    /** Lets the writers touch the disk; what came before has waited. */
    public void begin() {
        state = State.IN_PART;
        released.countDown();
    }

    /** What has become of the disk so far, or at the end; any thread. */
    public State state() {
        return state;
    }

    /** Whether the next track waits for a writer. */
    boolean isFull() {
        return queue.isFull();
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        queue.put(track, encoded);
    }

    @Override
    public void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) throws IOException {
        queue.putRaw(track, raw, EncodedTrack.checksum(encoded));
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        queue.put(firstTrack, count, kind);
    }

    /**
     * Waits until all is written, read back, synced and looked at for the last time.
     *
     * @throws DeviceException when the disk failed, gave back something else, or is no longer what its name stands for
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
        if (look != null) {
            look.run(target, this::isStopped);
        }
        if (isStopped()) {
            throw new StoppedException();
        }
        target.checkInPlace();
        state = State.WHOLE;
    }

    private boolean isStopped() {
        return queue.isStopped() || isInterrupted.getAsBoolean();
    }

    @Override
    public void close() {
        queue.stop();
        released.countDown();
        writers.forEach(Threads::join);
    }

    private void writeAll(TrackWriter created) {
        WriteQueue.Turn turn = new WriteQueue.Turn();
        try (TrackWriter writer = created) {
            released.await();
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
            writeAgain(writer, verified);
        }
        return true;
    }

    private void writeAgain(TrackWriter writer, TrackWriter.Verified bad) throws IOException {
        int track = bad.track();
        if (badCounts.merge(track, 1, Integer::sum) >= MAX_BAD) {
            throw new DeviceException(
                    "track " + track + " was written " + MAX_BAD
                            + " times and reads back different from what was written: " + bad.difference()
                            + "; the disk is not to be trusted",
                    0,
                    null);
        }
        int trackBytes = target.space().geometry().trackBytes();
        ByteBuffer encoded = AlignedBuffers.allocate(EncodedTrack.maxBytes(trackBytes));
        rereader.reread(track, encoded);
        // One of its own: the writer may be in the middle of a chain.
        try (TrackDecoder alone = new TrackDecoder()) {
            write(writer, track, encoded, alone);
        }
    }

    private static void write(TrackWriter writer, WriteQueue.Job job) throws IOException {
        if (job.kind() != TrackKind.DATA) {
            writer.skip(job.track(), job.count(), job.kind());
        } else if (job.isRaw()) {
            writer.writeRaw(job.track(), job.bytes(), job.checksum());
        } else {
            write(writer, job.track(), job.bytes(), writer.decoder());
        }
    }

    private static void write(TrackWriter writer, int track, ByteBuffer encoded, TrackDecoder decoder)
            throws IOException {
        try {
            writer.write(track, encoded, decoder);
        } catch (MalformedTrackException e) {
            // Its hash was right: it was made so, or by something else than a master.
            throw new MalformedImageException("track " + track + " of the image", e.offset(), e.expected(), e.found());
        }
    }
}
