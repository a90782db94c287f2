package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.pass.DiskFeed.BadSectors;
import org.imgblstr.disk.pass.DiskFeed.Encoding;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.disk.use.TrackUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFeedTest {
    private static final Encoding CODEC = Encoding.of(CodecChoice.parse("rle"));

    @ParameterizedTest(name = "{0} encoders")
    @ValueSource(ints = {1, 2, 7})
    void everyTrackArrivesOnceAndInOrder(int encoders) throws IOException {
        // given
        FakeSource source = new FakeSource(101, 7);
        CollectingSink sink = new CollectingSink(source.space());
        // when
        FeedCounts counts = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, encoders)
                .pump(sink, () -> false);
        // then
        List<String> expected = IntStream.range(0, 101)
                .mapToObj(track -> FakeSource.isZero(track) ? "ZERO " + track + "+1" : "data " + track)
                .toList();
        assertThat(sink.calls).containsSubsequence(expected).hasSize(102).endsWith("end");
        assertThat(sink.content).isEqualTo(source.content());
        assertThat(sink.digest).isEqualTo(digestOf(source));
        assertThat(counts.zeroTracks()).isEqualTo(20);
        assertThat(counts.dataTracks()).isEqualTo(81);
        assertThat(source.reads).hasValue(101);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"none", "rle", "zstd"})
    void aSinkMayKeepTheMemoryOfATrack(String codec) throws IOException {
        // given: a sink that keeps the memory of two tracks in three, and gives some of it back much later, in another
        // order
        FakeSource source = FakeSource.shrinking(101, 7);
        Map<Integer, ByteBuffer> kept = new LinkedHashMap<>();
        Map<Integer, byte[]> expected = new LinkedHashMap<>();
        CollectingSink sink = new CollectingSink(source.space()) {
            @Override
            public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) throws IOException {
                data(track, encoded);
                if (track % 3 == 0) {
                    return encoded;
                }
                kept.put(track, encoded);
                expected.put(track, bytesOf(encoded));
                ByteBuffer given = track % 2 == 0 ? kept.remove(track - 20) : null;
                assertThat(given == null || Arrays.equals(bytesOf(given), expected.get(track - 20)))
                        .isTrue();
                return given;
            }
        };
        Encoding encoding = Encoding.of(CodecChoice.parse(codec));
        // when
        new DiskFeed(source, TrackUse.everything(source.space()), encoding, BadSectors.SKIP, 2).pump(sink, () -> false);
        // then
        assertThat(sink.content).isEqualTo(source.content());
        assertThat(kept).hasSizeBetween(20, 60);
        kept.forEach((track, memory) -> assertThat(bytesOf(memory)).isEqualTo(expected.get(track)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"none", "rle", "zstd"})
    void eachTrackIsHashedBeforeItIsEncodedWhereThatIsWanted(String codec) throws IOException {
        FakeSource source = FakeSource.shrinking(101, 7);
        Map<Integer, byte[]> digests = new LinkedHashMap<>();
        CollectingSink sink = new CollectingSink(source.space()) {
            @Override
            public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) throws IOException {
                digests.put(track, digest);
                return super.exchange(track, encoded, digest);
            }
        };
        Encoding encoding = new Encoding(CodecChoice.parse(codec), false, false, () -> 0, () -> true);

        new DiskFeed(source, TrackUse.everything(source.space()), encoding, BadSectors.SKIP, 2).pump(sink, () -> false);

        byte[] content = source.content();
        int trackBytes = source.space().geometry().trackBytes();
        assertThat(digests).hasSizeGreaterThan(50);
        digests.forEach((track, digest) -> {
            ByteBuffer raw =
                    ByteBuffer.wrap(content, track * trackBytes, source.space().rawBytes(track));
            assertThat(digest).as("track " + track).isEqualTo(new TrackHasher().hash(raw, UnreadableMap.NONE));
        });
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @Test
    void neighbouringSkipsAreJoined() throws IOException {
        FakeSource source = new FakeSource(12, 1);
        source.unreadable = Set.of(3, 4, 5);
        CollectingSink sink = new CollectingSink(source.space());
        FeedCounts counts = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 2)
                .pump(sink, () -> false);
        assertThat(sink.calls)
                .startsWith("data 0", "data 1", "ZERO 2+1", "UNREADABLE 3+3", "data 6", "ZERO 7+1", "data 8");
        assertThat(counts.unreadable().tracks()).isEqualTo(3);
    }

    @Test
    void tracksInAHoleAreZeroWithoutBeingRead() throws IOException {
        // given: tracks 2 and 7 are zero; the source knows that
        FakeSource source = new FakeSource(12, 1) {
            @Override
            public int endOfHole(int track) {
                return isZero(track) ? track + 1 : track;
            }
        };
        CollectingSink sink = new CollectingSink(source.space());
        // when
        FeedCounts counts = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 2)
                .pump(sink, () -> false);
        // then
        assertThat(sink.calls).contains("ZERO 2+1", "ZERO 7+1").hasSize(13);
        assertThat(sink.digest).isEqualTo(digestOf(source));
        assertThat(counts.zeroTracks()).isEqualTo(2);
        assertThat(source.reads).hasValue(10);
    }

    @Test
    void tracksThatTheFileSystemKnowsToBeZeroAreNotRead() throws IOException {
        // given: what the file system says of tracks 3 to 9 and half of track 10 goes before what is there; tracks 6
        // and 7 are free
        FakeSource source = new FakeSource(101, 7);
        int trackBytes = FakeSource.TRACK_BYTES;
        long sizeBytes = source.space().totalBytes();
        var used = new UsedMapBuilder(sizeBytes)
                .use(0, sizeBytes)
                .zero(3L * trackBytes, 7L * trackBytes + trackBytes / 2)
                .free(6L * trackBytes, 2L * trackBytes)
                .build();
        CollectingSink sink = new CollectingSink(source.space());
        // when
        DiskFeed feed = new DiskFeed(source, new TrackUse(source.space(), used), CODEC, BadSectors.SKIP, 2);
        FeedCounts counts = feed.pump(sink, () -> false);
        // then
        assertThat(sink.calls).contains("ZERO 2+4", "UNUSED 6+2", "ZERO 8+2", "data 10", "data 11");
        assertThat(source.reads).hasValue(101 - 7);
        assertThat(counts.unusedTracks()).isEqualTo(2);
        assertThat(feed.bytesDone()).isEqualTo(sizeBytes - 2L * trackBytes);
    }

    @Test
    void freeTracksAreNotReadAndAreOneSkip() throws IOException {
        // given: used are track 1, half a sector of track 6 and the last track
        FakeSource source = new FakeSource(101, 7);
        int trackBytes = FakeSource.TRACK_BYTES;
        long sizeBytes = source.space().totalBytes();
        var used = new UsedMapBuilder(sizeBytes)
                .use(trackBytes, trackBytes)
                .use(6 * trackBytes + 300, 200)
                .use(100L * trackBytes, sizeBytes - 100L * trackBytes)
                .build();
        CollectingSink sink = new CollectingSink(source.space());
        // when
        DiskFeed feed = new DiskFeed(source, new TrackUse(source.space(), used), CODEC, BadSectors.SKIP, 2);
        FeedCounts counts = feed.pump(sink, () -> false);
        // then
        assertThat(sink.calls)
                .containsExactly("UNUSED 0+1", "data 1", "UNUSED 2+4", "data 6", "UNUSED 7+93", "data 100", "end");
        assertThat(source.reads).hasValue(3);
        assertThat(counts.unusedTracks()).isEqualTo(98);
        long lastBytes = sizeBytes - 100L * trackBytes;
        assertThat(counts.dataBytes()).isEqualTo(trackBytes + 512 + lastBytes).isEqualTo(feed.bytesDone());
    }

    @Test
    void anUnreadableTrackEndsThePassWhenAskedTo() {
        FakeSource source = new FakeSource(12, 1);
        source.unreadable = Set.of(4);
        CollectingSink sink = new CollectingSink(source.space());
        DiskFeed feed = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.ABORT, 2);
        assertThatThrownBy(() -> feed.pump(sink, () -> false))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("8 sectors: LBA 32 to 39");
        assertThat(sink.calls).doesNotContain("end");
    }

    @Test
    void aSlowSinkHoldsTheReaderBack() throws IOException {
        // given: 2 encoders make 6 slots, so the reader is never more than 6 tracks ahead of what the sink has finished
        AtomicInteger finished = new AtomicInteger();
        AtomicInteger furthest = new AtomicInteger();
        CountDownLatch fullRing = new CountDownLatch(6);
        FakeSource source = new FakeSource(200, 3) {
            @Override
            public UnreadableMap read(int track, ByteBuffer into) throws DeviceException {
                furthest.accumulateAndGet(track - finished.get(), Math::max);
                fullRing.countDown();
                return super.read(track, into);
            }
        };
        CollectingSink sink = new CollectingSink(source.space()) {
            @Override
            public void data(int track, ByteBuffer encoded) throws IOException {
                // Lets the reader run ahead as far as it can before the first track is taken.
                assertThat(await(fullRing)).isTrue();
                super.data(track, encoded);
                finished.set(track);
            }

            @Override
            public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
                super.skip(firstTrack, count, kind);
                finished.set(firstTrack + count - 1);
            }
        };
        // when
        new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 2).pump(sink, () -> false);
        // then: a joined run of skips is told when the next track is there, hence the one more
        assertThat(furthest.get()).isLessThanOrEqualTo(6 + 2);
        assertThat(sink.content).isEqualTo(source.content());
    }

    @Test
    void whatWasReadBeforeAFailureStillArrives() {
        FakeSource source = new FakeSource(50, 5);
        source.fatalTrack = 30;
        CollectingSink sink = new CollectingSink(source.space());
        DiskFeed feed = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 3);
        assertThatThrownBy(() -> feed.pump(sink, () -> false))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("track 30: the device is gone");
        assertThat(sink.calls).contains("data 29").doesNotContain("data 31", "end");
        assertThat(feed.bytesDone()).isEqualTo(30L * FakeSource.TRACK_BYTES);
    }

    @Test
    void aFaultInAThreadOfThePipelineIsNotSwallowed() {
        FakeSource source = new FakeSource(10, 5);
        source.fault = new IllegalArgumentException("off by one");
        DiskFeed feed = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 3);
        assertThatThrownBy(() -> feed.pump(new CollectingSink(source.space()), () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCause(source.fault);
    }

    @Test
    void aFailingSinkEndsThePassAndAllItsThreads() {
        FakeSource source = new FakeSource(5000, 5);
        CollectingSink sink = new CollectingSink(source.space()) {
            @Override
            public void data(int track, ByteBuffer encoded) throws IOException {
                if (track == 20) {
                    throw new IOException("no space left");
                }
                super.data(track, encoded);
            }
        };
        DiskFeed feed = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 3);
        assertThatThrownBy(() -> feed.pump(sink, () -> false)).hasMessage("no space left");
        // pump has joined its threads: nobody reads any more
        assertThat(source.reads.get()).isLessThanOrEqualTo(20 + 3 + 4 + 1);
        assertThat(sink.calls).doesNotContain("end");
    }

    @Test
    void aPassThatIsStoppedSaysSo() {
        FakeSource source = new FakeSource(500, 5);
        CollectingSink sink = new CollectingSink(source.space());
        DiskFeed feed = new DiskFeed(source, TrackUse.everything(source.space()), CODEC, BadSectors.SKIP, 3);
        assertThatThrownBy(() -> feed.pump(sink, () -> sink.calls.size() >= 7)).isInstanceOf(StoppedException.class);
        assertThat(sink.calls).hasSize(7);
    }

    @Test
    void aSinkThatWantsNoBytesGetsHeadersAndTheSameDigest() throws IOException {
        FakeSource source = new FakeSource(101, 7);
        List<Integer> bytes = new ArrayList<>();
        List<Long> checksums = new ArrayList<>();
        byte[][] digest = new byte[1][];
        TrackSink sink = new TrackSink() {
            @Override
            public void data(int track, ByteBuffer encoded) {
                bytes.add(encoded.remaining());
                checksums.add(EncodedTrack.checksum(encoded));
            }

            @Override
            public void skip(int firstTrack, int count, TrackKind kind) {
                assertThat(FakeSource.isZero(firstTrack)).isTrue();
            }

            @Override
            public void end(byte[] contentDigest) {
                digest[0] = contentDigest;
            }
        };
        Encoding headers = new Encoding(CodecChoice.DEFAULT, false, true, () -> 0);
        FeedCounts counts = new DiskFeed(source, TrackUse.everything(source.space()), headers, BadSectors.SKIP, 2)
                .pump(sink, () -> false);
        assertThat(bytes).hasSize(81).containsOnly(EncodedTrack.HEADER_BYTES);
        assertThat(checksums.get(0)).isEqualTo(TrackChecksum.of(ByteBuffer.wrap(source.track(0))));
        assertThat(digest[0]).isEqualTo(digestOf(source));
        assertThat(counts.dataTracks()).isEqualTo(81);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static byte[] digestOf(FakeSource source) {
        ContentDigest digest = new ContentDigest(source.space().trackCount());
        for (int track = 0; track < source.space().trackCount(); track++) {
            digest.set(track, TrackKind.DATA, TrackChecksum.of(ByteBuffer.wrap(source.track(track))));
        }
        return digest.digest();
    }
}
