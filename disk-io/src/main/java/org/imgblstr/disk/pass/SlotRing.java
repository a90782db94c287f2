package org.imgblstr.disk.pass;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.AlignedBuffers;

/**
 * The tracks on their way through a pass, and who may touch which: slot n mod size belongs to item n, first to the reader, then to one encoder, then to
 * the sequencer, and is free again. So order is kept, memory is bounded, and a slow sequencer holds the reader back. Tracks of
 * one group go to one encoder, in order. Waits are woken by {@link #stop()} and never by an interrupt, which would close the disk's
 * channel under everybody.
 *
 * <p>Nobody is woken in vain. A reader that found the ring full sleeps until an eighth of it is free, or some slots, and a sequencer that found
 * nothing sleeps until some tracks are done: with thousands of tracks a second going to sleep and waking up costs more than reading.
 *
 * <p>Memory is taken where it is needed: one buffer for each track that was read, or was encoded, and a second one while it is encoded, if
 * it shrinks. What was used last is used again first, so buffers are made only when there are more tracks on their way than ever
 * before.
 */
final class SlotRing {
    private static final int NO_GROUP = -1;

    /** The reader is woken when this part of the slots is free, or so many. */
    private static final int WAKING_PART = 8;

    private static final int WAKING_SLOTS = 3;

    /** The sequencer is woken when so many tracks in a row are done, or all that were read. */
    private static final int WAKING_DONE = 4;

    private enum State {
        FREE,
        READ,
        ENCODING,
        DONE
    }

    /** One track, or a run of unused ones, on its way. Touched only by the thread whose turn it is. */
    static final class Slot {
        /** The track as it was read, behind room for a header. Null before the reader wants it, and once the track is encoded in its place. */
        ByteBuffer raw;
        /** Null before the track is encoded. */
        ByteBuffer encoded;

        /** SHA-256 of the raw bytes; null when it was not computed. */
        byte[] digest;

        int track;
        int count;
        long usedBytes;
        TrackKind kind;
        UnreadableMap unreadable = UnreadableMap.NONE;
        Throwable failure;
        private State state = State.FREE;

        private boolean isToEncode() {
            return failure == null && kind == TrackKind.DATA && encoded == null;
        }
    }

    /** What an encoder has to do: one group after the other. */
    static final class Turn {
        private int group = NO_GROUP;
        private long next;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isFree = lock.newCondition();
    private final Condition isRead = lock.newCondition();
    private final Condition isDone = lock.newCondition();
    private final Slot[] slots;
    private final int groupTracks;
    private final int bufferBytes;
    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
    private long read;
    private long taken;
    /** The last group that an encoder has begun; so it has all before, as groups are read in order. */
    private int begun = NO_GROUP;

    /** How many tracks the reader wants on their way at most. */
    private int limit;

    /** It sleeps until enough are done, and one that is done already may lie there meanwhile. */
    private boolean isSequencerAsleep;

    private boolean isStopped;

    /** {@code groupTracks}: tracks of an aligned group, which one encoder has; 1 when it does not matter which one. */
    SlotRing(int count, int trackBytes, int groupTracks) {
        this.slots = new Slot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new Slot();
        }
        this.groupTracks = groupTracks;
        this.bufferBytes = EncodedTrack.maxBytes(trackBytes);
        this.limit = count;
    }

    /** The reader's next slot, when {@code most} tracks at most are to be on their way; null once stopped. */
    Slot awaitFree(int most) {
        lock.lock();
        try {
            limit = Math.min(most, slots.length);
            boolean isGoingOn = freeSlots() > 0 ? !isStopped : await(isFree, this::areEnoughFree);
            return isGoingOn ? slot(read) : null;
        } finally {
            lock.unlock();
        }
    }

    private long freeSlots() {
        return limit - (read - taken);
    }

    private boolean areEnoughFree() {
        return freeSlots() >= Math.max(Math.min(WAKING_SLOTS, limit), limit / WAKING_PART);
    }

    /** Memory for a raw or an encoded track, which goes back when the slot is released. */
    ByteBuffer takeBuffer() {
        lock.lock();
        try {
            if (!spare.isEmpty()) {
                return spare.removeLast().clear();
            }
        } finally {
            lock.unlock();
        }
        return AlignedBuffers.allocate(bufferBytes, EncodedTrack.HEADER_BYTES);
    }

