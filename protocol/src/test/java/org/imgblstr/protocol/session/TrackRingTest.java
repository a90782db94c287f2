package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.manifest.TrackDigester;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.junit.jupiter.api.Test;

class TrackRingTest {
    private static final int LONGEST = 100;

    private final List<Integer> requested = new ArrayList<>();
    private final AtomicInteger news = new AtomicInteger();
    private final TrackRing ring = new TrackRing(
            2200,
            ByteBuffer::allocateDirect,
            LONGEST,
            news::incrementAndGet,
            (track, isForDigest) -> requested.add(track));

    private static ByteBuffer track(int number, int bytes) {
        ByteBuffer track = ByteBuffer.allocate(bytes);
        while (track.hasRemaining()) {
            track.put((byte) number);
        }
        return track.flip();
    }

    private static void assertHolds(TrackRing ring, int number, int bytes) {
        assertThat(ring.held(number)).isEqualTo(track(number, bytes));
    }

    @Test
    void givesItemsInOrderAndHoldsWhatWasSent() throws Exception {
        ring.append(0, track(0, 100), null);
        ring.append(new TrackSupply.Skip(1, 5, TrackKind.ZERO));
        ring.append(6, track(6, 50), null);

        assertThat(ring.next()).isEqualTo(new TrackSupply.Data(0));
        assertHolds(ring, 0, 100);
        ring.advance();
        assertThat(ring.next()).isEqualTo(new TrackSupply.Skip(1, 5, TrackKind.ZERO));
        ring.advance();
        assertThat(ring.next()).isEqualTo(new TrackSupply.Data(6));
        ring.advance();
        assertThat(ring.next()).isNull();
        assertHolds(ring, 0, 100);
        assertHolds(ring, 6, 50);
    }

    @Test
    void theLastTracksAreAlwaysHeld() throws Exception {
        int guaranteed = ring.guaranteedTracks(LONGEST);
        assertThat(guaranteed).isEqualTo(15);
        for (int number = 0; number < 60; number++) {
            ring.append(number, track(number, LONGEST), null);
            ring.advance();
            for (int behind = 0; behind < guaranteed && behind <= number; behind++) {
                assertHolds(ring, number - behind, LONGEST);
            }
        }
        assertThat(ring.held(0)).isNull();
    }

    @Test
    void aTrackThatDidNotShrinkComesWithItsMemoryAndIsNotTouchedWhileItIsHeld() throws Exception {
        // given: whole tracks and half ones
        ByteBuffer whole = track(0, LONGEST);
        ByteBuffer half =
                ByteBuffer.allocate(LONGEST).put(track(1, LONGEST / 2)).flip();
        // then
        assertThat(ring.exchange(0, whole, null)).isNull();
        assertThat(ring.exchange(1, half, null)).isSameAs(half);
        half.clear().put(new byte[LONGEST]);
        assertHolds(ring, 0, LONGEST);
        assertHolds(ring, 1, LONGEST / 2);
        // when: all have it
        ring.advance();
        ring.forget(1);
        // then: its memory is given for the next one
        assertThat(ring.held(0)).isNull();
        assertHolds(ring, 1, LONGEST / 2);
        assertThat(ring.exchange(2, track(2, LONGEST), null)).isSameAs(whole);
        assertHolds(ring, 2, LONGEST);
    }

    @Test
    void aTrackThatShrankALittleIsCopiedToo() throws Exception {
        ByteBuffer shrunk =
                ByteBuffer.allocate(LONGEST).put(track(0, LONGEST * 3 / 4)).flip();
        assertThat(ring.exchange(0, shrunk, null)).isSameAs(shrunk);
        shrunk.clear().put(new byte[LONGEST]);
        assertHolds(ring, 0, LONGEST * 3 / 4);
    }

    @Test
    void whatWasNotSentIsNotForgotten() throws Exception {
        ring.append(0, track(0, LONGEST), null);
        ring.append(1, track(1, LONGEST), null);
        ring.forget(2);
        assertHolds(ring, 0, LONGEST);
        ring.advance();
        assertHolds(ring, 0, LONGEST);
        ring.forget(2);
        assertThat(ring.held(0)).isNull();
        assertHolds(ring, 1, LONGEST);
    }

