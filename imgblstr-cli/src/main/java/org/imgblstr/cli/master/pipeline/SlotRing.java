package org.imgblstr.cli.master.pipeline;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;

/**
 * The buffers of a pass, and who may touch which: slot n mod size belongs to item n, first to the reader, then to one encoder, then to
 * the sequencer, and is free again. So order is kept, memory is bounded, and a slow sequencer holds the reader back. Waits are woken by
 * {@link #stop()} and never by an interrupt, which would close the disk's channel under everybody.
 */
final class SlotRing {
    private enum State {
        FREE,
        READ,
        ENCODING,
        DONE
    }

    /** One track, or a run of unused ones, on its way. Touched only by the thread whose turn it is. */
    static final class Slot {
        final ByteBuffer raw;
        final ByteBuffer encoded;
        int track;
        int count;
        long usedBytes;
        TrackKind kind;
        Throwable failure;
        private State state = State.FREE;

        Slot(int trackBytes) {
            raw = AlignedBuffers.allocate(trackBytes);
            encoded = AlignedBuffers.allocate(EncodedTrack.maxBytes(trackBytes));
        }
    }

    private final Slot[] slots;
    private long read;
    private long encoding;
    private long taken;
    private boolean isStopped;

    SlotRing(int count, int trackBytes) {
        slots = new Slot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new Slot(trackBytes);
        }
    }

    /** The reader's next slot; null once stopped. */
    synchronized Slot awaitFree() {
        return await(() -> slot(read).state == State.FREE) ? slot(read) : null;
    }

    /** The slot that {@link #awaitFree()} gave is full. */
    synchronized void readDone() {
        slot(read).state = State.READ;
        read++;
        notifyAll();
    }

    /** The next slot to encode, for one of the encoders; null once stopped. */
    synchronized Slot awaitRead() {
        // Other encoders move on while this one waits, so the number is looked at again each time.
        if (!await(() -> slot(encoding).state == State.READ)) {
            return null;
        }
        Slot slot = slot(encoding);
        slot.state = State.ENCODING;
        encoding++;
        return slot;
    }

    synchronized void encodeDone(Slot slot) {
        slot.state = State.DONE;
        notifyAll();
    }

    /** The sequencer's next slot; null once stopped. */
    synchronized Slot awaitDone() {
        return await(() -> slot(taken).state == State.DONE) ? slot(taken) : null;
    }

    /** Part of the slots that wait for an encoder. */
    synchronized double unencodedShare() {
        int count = 0;
        for (Slot slot : slots) {
            count += slot.state == State.READ ? 1 : 0;
        }
        return (double) count / slots.length;
    }

    /** The slot that {@link #awaitDone()} gave may be used again. */
    synchronized void release() {
        slot(taken).state = State.FREE;
        taken++;
        notifyAll();
    }

    /** Ends all waits. */
    synchronized void stop() {
        isStopped = true;
        notifyAll();
    }

    private Slot slot(long number) {
        return slots[(int) (number % slots.length)];
    }

    /** False once stopped. Called with the lock held. */
    private synchronized boolean await(BooleanSupplier isReady) {
        try {
            while (!isStopped && !isReady.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            // Threads of a pass are stopped by stop(); an interrupt from elsewhere ends the pass the same way.
            Thread.currentThread().interrupt();
            stop();
        }
        return !isStopped;
    }
}
