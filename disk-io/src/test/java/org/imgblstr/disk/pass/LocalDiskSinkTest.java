package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.Verification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDiskSinkTest {
    private static final int TRACKS = 60;

    @TempDir
    private Path folder;

    private FakeSource source = new FakeSource(TRACKS, 11);
    private Path image;
    private final Set<Integer> readBack = ConcurrentHashMap.newKeySet();
    private final List<Integer> reread = new CopyOnWriteArrayList<>();
    private final AtomicInteger readsAfterSync = new AtomicInteger();
    private final AtomicInteger syncs = new AtomicInteger();
    private byte[] target;
    private int lyingTrack = -1;
    private int failingTrack = -1;
    private int capacityTracks = Integer.MAX_VALUE;
    private volatile int misplacedTrack = -1;
    private boolean isReplaced;
    private TrackSpace longTracks;

    @BeforeEach
    void makeImage() throws Exception {
        source.unreadable = Set.of(30);
        image = Images.write(folder.resolve("a.img"), source, "rle", 2);
        target = new byte[(int) source.space().totalBytes()];
        Arrays.fill(target, (byte) 0x5A);
    }

    @Test
    void everyTrackIsWrittenReadBackAndSyncedOnce() throws Exception {
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, 2))) {
            FeedCounts counts = new ImageFeed(reader).pump(sink, () -> false);
            assertThat(counts.unreadable().tracks()).isEqualTo(1);
        }
        byte[] expected = source.content();
        // Zeros, and not what the disk held before, where nothing could be read.
        Arrays.fill(expected, 30 * FakeSource.TRACK_BYTES, 31 * FakeSource.TRACK_BYTES, (byte) 0);
        assertThat(target).isEqualTo(expected);
        assertThat(syncs.get()).isEqualTo(1);
        assertThat(readBack).hasSize(TRACKS).contains(30);
        assertThat(readsAfterSync.get())
                .as("a small disk is read as a whole once more")
                .isEqualTo(TRACKS);
    }

    @ParameterizedTest(name = "{0} writers")
    @ValueSource(ints = {1, 2, 4, 7})
    void chainsOfManyGroupsAreWrittenByAllWriters(int writers) throws Exception {
        // given
        source = FakeSource.shrinking(1501, 5);
        source.unreadable = Set.of(30, 700, 701);
        image = Images.write(folder.resolve("b.img"), source, "zstd", 3);
        target = new byte[(int) source.space().totalBytes()];
        // when
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, writers))) {
            new ImageFeed(reader).pump(sink, () -> false);
        }
        // then
        byte[] expected = source.content();
        source.unreadable.forEach(track ->
                Arrays.fill(expected, track * FakeSource.TRACK_BYTES, (track + 1) * FakeSource.TRACK_BYTES, (byte) 0));
        assertThat(target).isEqualTo(expected);
        assertThat(readBack).hasSize(1501);
    }

    @Test
    void aDiskThatFailsInsideAChainEndsThePass() throws Exception {
        source = FakeSource.shrinking(1501, 5);
        image = Images.write(folder.resolve("b.img"), source, "zstd", 3);
        target = new byte[(int) source.space().totalBytes()];
        failingTrack = 40;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, 3))) {
            assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("no more");
        }
    }

    /** Hashes tell what was damaged, not what somebody made so. */
    @ParameterizedTest(name = "track {0}")
    @ValueSource(ints = {0, 5, 40})
    void aTrackThatDoesNotDecodeIsTheImagesFault(int damaged) throws Exception {
        try (LocalDiskSink disk = begun(sink(Verification.SAMPLE, 2));
                RawSink stream = new RawSink(source.space(), RawSink.toStream(OutputStream.nullOutputStream()))) {
            for (TrackSink sink : List.of(disk, stream)) {
                assertThatThrownBy(() -> encodeAll(sink, damaged))
                        .isInstanceOf(MalformedImageException.class)
                        .hasMessageContaining(" of the image: offset ");
            }
        }
        assertThat(syncs.get()).isZero();
    }

    private static void encodeAll(TrackSink sink, int damaged) throws IOException {
        ByteBuffer raw = ByteBuffer.wrap(FakeSource.shrinking(TRACKS, 5).content());
        ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(FakeSource.TRACK_BYTES));
        try (TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT)) {
            for (int track = 0; track < TRACKS - 1; track++) {
                encoder.encode(track, raw.slice(0, FakeSource.TRACK_BYTES), encoded.clear());
                if (track == damaged) {
                    int place = encoded.limit() - 5;
                    encoded.put(place, (byte) ~encoded.get(place));
                }
                sink.data(track, encoded);
            }
        }
        sink.end(new byte[32]);
    }

    @Test
    void nothingIsReadBackUnlessAsked() throws Exception {
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.NONE, 2))) {
            new ImageFeed(reader).pump(sink, () -> false);
        }
        assertThat(readBack).isEmpty();
        assertThat(syncs.get()).isEqualTo(1);
    }

    @Test
    void aDiskThatGivesBackSomethingElseIsFoundAndTheTrackNamed() throws Exception {
        for (int track : new int[] {0, 7, TRACKS - 1}) {
            lyingTrack = track;
            try (ImageReader reader = ImageReader.open(image);
                    LocalDiskSink sink = begun(sink(Verification.SAMPLE, 2))) {
                assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                        .isInstanceOf(DeviceException.class)
                        .hasMessageContaining("track " + track);
            }
            assertThat(syncs.get()).isZero();
        }
    }

    /** What a wrapping disk destroys was read back right before: 14 of 16 such tries were once called verified, here and at slaves. */
    @ParameterizedTest(name = "it has {0} of 1501 tracks")
    @ValueSource(ints = {750, 375, 1500, 1499, 1000, 1024, 512, 1})
    void aDiskThatHoldsLessThanItSaysIsFound(int tracks) throws Exception {
        // given
        source = new FakeSource(1501, 5);
        image = Images.write(folder.resolve("b.img"), source, "none", 3);
        target = new byte[(int) source.space().totalBytes()];
        capacityTracks = tracks;
        // when, then
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, 2))) {
            assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                    .isInstanceOf(DeviceException.class);
        }
    }

    @Test
    void aTrackThatReadsBackWrongOnceIsReadFromTheImageAndWrittenAgain() throws Exception {
        source = FakeSource.shrinking(1501, 5);
        image = Images.write(folder.resolve("b.img"), source, "zstd", 3);
        target = new byte[(int) source.space().totalBytes()];
        misplacedTrack = 1100;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, 3))) {
            new ImageFeed(reader).pump(sink, () -> false);
        }
        assertThat(target).isEqualTo(source.content());
        assertThat(reread).containsExactly(1100);
        assertThat(readsAfterSync.get()).as("all is read once more").isEqualTo(1501);
    }

    @Test
    void aDiskThatIsNoLongerWhatItsNameSaysIsNotDone() throws Exception {
        isReplaced = true;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.NONE, 2))) {
            assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("replaced");
        }
    }

    @Test
    void aDiskThatFailsEndsThePass() throws Exception {
        failingTrack = 40;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, 2))) {
            assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("no more");
        }
    }

    @Test
    void aPassThatIsGivenUpLeavesNoThreadBehind() throws Exception {
        try (LocalDiskSink sink = begun(sink(Verification.SAMPLE, 2))) {
            sink.skip(0, 3, TrackKind.ZERO);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("writer-"));
        assertThat(syncs.get()).isZero();
    }

    @Test
    void nothingIsWrittenBeforeItMayBegin() throws Exception {
        AtomicReference<Exception> outcome = new AtomicReference<>();
        Thread pass;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = sink(Verification.SAMPLE, 2)) {
            CountDownLatch ending = new CountDownLatch(1);
            pass = new Thread(() -> {
                try {
                    new ImageFeed(reader).pump(new EndWatch(sink, ending), () -> false);
                } catch (IOException e) {
                    outcome.set(e);
                }
            });
            pass.start();
            // All tracks have room to wait.
            ending.await();
            assertThat(target).containsOnly(0x5A);
        }
        pass.join();
        assertThat(outcome.get()).isInstanceOf(StoppedException.class);
        assertThat(target).containsOnly(0x5A);
        assertThat(syncs.get()).isZero();
    }

    @Test
    void whatCameBeforeItMayBeginIsWrittenThen() throws Exception {
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = sink(Verification.SAMPLE, 2)) {
            CountDownLatch ending = new CountDownLatch(1);
            Thread pass = new Thread(() -> {
                try {
                    new ImageFeed(reader).pump(new EndWatch(sink, ending), () -> false);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            pass.start();
            ending.await();
            sink.begin();
            pass.join();
        }
        assertThat(readBack).hasSize(TRACKS);
        assertThat(syncs.get()).isEqualTo(1);
    }

    /** An image may have them, and a start script gives the program 376 MiB for buffers. */
    @Test
    void ofTheLongestTracksFewWait() throws Exception {
        int sectors = ImageHeader.MAX_TRACK_BYTES / 512;
        longTracks = new TrackSpace(
                new Geometry(512, 4, sectors, 12L * sectors), List.of(new Region(0, 0, 12L * sectors, "")));
        long before = directBytes();
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("rle"));
                LocalDiskSink sink = sink(Verification.SAMPLE, 4)) {
            ByteBuffer encoded = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(4096));
            encoder.encode(0, ByteBuffer.allocateDirect(4096).put(5, (byte) 1), encoded);
            Thread pass = new Thread(() -> putAll(sink, encoded));
            pass.start();
            while (pass.getState() != Thread.State.WAITING && pass.isAlive()) {
                Thread.sleep(10);
            }
            assertThat(pass.isAlive()).isTrue();
            assertThat(directBytes() - before).isLessThan(96 << 20);
        }
    }

    private static void putAll(LocalDiskSink sink, ByteBuffer encoded) {
        try {
            for (int track = 0; track < 12; track++) {
                sink.data(track, encoded);
            }
        } catch (IOException e) {
            // The test has ended.
        }
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private LocalDiskSink sink(Verification verification, int writers) {
        return new LocalDiskSink(new MemoryTarget(), verification, this::reread, () -> false, writers);
    }

    private void reread(int track, ByteBuffer encoded) throws IOException {
        reread.add(track);
        try (ImageReader reader = ImageReader.open(image);
                ImageRereader rereader = new ImageRereader(reader)) {
            rereader.reread(track, encoded);
        }
    }

    private static LocalDiskSink begun(LocalDiskSink sink) {
        sink.begin();
        return sink;
    }

    /** Tells when all tracks have been given and the end is next. */
    private record EndWatch(TrackSink sink, CountDownLatch ending) implements TrackSink {
        @Override
        public void data(int track, ByteBuffer encoded) throws IOException {
            sink.data(track, encoded);
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
            sink.skip(firstTrack, count, kind);
        }

        @Override
        public void end(byte[] contentDigest) throws IOException {
            ending.countDown();
            sink.end(contentDigest);
        }
    }

    /** A disk in memory, one of whose tracks may read back wrong. */
    private final class MemoryTarget implements TrackTarget {
        @Override
        public TrackSpace space() {
            return longTracks == null ? source.space() : longTracks;
        }

        @Override
        public void write(int track, ByteBuffer raw) throws DeviceException {
            if (track == failingTrack) {
                throw new DeviceException("no more", 5, null);
            }
            int place = track % capacityTracks;
            if (track == misplacedTrack) {
                misplacedTrack = -1;
                place++;
            }
            raw.get(target, place * FakeSource.TRACK_BYTES, raw.remaining());
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            if (kind.isZeroed()) {
                int at = firstTrack * FakeSource.TRACK_BYTES;
                Arrays.fill(target, at, at + (int) space().rangeBytes(firstTrack, firstTrack + count), (byte) 0);
            }
        }

        @Override
        public void read(int track, ByteBuffer into) {
            readBack.add(track);
            readsAfterSync.addAndGet(syncs.get());
            int at = into.position();
            into.put(target, track % capacityTracks * FakeSource.TRACK_BYTES, space().rawBytes(track));
            if (track == lyingTrack) {
                into.put(at + 100, (byte) (into.get(at + 100) ^ 1));
            }
        }

        @Override
        public void sync() {
            syncs.incrementAndGet();
        }

        @Override
        public void checkInPlace() throws DeviceException {
            if (isReplaced) {
                throw new DeviceException("replaced", 0, null);
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