    @Test
    void memoryThatTracksCameWithIsUsedAgainAndHoldsTheLastOnes() throws Exception {
        // given: a pipeline that fills what it is given, and never waits by itself
        TrackRing large = new TrackRing(
                80 * LONGEST,
                ByteBuffer::allocateDirect,
                LONGEST,
                () -> {},
                (track, isForDigest) -> requested.add(track));
        int count = 3000;
        Set<ByteBuffer> memory = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        FutureTask<Boolean> pipeline = new FutureTask<>(() -> {
            SplittableRandom random = new SplittableRandom(4);
            ByteBuffer next = null;
            for (int number = 0; number < count; number++) {
                ByteBuffer buffer = next == null ? ByteBuffer.allocate(LONGEST) : next.clear();
                memory.add(buffer);
                int bytes = random.nextInt(3) == 0 ? 20 : LONGEST;
                buffer.put(track(number, bytes)).flip();
                next = large.exchange(number, buffer, null);
            }
            return true;
        });
        new Thread(pipeline).start();
        // when, then
        SplittableRandom random = new SplittableRandom(4);
        int[] bytes = new int[count];
        for (int number = 0; number < count; ) {
            if (large.next() != null) {
                bytes[number] = random.nextInt(3) == 0 ? 20 : LONGEST;
                for (int behind = 0; behind < large.guaranteedTracks(LONGEST) && behind <= number; behind++) {
                    assertHolds(large, number - behind, bytes[number - behind]);
                }
                large.advance();
                number++;
            }
        }
        assertThat(pipeline.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(memory).hasSizeLessThan(90);
    }

    @Test
    void aClosedRingTakesNoMemory() throws Exception {
        ring.close();
        ByteBuffer whole = track(0, LONGEST);
        assertThat(ring.exchange(0, whole, null)).isSameAs(whole);
        assertThat(ring.held(0)).isNull();
    }

    /** These bytes are no encoded track: they cannot be decoded for a digest. */
    @Test
    void aTrackWhoseDigestIsKnownIsNotDecodedForIt() throws Exception {
        byte[] known = new byte[32];
        known[5] = 7;
        try (TrackDigester digester = new TrackDigester()) {
            ring.hashing(digester, null, () -> true);
            ring.append(0, track(0, 50), known);
            assertThat(ring.digest(0)).isEqualTo(known);
            assertHolds(ring, 0, 50);
            assertThatThrownBy(() -> ring.append(1, track(1, 50), null)).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void aStarvedEngineIsToldOnce() throws Exception {
        assertThat(ring.next()).isNull();
        ring.append(0, track(0, 10), null);
        ring.append(1, track(1, 10), null);
        assertThat(news).hasValue(1);
    }

    @Test
    void aTrackThatIsAskedForTwiceIsReadOnce() throws Exception {
        ring.request(9);
        ring.request(9);
        assertThat(requested).containsExactly(9);
        ring.appendRepair(9, track(9, 30));
        assertHolds(ring, 9, 30);
        assertThat(ring.next()).isNull();
        ring.release(9);
        ring.request(9);
        assertThat(requested).containsExactly(9, 9);
    }

    @Test
    void aFullRingHoldsThePipelineBackAndNothingIsOverwritten() throws Exception {
        // given: a pipeline that never waits by itself
        int count = 3000;
        SplittableRandom random = new SplittableRandom(4);
        int[] bytes = random.ints(count, 1, LONGEST + 1).toArray();
        CountDownLatch appended = new CountDownLatch(1);
        Thread pipeline = new Thread(() -> {
            try {
                for (int number = 0; number < count; number++) {
                    ring.append(number, track(number, bytes[number]), null);
                }
                appended.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        pipeline.start();
        // when, then
        for (int number = 0; number < count; ) {
            if (ring.next() != null) {
                assertHolds(ring, number, bytes[number]);
                ring.advance();
                number++;
            }
        }
        assertThat(appended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClosedRingLetsThePipelineGo() throws Exception {
        for (int number = 0; number < 4; number++) {
            ring.append(number, track(number, LONGEST), null);
        }
        CountDownLatch refused = new CountDownLatch(1);
        Thread pipeline = new Thread(() -> {
            try {
                if (!ring.append(4, track(4, LONGEST), null)) {
                    refused.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        pipeline.start();
        ring.close();
        assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
