package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.pass.DiskFeed.BadSectors;
import org.imgblstr.disk.pass.DiskFeed.Encoding;
import org.imgblstr.disk.use.TrackUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracks of a group are links of one chain, whoever encodes them. */
class DiskFeedChainTest {
    private static final int TRACKS = 1001;
    private static final int GROUP = EncodedTrack.CHAIN_TRACKS;
    private static final CodecChoice ZSTD = CodecChoice.parse("zstd:3");
    private static final Encoding CHAINS = Encoding.of(ZSTD);

    @ParameterizedTest(name = "{0} encoders")
    @ValueSource(ints = {1, 2, 7})
    void everyTrackIsWhatOneEncoderMakesOfIt(int encoders) throws IOException {
        // given
        FakeSource source = FakeSource.shrinking(TRACKS, 7);
        KeepingSink sink = new KeepingSink(source);
        // when
        FeedCounts counts = feed(source, CHAINS, encoders).pump(sink, () -> false);
        // then
        assertThat(sink.content).isEqualTo(source.content());
        assertThat(counts.zeroTracks()).isEqualTo(200);
        int links = 0;
        try (TrackEncoder encoder = TrackEncoder.ofChains(ZSTD)) {
            ByteBuffer expected = buffer();
            for (int track = 0; track < TRACKS; track++) {
                if (encoder.encode(track, ByteBuffer.wrap(source.track(track)), expected.clear()) == TrackKind.DATA) {
                    assertThat(sink.tracks[track]).as("track %d", track).isEqualTo(expected);
                    assertThat(EncodedTrack.isLink(expected)).isNotEqualTo(FakeSource.isRandom(track));
                    links += EncodedTrack.isLink(expected) && EncodedTrack.link(expected) > 0 ? 1 : 0;
                }
            }
        }
        assertThat(links).isGreaterThan(TRACKS / 2);
    }

    @ParameterizedTest(name = "{0} encoders")
    @ValueSource(ints = {1, 2, 7})
    void freeTracksAcrossGroupsLeaveTheChainsAsTheyAre(int encoders) throws IOException {
        // given: tracks 20 to 169 and 180 are free
        FakeSource source = FakeSource.shrinking(400, 7);
        long trackBytes = FakeSource.TRACK_BYTES;
        var used = new UsedMapBuilder(source.space().totalBytes())
                .use(0, source.space().totalBytes())
                .free(20 * trackBytes, 150 * trackBytes)
                .free(180 * trackBytes, trackBytes)
                .build();
        KeepingSink sink = new KeepingSink(source);
        // when
        new DiskFeed(source, new TrackUse(source.space(), used), CHAINS, BadSectors.SKIP, encoders)
                .pump(sink, () -> false);
        // then: what follows is a chain of its own where a group begins, and goes on where one is left and come back to
        assertThat(sink.calls).contains("UNUSED 20+150", "UNUSED 180+1");
        assertThat(EncodedTrack.chainStart(sink.tracks[16])).isZero();
        assertThat(EncodedTrack.chainStart(sink.tracks[170])).isEqualTo(170);
        assertThat(EncodedTrack.chainStart(sink.tracks[181])).isEqualTo(170);
        assertThat(EncodedTrack.chainStart(sink.tracks[194])).isEqualTo(194);
        for (int track = 170; track < 400; track++) {
            if (track != 180) {
                int at = track * FakeSource.TRACK_BYTES;
                assertThat(ByteBuffer.wrap(sink.content, at, source.space().rawBytes(track)))
                        .isEqualTo(ByteBuffer.wrap(source.track(track)));
            }
        }
    }

    @ParameterizedTest(name = "{0} encoders")
    @ValueSource(ints = {1, 2, 7})
    void theReaderTakesRunsOfTracksThatStayRawAndGivesTheSameBytes(int encoders) throws IOException {
        // given: a hundred tracks that stay raw, a hundred that shrink, and so on
        FakeSource source = new FakeSource(TRACKS, 7);
        source.makeShrink(track -> track / 100 % 2 == 1);
        KeepingSink sink = new KeepingSink(source);
        // when
        feed(source, CHAINS, encoders).pump(sink, () -> false);
        // then
        try (TrackEncoder encoder = TrackEncoder.ofChains(ZSTD)) {
            ByteBuffer expected = buffer();
            for (int track = 0; track < TRACKS; track++) {
                if (encoder.encode(track, ByteBuffer.wrap(source.track(track)), expected.clear()) == TrackKind.DATA) {
                    assertThat(sink.tracks[track]).as("track %d", track).isEqualTo(expected);
                }
            }
        }
        assertThat(sink.content).isEqualTo(source.content());
    }

