package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;

/**
 * Tracks on their way from a pass to the threads that write them; as many as there are jobs, then the pass waits. All links of a chain go to one
 * writer, in order. The first failure of a writer ends everything.
 */
final class WriteQueue {
    private static final int NO_CHAIN = -1;

    /** A pass that found all jobs taken is woken only when this part of them is free, because each wake-up costs more than one copy. */
    private static final int WAKING_PART = 8;

    /** One track, or a run of skipped ones. Touched by the thread that has it. */
    static final class Job {
        private final ByteBuffer memory;
        private int track;
        private int count;
        private TrackKind kind;
        private int chain;
        private boolean isRaw;
        private long checksum;

        private Job(int bytes) {
            memory = AlignedBuffers.allocate(bytes);
        }

        int track() {
            return track;
        }

        /** Tracks: 1 unless they are skipped. */
        int count() {
            return count;
        }

        TrackKind kind() {
            return kind;
        }

        /** Whether the track was decoded before it came here. */
        boolean isRaw() {
            return isRaw;
        }

        /** {@link TrackChecksum} of raw bytes. */
        long checksum() {
            return checksum;
        }

        /** The encoded track or its raw bytes, between position and limit. */
        ByteBuffer bytes() {
            return memory;
        }
    }

    /** What a writer has to do: one chain after the other, and whatever is part of none. */
    static final class Turn {
        private int chain = NO_CHAIN;
    }

    private final int bufferBytes;
    private final int wakingJobs;
    /** Jobs that may still be made. */
    private int unmade;

    private final ArrayDeque<Job> free = new ArrayDeque<>();
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    /** The last chain that a writer has begun; so it has all before, as tracks come in order. */
    private int begun = NO_CHAIN;

    private boolean isEnded;
    private boolean isStopped;
    private Throwable failure;

    WriteQueue(int jobs, int trackBytes) {
        this.unmade = jobs;
        this.wakingJobs = Math.max(1, jobs / WAKING_PART);
        this.bufferBytes = EncodedTrack.maxBytes(trackBytes);
    }

    // ---- the pass

    /** Copies an encoded track; waits while all jobs are taken. */
    void put(int track, ByteBuffer encoded) throws IOException {
        Job job = awaitFree();
        job.memory.clear().put(encoded.duplicate()).flip();
        job.chain = EncodedTrack.isLink(encoded) ? EncodedTrack.chainStart(encoded) : NO_CHAIN;
        job.isRaw = false;
        add(job, track, 1, TrackKind.DATA);
    }

    /** As {@link #put(int, ByteBuffer)}, of raw bytes, which any writer may take. {@code checksum}: {@link TrackChecksum} of them. */
    void putRaw(int track, ByteBuffer raw, long checksum) throws IOException {
        Job job = awaitFree();
        job.memory.clear().put(raw.duplicate()).flip();
        job.chain = NO_CHAIN;
        job.isRaw = true;
        job.checksum = checksum;
        add(job, track, 1, TrackKind.DATA);
    }

    /** A run of skipped tracks. */
    void put(int firstTrack, int count, TrackKind kind) throws IOException {
        Job job = awaitFree();
        job.chain = NO_CHAIN;
        add(job, firstTrack, count, kind);
    }

    /** Whether the next {@code put} waits for a writer. */
    synchronized boolean isFull() {
        return free.isEmpty() && unmade == 0;
    }

    /** Nothing more comes. */
    synchronized void end() {
        isEnded = true;
        notifyAll();
    }

    /** Throws what a writer failed with. */
    synchronized void checkFailure() throws IOException {
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure != null) {
            throw new IllegalStateException("a thread of the pipeline failed: " + failure, failure);
        }
    }

    /** The job that was used last, or a new one when more are on their way than ever before: a fast disk needs few. */
    private synchronized Job awaitFree() throws IOException {
        boolean hasRoom = !isFull();
        if (!await(() -> hasRoom || free.size() >= wakingJobs)) {
            checkFailure();
            throw new StoppedException();
        }
        if (free.isEmpty()) {
            unmade--;
            return new Job(bufferBytes);
        }
        return free.removeLast();
    }

    private synchronized void add(Job job, int firstTrack, int count, TrackKind kind) {
        job.track = firstTrack;
        job.count = count;
        job.kind = kind;
        waiting.addLast(job);
        notifyAll();
    }

    // ---- the writers

    /** The next job for a writer; null when none waits now. */
    synchronized Job poll(Turn turn) {
        Job job = isStopped ? null : nextFor(turn);
        if (job != null) {
            waiting.remove(job);
            if (job.chain != NO_CHAIN) {
                turn.chain = job.chain;
                begun = Math.max(begun, job.chain);
            }
        }
        return job;
    }

    /** The next job for a writer, when there is one; null when none will come. */
    synchronized Job await(Turn turn) {
        await(() -> nextFor(turn) != null || isEnded);
        return poll(turn);
    }

    /**
     * The first that is not part of a chain of another writer. It is of a chain that nobody has begun only when all of the writer's own has been
     * taken.
     */
    private Job nextFor(Turn turn) {
        for (Job job : waiting) {
            if (job.chain == NO_CHAIN || job.chain == turn.chain || job.chain > begun) {
                return job;
            }
        }
        return null;
    }

    synchronized void release(Job job) {
        free.addLast(job);
        if (free.size() >= wakingJobs) {
            notifyAll();
        }
    }

    synchronized void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        stop();
    }

    // ---- both

    /** Lets go of whoever waits; what is queued is not done any more. */
    synchronized void stop() {
        isStopped = true;
        notifyAll();
    }

    synchronized boolean isStopped() {
        return isStopped;
    }

    /** False once stopped. */
    private synchronized boolean await(BooleanSupplier isReady) {
        try {
            while (!isStopped && !isReady.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            // As in SlotRing: an interrupt comes from elsewhere and ends the pass.
            Thread.currentThread().interrupt();
            stop();
        }
        return !isStopped;
    }
}
