package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.pass.SlotRing.Slot;
import org.imgblstr.disk.pass.SlotRing.Turn;
import org.junit.jupiter.api.Test;

/** Hardly a call here waits, so one thread plays nearly all parts. */
class SlotRingTest {
    private static final int GROUP = 4;

    private final SlotRing ring = new SlotRing(3 * GROUP, 4096, GROUP);
    private final Turn first = new Turn();
    private final Turn second = new Turn();
    private final Set<ByteBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());

    @Test
    void anEncoderHasAGroupAndGoesOnWithOneThatNobodyHasBegun() {
        read(0, 3 * GROUP);
        assertThat(encode(first)).isEqualTo(0);
        assertThat(encode(second)).isEqualTo(4);
        assertThat(encode(second)).isEqualTo(5);
        assertThat(encode(first)).isEqualTo(1);
        assertThat(encode(first)).isEqualTo(2);
        assertThat(encode(first)).isEqualTo(3);
        assertThat(ring.waiting()).isEqualTo(GROUP);
        assertThat(encode(first)).isEqualTo(8);
        assertThat(ring.waiting()).isZero();
        assertThat(encode(second)).isEqualTo(6);
    }

    @Test
    void whatTheNextTrackWaitsForIsTold() {
        assertThat(ring.awaited()).isEqualTo(Awaited.SOURCE);
        read(0, 2);
        assertThat(ring.awaited()).isEqualTo(Awaited.CODEC);
        encode(first);
        assertThat(ring.awaited()).as("encoded").isEqualTo(Awaited.TARGET);
        take();
        assertThat(ring.awaited()).as("the second was read").isEqualTo(Awaited.CODEC);
        encode(first);
        take();
        assertThat(ring.awaited()).isEqualTo(Awaited.SOURCE);
        skip(2, 1);
        assertThat(ring.awaited()).as("a skip needs no encoder").isEqualTo(Awaited.TARGET);
    }

    @Test
    void anEncoderThatWasLeftBehindFindsTheNextGroup() {
        for (int track = 0; track < 5 * GROUP; track++) {
            read(track, 1);
            assertThat(encode(first)).isEqualTo(track);
            assertThat(take()).isEqualTo(track);
        }
        read(20, 2 * GROUP);
        assertThat(encode(first)).isEqualTo(20);
        assertThat(encode(second)).isEqualTo(24);
    }

    @Test
    void whatNeedsNoEncoderIsDoneAtOnce() {
        skip(0, 6);
        read(6, 1);
        skip(7, 1);
        assertThat(take()).isZero();
        assertThat(encode(second)).isEqualTo(6);
        assertThat(take()).isEqualTo(6);
        assertThat(take()).isEqualTo(7);
    }

    @Test
    void onlyAsManyBuffersAreMadeAsTracksAreOnTheirWay() {
        for (int track = 0; track < 10 * GROUP; track++) {
            read(track, 1);
            encode(first);
            take();
        }
        assertThat(buffers).hasSize(2);
    }

    @Test
    void zerosThatWereReadTakeOneBufferHoweverManyAreOnTheirWay() {
        for (int track = 0; track < GROUP; track++) {
            Slot slot = ring.awaitFree(Integer.MAX_VALUE);
            slot.raw = ring.takeBuffer();
            buffers.add(slot.raw);
            slot.track = track;
            slot.count = 1;
            slot.kind = TrackKind.ZERO;
            ring.readDone();
        }
        assertThat(buffers).hasSize(1);
        assertThat(take()).isZero();
    }

    @Test
    void aReaderThatFoundTheRingFullGoesOnWhenAnEighthIsFree() throws InterruptedException {
        // given
        SlotRing large = new SlotRing(8 * GROUP, 4096, GROUP);
        for (int track = 0; track < 8 * GROUP; track++) {
            skip(large, track, 1);
        }
        // when
        AtomicReference<Slot> found = new AtomicReference<>();
        Thread reader = new Thread(() -> found.set(large.awaitFree(Integer.MAX_VALUE)));
        reader.start();
        for (int track = 0; track < GROUP; track++) {
            assertThat(large.awaitDone().track).isEqualTo(track);
            large.release();
        }
        reader.join();
        // then
        assertThat(found.get()).isNotNull();
    }

    @Test
    void aSequencerThatFoundNothingGoesOnWhenAllThatWasReadIsDone() throws InterruptedException {
        // given: it waits, with fewer tracks on their way than it is woken for otherwise
        AtomicReference<Slot> found = new AtomicReference<>();
        Thread sequencer = new Thread(() -> found.set(ring.awaitDone()));
        sequencer.start();
        read(0, 2);
        // when
        encode(first);
        encode(first);
        sequencer.join();
        // then
        assertThat(found.get().track).isZero();
    }

    @Test
    void aSequencerThatFoundNothingGoesOnWhenSomeAreDoneAndOthersAreNot() throws InterruptedException {
        AtomicReference<Slot> found = new AtomicReference<>();
        Thread sequencer = new Thread(() -> found.set(ring.awaitDone()));
        sequencer.start();
        while (sequencer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        read(0, 3 * GROUP);
        encode(first);
        assertThat(ring.awaited())
                .as("the first is done, and the sequencer sleeps")
                .isEqualTo(Awaited.CODEC);
        for (int track = 1; track < GROUP; track++) {
            encode(first);
        }
        sequencer.join();
        assertThat(found.get().track).isZero();
        assertThat(ring.awaited()).isEqualTo(Awaited.TARGET);
    }

    @Test
    void whoWaitsIsLetGoWhenThePassStops() throws InterruptedException {
        AtomicReference<Slot> found = new AtomicReference<>(new Slot());
        Thread encoder = new Thread(() -> found.set(ring.awaitRead(first)));
        encoder.start();
        ring.stop();
        encoder.join();
        assertThat(found.get()).isNull();
        assertThat(ring.awaitFree(Integer.MAX_VALUE)).isNull();
        assertThat(ring.awaitDone()).isNull();
    }

    private void read(int firstTrack, int count) {
        for (int track = firstTrack; track < firstTrack + count; track++) {
            Slot slot = ring.awaitFree(Integer.MAX_VALUE);
            slot.track = track;
            slot.count = 1;
            slot.kind = TrackKind.DATA;
            slot.raw = ring.takeBuffer();
            buffers.add(slot.raw);
            ring.readDone();
        }
    }

    private void skip(int track, int count) {
        skip(ring, track, count);
    }

    private static void skip(SlotRing ring, int track, int count) {
        Slot slot = ring.awaitFree(Integer.MAX_VALUE);
        slot.track = track;
        slot.count = count;
        slot.kind = TrackKind.UNUSED;
        ring.readDone();
    }

    private int encode(Turn turn) {
        Slot slot = ring.awaitRead(turn);
        slot.encoded = ring.takeBuffer();
        buffers.add(slot.encoded);
        ring.encodeDone(slot);
        return slot.track;
    }

    private int take() {
        int track = ring.awaitDone().track;
        ring.release();
        return track;
    }
}
