package org.imgblstr.cli.master.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;

/**
 * Tracks on their way from a pass to the threads that write them; as many as there are jobs, then the pass waits. The first failure of a
 * writer ends everything.
 */
final class WriteQueue {
    /** One track, or a run of skipped ones. Touched by the thread that has it. */
    static final class Job {
        private final ByteBuffer memory;
        private int track;
        private int count;
        private TrackKind kind;

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

        /** The encoded track, between position and limit. */
        ByteBuffer encoded() {
            return memory;
        }
    }

    private final ArrayDeque<Job> free = new ArrayDeque<>();
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    private boolean isEnded;
    private boolean isStopped;
    private Throwable failure;

    WriteQueue(int jobs, int trackBytes) {
        for (int i = 0; i < jobs; i++) {
            free.add(new Job(EncodedTrack.maxBytes(trackBytes)));
        }
    }

    // ---- the pass

    /** Copies an encoded track; waits while all jobs are taken. */
    void put(int track, ByteBuffer encoded) throws IOException {
        Job job = awaitFree();
        job.memory.clear().put(encoded.duplicate()).flip();
        add(job, track, 1, TrackKind.DATA);
    }

    /** A run of skipped tracks. */
    void put(int firstTrack, int count, TrackKind kind) throws IOException {
        add(awaitFree(), firstTrack, count, kind);
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

    private synchronized Job awaitFree() throws IOException {
        if (!await(() -> !free.isEmpty())) {
            checkFailure();
            throw new StoppedException();
        }
        return free.removeFirst();
    }

    private synchronized void add(Job job, int firstTrack, int count, TrackKind kind) {
        job.track = firstTrack;
        job.count = count;
        job.kind = kind;
        waiting.addLast(job);
        notifyAll();
    }

    // ---- the writers

    /** The next job; null when none waits now. */
    synchronized Job poll() {
        return isStopped ? null : waiting.pollFirst();
    }

    /** The next job, when there is one; null when none will come. */
    synchronized Job await() {
        await(() -> !waiting.isEmpty() || isEnded);
        return poll();
    }

    synchronized void release(Job job) {
        free.addLast(job);
        notifyAll();
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