    @Test
    void eachGroupHasTheLevelThatItWasReadFor() throws IOException {
        // given
        FakeSource source = FakeSource.shrinking(TRACKS, 7);
        LevelMap levels = new LevelMap(TRACKS);
        int[] choices = {-4, 1, 3, 6, 9};
        for (int group = 0; group * GROUP < TRACKS; group++) {
            levels.setIfNew(group * GROUP + 7, choices[group % choices.length]);
            levels.setIfNew(group * GROUP, 2);
        }
        KeepingSink sink = new KeepingSink(source);
        // when
        new DiskFeed(
                        source,
                        TrackUse.everything(source.space()),
                        new Encoding(CodecChoice.DEFAULT, false, false, () -> 1),
                        levels,
                        BadSectors.SKIP,
                        3)
                .pump(sink, () -> false);
        // then
        try (TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT)) {
            ByteBuffer expected = buffer();
            for (int track = 0; track < TRACKS; track++) {
                encoder.level(choices[track / GROUP % choices.length]);
                if (encoder.encode(track, ByteBuffer.wrap(source.track(track)), expected.clear()) == TrackKind.DATA) {
                    assertThat(sink.tracks[track]).as("track %d", track).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aLevelBelongsToAGroup() {
        LevelMap levels = new LevelMap(2 * GROUP + 1);
        levels.setIfNew(GROUP + 3, 9);
        levels.setIfNew(2 * GROUP - 1, 5);
        assertThat(levels.of(GROUP - 1)).isEqualTo(CodecChoice.HOME_LEVEL);
        assertThat(levels.of(GROUP)).isEqualTo(9);
        assertThat(levels.of(2 * GROUP - 1)).isEqualTo(9);
        assertThat(levels.of(2 * GROUP)).isEqualTo(CodecChoice.HOME_LEVEL);
    }

    @Test
    void aTrackGoesOutWhileItsGroupIsStillRead() throws IOException {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger waitedInVain = new AtomicInteger();
        FakeSource source = new FakeSource(100, 3) {
            @Override
            public UnreadableMap read(int track, ByteBuffer into) throws DeviceException {
                if (track == 3) {
                    waitedInVain.addAndGet(await(first) ? 0 : 1);
                }
                return super.read(track, into);
            }
        };
        source.makeShrink();
        KeepingSink sink = new KeepingSink(source) {
            @Override
            public void data(int track, ByteBuffer encoded) throws IOException {
                super.data(track, encoded);
                first.countDown();
            }
        };
        feed(source, CHAINS, 2).pump(sink, () -> false);
        assertThat(waitedInVain).hasValue(0);
        assertThat(sink.content).isEqualTo(source.content());
    }

    @Test
    void aSlowSinkHoldsTheReaderBackAfterAGroupForEachEncoderAndOneMore() throws IOException {
        // given
        int slots = (2 + 1) * GROUP;
        AtomicInteger finished = new AtomicInteger();
        AtomicInteger furthest = new AtomicInteger();
        CountDownLatch fullRing = new CountDownLatch(slots);
        FakeSource source = new FakeSource(500, 3) {
            @Override
            public UnreadableMap read(int track, ByteBuffer into) throws DeviceException {
                furthest.accumulateAndGet(track - finished.get(), Math::max);
                fullRing.countDown();
                return super.read(track, into);
            }
        };
        source.makeShrink();
        KeepingSink sink = new KeepingSink(source) {
            @Override
            public void data(int track, ByteBuffer encoded) throws IOException {
                assertThat(await(fullRing)).isTrue();
                super.data(track, encoded);
                finished.set(track);
            }
        };
        // when
        feed(source, CHAINS, 2).pump(sink, () -> false);
        // then: a zero track is told with the next one
        assertThat(furthest.get()).isLessThanOrEqualTo(slots + 2);
    }

    @ParameterizedTest(name = "{0} encoders")
    @ValueSource(ints = {1, 3})
    void whatWasReadBeforeAFailureInsideAGroupStillArrives(int encoders) {
        FakeSource source = FakeSource.shrinking(TRACKS, 5);
        source.fatalTrack = 2 * GROUP + 9;
        KeepingSink sink = new KeepingSink(source);
        assertThatThrownBy(() -> feed(source, CHAINS, encoders).pump(sink, () -> false))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("track 73: the device is gone");
        assertThat(sink.calls).contains("data 71").doesNotContain("data 74", "end");
        assertThat(sink.tracks[71]).isNotNull();
    }

    @Test
    void aPassThatIsStoppedInsideAGroupEndsAllItsThreads() {
        FakeSource source = FakeSource.shrinking(5000, 5);
        KeepingSink sink = new KeepingSink(source);
        assertThatThrownBy(() -> feed(source, CHAINS, 3).pump(sink, () -> sink.calls.size() >= 41))
                .isInstanceOf(StoppedException.class);
        assertThat(sink.calls).hasSize(41);
        // pump has joined its threads: nobody reads any more
        assertThat(source.reads.get()).isLessThan(5000);
    }

    private static DiskFeed feed(FakeSource source, Encoding encoding, int encoders) {
        return new DiskFeed(source, TrackUse.everything(source.space()), encoding, BadSectors.SKIP, encoders);
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(EncodedTrack.maxBytes(FakeSource.TRACK_BYTES));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Keeps the encoded tracks as well. */
    private static class KeepingSink extends CollectingSink {
        final ByteBuffer[] tracks;

        KeepingSink(FakeSource source) {
            super(source.space());
            tracks = new ByteBuffer[source.space().trackCount()];
        }

        @Override
        public void data(int track, ByteBuffer encoded) throws IOException {
            super.data(track, encoded);
            tracks[track] = ByteBuffer.allocate(encoded.remaining())
                    .put(encoded.duplicate())
                    .flip();
        }
    }
}
