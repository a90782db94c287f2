package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;
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
    private final List<Integer> reread = new CopyOnWriteArrayList<>();
    private MemoryTarget target;

    @BeforeEach
    void makeImage() throws Exception {
        source.unreadable = Set.of(30);
        image = Images.write(folder.resolve("a.img"), source, "rle", 2);
        target = new MemoryTarget(source.space());
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
        assertThat(target.content).isEqualTo(expected);
        assertThat(target.syncs.get()).isEqualTo(1);
        assertThat(target.readBack).hasSize(TRACKS).contains(30);
        assertThat(target.readsAfterSync.get())
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
        target = new MemoryTarget(source.space());
        // when
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, writers))) {
            new ImageFeed(reader).pump(sink, () -> false);
        }
        // then
        byte[] expected = source.content();
        source.unreadable.forEach(track ->
                Arrays.fill(expected, track * FakeSource.TRACK_BYTES, (track + 1) * FakeSource.TRACK_BYTES, (byte) 0));
        assertThat(target.content).isEqualTo(expected);
        assertThat(target.readBack).hasSize(1501);
    }

    /** Whoever checks an image has decoded its tracks already; of the encoded ones only the headers are left here. */
    @ParameterizedTest(name = "{0} writers")
    @ValueSource(ints = {1, 3})
    void tracksThatCameDecodedAreDecodedByNoSinkAgain(int writers) throws Exception {
        // given
        source = FakeSource.shrinking(1501, 5);
        image = Images.write(folder.resolve("b.img"), source, "zstd", 3);
        target = new MemoryTarget(source.space());
        target.misplacedTrack = 1100;
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        // when
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink disk = begun(sink(Verification.SAMPLE, writers));
                RawSink stream = new RawSink(source.space(), RawSink.toStream(raw))) {
            new ImageFeed(reader).pump(new Decoded(new FanOut(List.of(stream, disk))), () -> false);
        }
        // then
        assertThat(target.content).isEqualTo(source.content());
        assertThat(raw.toByteArray()).isEqualTo(source.content());
        assertThat(reread).containsExactly(1100);
        assertThat(target.readBack).hasSize(1501);
    }

    /** Gives the raw bytes of each track, and of the encoded one no more than its header. */
    private final class Decoded implements TrackSink {
        private final TrackSink sink;
        private final ByteBuffer raw = AlignedBuffers.allocate(FakeSource.TRACK_BYTES);

        Decoded(TrackSink sink) {
            this.sink = sink;
        }

        @Override
        public void data(int track, ByteBuffer encoded) throws IOException {
            byte[] content = source.track(track);
            raw.clear().put(content).flip();
            ByteBuffer header = encoded.slice(encoded.position(), EncodedTrack.HEADER_BYTES);
            sink.decoded(track, header, raw, new TrackHasher().hash(raw, UnreadableMap.NONE));
            assertThat(raw.remaining()).isEqualTo(content.length);
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
            sink.skip(firstTrack, count, kind);
        }

        @Override
        public void end(byte[] contentDigest) throws IOException {
            sink.end(contentDigest);
        }
    }

    @Test
    void aDiskThatFailsInsideAChainEndsThePass() throws Exception {
        source = FakeSource.shrinking(1501, 5);
        image = Images.write(folder.resolve("b.img"), source, "zstd", 3);
        target = new MemoryTarget(source.space());
        target.failingTrack = 40;
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
        assertThat(target.syncs.get()).isZero();
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
        assertThat(target.readBack).isEmpty();
        assertThat(target.syncs.get()).isEqualTo(1);
    }

    @Test
    void aDiskThatGivesBackSomethingElseIsFoundAndTheTrackNamed() throws Exception {
        for (int track : new int[] {0, 7, TRACKS - 1}) {
            target.lyingTrack = track;
            try (ImageReader reader = ImageReader.open(image);
                    LocalDiskSink sink = begun(sink(Verification.SAMPLE, 2))) {
                assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                        .isInstanceOf(DeviceException.class)
                        .hasMessageContaining("track " + track);
            }
            assertThat(target.syncs.get()).isZero();
        }
    }

    /** What a wrapping disk destroys was read back right before: 14 of 16 such tries were once called verified, here and at slaves. */
    @ParameterizedTest(name = "it has {0} of 1501 tracks")
    @ValueSource(ints = {750, 375, 1500, 1499, 1000, 1024, 512, 1})
    void aDiskThatHoldsLessThanItSaysIsFound(int tracks) throws Exception {
        // given
        source = new FakeSource(1501, 5);
        image = Images.write(folder.resolve("b.img"), source, "none", 3);
        target = new MemoryTarget(source.space());
        target.capacityTracks = tracks;
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
        target = new MemoryTarget(source.space());
        target.misplacedTrack = 1100;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.SAMPLE, 3))) {
            new ImageFeed(reader).pump(sink, () -> false);
        }
        assertThat(target.content).isEqualTo(source.content());
        assertThat(reread).containsExactly(1100);
        assertThat(target.readsAfterSync.get()).as("all is read once more").isEqualTo(1501);
    }

    @Test
    void aDiskThatIsNoLongerWhatItsNameSaysIsNotDone() throws Exception {
        target.isReplaced = true;
        try (ImageReader reader = ImageReader.open(image);
                LocalDiskSink sink = begun(sink(Verification.NONE, 2))) {
            assertThatThrownBy(() -> new ImageFeed(reader).pump(sink, () -> false))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("replaced");
        }
    }

    @Test
    void aDiskThatFailsEndsThePass() throws Exception {
        target.failingTrack = 40;
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
        assertThat(target.syncs.get()).isZero();
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
            assertThat(target.content).containsOnly(0x5A);
        }
        pass.join();
        assertThat(outcome.get()).isInstanceOf(StoppedException.class);
        assertThat(target.content).containsOnly(0x5A);
        assertThat(target.syncs.get()).isZero();
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
        assertThat(target.readBack).hasSize(TRACKS);
        assertThat(target.syncs.get()).isEqualTo(1);
    }

    /** An image may have them, and a start script gives the program 376 MiB for buffers. */
    @Test
    void ofTheLongestTracksFewWait() throws Exception {
        int sectors = ImageHeader.MAX_TRACK_BYTES / 512;
        target = MemoryTarget.ofNothing(new TrackSpace(
                new Geometry(512, 4, sectors, 12L * sectors), List.of(new Region(0, 0, 12L * sectors, ""))));
        long before = directBytes();
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("rle"));
                LocalDiskSink sink = sink(Verification.SAMPLE, 4)) {
            ByteBuffer encoded = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(4096));
            encoder.encode(0, ByteBuffer.allocateDirect(4096).put(5, (byte) 1), encoded);
            int waiting = 0;
            while (!sink.isFull()) {
                sink.data(waiting++, encoded);
            }
            assertThat(waiting).isBetween(2, 11);
            assertThat(directBytes() - before).isLessThan(96 << 20);
        }
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private LocalDiskSink sink(Verification verification, int writers) {
        return new LocalDiskSink(target, verification, this::reread, () -> false, writers);
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
}
