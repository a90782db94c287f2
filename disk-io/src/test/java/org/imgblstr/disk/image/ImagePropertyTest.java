package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImagePropertyTest {
    @TempDir
    Path directory;

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 12), LongStream.of(new Random().nextLong()));
    }

    /** Chunks are 1024 tracks: the counts lie around their borders. */
    private static SampleImage sample(long seed) {
        int[] tracks = {1, 2, 100, 1023, 1024, 1025, 2048, 3000};
        int[] longestRuns = {1, 3, 50, 5000};
        int pick = (int) Math.floorMod(seed, 32L);
        int trackCount = tracks[pick % tracks.length];
        int longestRun = longestRuns[pick / tracks.length];
        return seed % 3 == 0
                ? SampleImage.chained(seed, trackCount, longestRun)
                : SampleImage.random(seed, trackCount, longestRun);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everythingWrittenIsReadBackInOrder(long seed) throws Exception {
        // given
        SampleImage sample = sample(seed);
        Path path = directory.resolve("image");
        // when
        ImageSummary written = sample.writeTo(path);
        // then
        var sink = new SampleImage.Comparing(sample);
        try (ImageReader reader = ImageReader.open(path)) {
            reader.stream(sink);
            assertThat(reader.header()).isEqualTo(sample.header);
            assertThat(reader.summary().counts()).isEqualTo(written.counts());
            assertThat(reader.summary().fileDigest()).isEqualTo(written.fileDigest());
            assertThat(reader.summary().contentDigest()).isEqualTo(sample.contentDigest);
            assertThat(reader.summary().fileBytes()).isEqualTo(Files.size(path));
            assertThat(reader.summary().counts().tracks()).isEqualTo(sample.space.trackCount());
        }
        assertThat(sink.hasEnded).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTrackIsFoundByItsNumber(long seed) throws Exception {
        // given
        SampleImage sample = sample(seed);
        Path path = directory.resolve("image");
        sample.writeTo(path);
        ByteBuffer into = ByteBuffer.allocate(
                8 + EncodedTrack.maxBytes(sample.space.geometry().trackBytes()));
        try (ImageReader reader = ImageReader.open(path)) {
            new Random(seed).ints(500, 0, sample.kinds.length).forEach(track -> {
                try {
                    // when
                    TrackKind kind = reader.kindOf(track);
                    // then
                    assertThat(kind).isEqualTo(sample.kinds[track]);
                    if (kind.isEncoded()) {
                        reader.read(track, into.clear().position(8));
                        assertThat(into).isEqualTo(ByteBuffer.wrap(sample.encoded[track]));
                    }
                } catch (IOException e) {
                    throw new AssertionError("track " + track, e);
                }
            });
            assertThat(reader.unreadable().ranges()).isEqualTo(sample.unreadable.ranges());
            assertThat(reader.summary().counts().unreadable().sectors()).isEqualTo(sample.unreadable.sectors());
            assertThat(reader.summary().counts().isWhole()).isEqualTo(sample.unreadable.isEmpty());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPipeGivesTheSameAsAFile(long seed) throws Exception {
        // given
        SampleImage sample = sample(seed);
        byte[] bytes = sample.bytes(directory);
        var sink = new SampleImage.Comparing(sample);
        // when
        ImageStream stream = ImageStream.of(new ByteArrayInputStream(bytes), "pipe");
        stream.copyTo(sink);
        // then
        assertThat(sink.hasEnded).isTrue();
        assertThat(stream.header()).isEqualTo(sample.header);
        assertThat(stream.summary().fileBytes()).isEqualTo(bytes.length);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aWrittenImageIsSound(long seed) throws Exception {
        // given
        Path path = directory.resolve("image");
        sample(seed).writeTo(path);
        long[] done = new long[2];
        try (ImageReader reader = ImageReader.open(path)) {
            // when
            ImageVerification found = reader.verify(
                    (doneBytes, totalBytes) -> {
                        done[0] = doneBytes;
                        done[1] = totalBytes;
                    },
                    () -> false);
            // then
            assertThat(found.damages()).isEmpty();
            assertThat(found.isSound()).isTrue();
            assertThat(done).containsExactly(Files.size(path), Files.size(path));
        }
    }

    @Test
    void repairsAreReadWhileTheImageIsStreamed() throws Exception {
        // given
        SampleImage sample = SampleImage.random(11, 3000, 3);
        Path path = directory.resolve("image");
        sample.writeTo(path);
        var executor = Executors.newFixedThreadPool(3);
        try (ImageReader reader = ImageReader.open(path)) {
            // when
            List<Future<?>> runs = new ArrayList<>();
            for (int seed = 0; seed < 2; seed++) {
                Random random = new Random(seed);
                runs.add(executor.submit(() -> readRandomTracks(reader, sample, random)));
            }
            for (int round = 0; round < 3; round++) {
                reader.stream(new SampleImage.Comparing(sample));
            }
            // then
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static Void readRandomTracks(ImageReader reader, SampleImage sample, Random random) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(
                EncodedTrack.maxBytes(sample.space.geometry().trackBytes()));
        for (int i = 0; i < 2000; i++) {
            int track = random.nextInt(sample.kinds.length);
            if (reader.kindOf(track).isEncoded()) {
                reader.read(track, into.clear());
                assertThat(into).isEqualTo(ByteBuffer.wrap(sample.encoded[track]));
            }
        }
        return null;
    }
}