    /** The slot that {@link #awaitFree} gave is full. */
    void readDone() {
        lock.lock();
        try {
            Slot slot = slot(read);
            read++;
            if (slot.isToEncode()) {
                slot.state = State.READ;
                isRead.signalAll();
            } else {
                giveBackRaw(slot);
                becomeDone(slot);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next slot to encode, for one of the encoders; null once stopped. */
    Slot awaitRead(Turn turn) {
        lock.lock();
        try {
            if (!await(isRead, () -> isThereOneFor(turn))) {
                return null;
            }
            Slot slot = slot(turn.next++);
            slot.state = State.ENCODING;
            turn.group = groupOf(slot);
            begun = Math.max(begun, turn.group);
            return slot;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves a turn on to a slot of its group, or to one of a group that nobody has begun. There is one of another group only when all of its own
     * was read, and has been encoded, because tracks come in order.
     */
    private boolean isThereOneFor(Turn turn) {
        turn.next = Math.max(turn.next, taken);
        while (turn.next < read && !isFor(turn, slot(turn.next))) {
            turn.next++;
        }
        return turn.next < read;
    }

    private boolean isFor(Turn turn, Slot slot) {
        return slot.state == State.READ && (groupOf(slot) == turn.group || groupOf(slot) > begun);
    }

    void encodeDone(Slot slot) {
        lock.lock();
        try {
            giveBackRaw(slot);
            becomeDone(slot);
        } finally {
            lock.unlock();
        }
    }

    private void becomeDone(Slot slot) {
        slot.state = State.DONE;
        if (areEnoughDone()) {
            isDone.signal();
        }
    }

    /** True at the latest when nothing is left to encode; encoders never wait for the sequencer. */
    private boolean areEnoughDone() {
        long end = Math.min(read, taken + WAKING_DONE);
        long number = taken;
        while (number < end && slot(number).state == State.DONE) {
            number++;
        }
        return number == end && end > taken;
    }

    /** The sequencer's next slot; null once stopped. */
    Slot awaitDone() {
        lock.lock();
        try {
            isSequencerAsleep = slot(taken).state != State.DONE;
            boolean isGoingOn = isSequencerAsleep ? await(isDone, this::areEnoughDone) : !isStopped;
            isSequencerAsleep = false;
            return isGoingOn ? slot(taken) : null;
        } finally {
            lock.unlock();
        }
    }

    /** What the sequencer's next track waits for. */
    Awaited awaited() {
        lock.lock();
        try {
            if (taken == read) {
                return Awaited.SOURCE;
            }
            return slot(taken).state == State.DONE && !isSequencerAsleep ? Awaited.TARGET : Awaited.CODEC;
        } finally {
            lock.unlock();
        }
    }

    /** Tracks that wait for an encoder, and none has begun their group. */
    int waiting() {
        lock.lock();
        try {
            int count = 0;
            for (long number = read - 1; number >= taken; number--) {
                Slot slot = slot(number);
                count += slot.state == State.READ && groupOf(slot) > begun ? 1 : 0;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** The slot that {@link #awaitDone()} gave may be used again. */
    void release() {
        lock.lock();
        try {
            Slot slot = slot(taken);
            giveBack(slot.encoded);
            slot.encoded = null;
            slot.state = State.FREE;
            taken++;
            if (areEnoughFree()) {
                isFree.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits. */
    void stop() {
        lock.lock();
        try {
            isStopped = true;
            isFree.signalAll();
            isRead.signalAll();
            isDone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads it once the slot is done: zeros and tracks that cannot be read have no bytes of their own. */
    private void giveBackRaw(Slot slot) {
        giveBack(slot.raw);
        slot.raw = null;
    }

    private void giveBack(ByteBuffer buffer) {
        if (buffer != null) {
            spare.addLast(buffer);
        }
    }

    private int groupOf(Slot slot) {
        return slot.track / groupTracks;
    }

    private Slot slot(long number) {
        return slots[(int) (number % slots.length)];
    }

    /** False once stopped. Called with the lock held. */
    private boolean await(Condition place, BooleanSupplier isReady) {
        try {
            while (!isStopped && !isReady.getAsBoolean()) {
                place.await();
            }
        } catch (InterruptedException e) {
            // Threads of a pass are stopped by stop(); an interrupt from elsewhere ends the pass the same way.
            Thread.currentThread().interrupt();
            stop();
        }
        return !isStopped;
    }
}
