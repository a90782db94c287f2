package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that is not as it was written passes, and nothing wrong is handed on. */
class ImageDamageTest {
    @TempDir
    Path directory;

    static Stream<SampleImage> smallImages() {
        return Stream.of(SampleImage.small(), SampleImage.smallChained(), SampleImage.smallPartial());
    }

    @ParameterizedTest
    @MethodSource("smallImages")
    void everyFlippedBitIsFoundByVerify(SampleImage sample) throws Exception {
        byte[] bytes = sample.bytes(directory);
        Path path = Files.write(directory.resolve("flipped"), bytes);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            // given
            flip(path, bytes, bit);
            // when
            MalformedImageException found = damageOf(path);
            // then
            assertThat(found).as("bit %d", bit).isNotNull();
            assertThat(found.offset()).as("bit %d", bit).isBetween(0L, (long) bytes.length);
            assertThat(found).as("bit %d", bit).hasMessageContaining(path + ": offset " + found.offset());
            flip(path, bytes, bit);
        }
    }

    @ParameterizedTest
    @MethodSource("smallImages")
    void noFlippedBitIsHandedOn(SampleImage sample) throws Exception {
        byte[] bytes = sample.bytes(directory);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            // given
            flip(bytes, bit);
            var sink = new SampleImage.Comparing(sample);
            // when, then
            byte[] flipped = bytes;
            assertThatThrownBy(() -> ImageStream.of(new ByteArrayInputStream(flipped), "pipe")
                            .copyTo(sink))
                    .as("bit %d", bit)
                    .isInstanceOf(MalformedImageException.class);
            assertThat(sink.hasEnded).as("bit %d", bit).isFalse();
            flip(bytes, bit);
        }
    }

    @ParameterizedTest
    @MethodSource("smallImages")
    void noFlippedBitIsReadByTrackNumber(SampleImage sample) throws Exception {
        byte[] bytes = sample.bytes(directory);
        Path path = Files.write(directory.resolve("flipped"), bytes);
        for (int bit = 0; bit < bytes.length * 8; bit += 7) {
            flip(path, bytes, bit);
            readAllTracks(path, sample, bit);
            flip(path, bytes, bit);
        }
    }

    private static void readAllTracks(Path path, SampleImage sample, int bit) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(
                EncodedTrack.maxBytes(sample.space.geometry().trackBytes()));
        try (ImageReader reader = ImageReader.open(path)) {
            for (int track = 0; track < sample.kinds.length; track++) {
                assertThat(reader.kindOf(track)).as("bit %d", bit).isEqualTo(sample.kinds[track]);
                if (sample.kinds[track].isEncoded()) {
                    readTrack(reader, track, into.clear(), sample, bit);
                }
            }
        } catch (MalformedImageException e) {
            assertThat(e.path()).isEqualTo(path.toString());
        }
    }

    private static void readTrack(ImageReader reader, int track, ByteBuffer into, SampleImage sample, int bit)
            throws IOException {
        try {
            reader.read(track, into);
            assertThat(into).as("bit %d", bit).isEqualTo(ByteBuffer.wrap(sample.encoded[track]));
        } catch (MalformedImageException e) {
            assertThat(into.remaining()).isEqualTo(into.capacity());
        }
    }

    @Test
    void aFileCutShortAnywhereIsRefusedAndTellsWhere() throws Exception {
        SampleImage sample = SampleImage.small();
        byte[] bytes = sample.bytes(directory);
        for (int length = 0; length < bytes.length; length++) {
            checkCut(sample, Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void aLargerFileCutShortIsRefusedAndTellsWhere() throws Exception {
        SampleImage sample = SampleImage.random(7, 2500, 3);
        byte[] bytes = sample.bytes(directory);
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            checkCut(sample, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
    }

    private void checkCut(SampleImage sample, byte[] cut) throws IOException {
        var sink = new SampleImage.Comparing(sample);
        assertThatThrownBy(() ->
                        ImageStream.of(new ByteArrayInputStream(cut), "pipe").copyTo(sink))
                .as("cut at %d", cut.length)
                .isInstanceOfSatisfying(MalformedImageException.class, e -> {
                    assertThat(e.offset()).isEqualTo(cut.length);
                    assertThat(e.found()).contains("cut short");
                });
        assertThat(sink.hasEnded).isFalse();
        Path path = Files.write(directory.resolve("cut"), cut);
        assertThatThrownBy(() -> ImageReader.open(path))
                .as("cut at %d", cut.length)
                .isInstanceOf(MalformedImageException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void bytesBehindTheTrailerAreFound() throws Exception {
        SampleImage sample = SampleImage.small();
        byte[] bytes = sample.bytes(directory);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> ImageStream.of(new ByteArrayInputStream(longer), "pipe")
                        .copyTo(new SampleImage.Comparing(sample)))
                .isInstanceOf(MalformedImageException.class)
                .hasMessageContaining("offset " + bytes.length + ": expected the end of the file");
        byte[] twice = SampleImage.concat(bytes, bytes);
        assertThat(damageOf(Files.write(directory.resolve("twice"), twice))).isNotNull();
    }

    @Test
    void verifyNamesEachDamagedTrackAndGoesOn() throws Exception {
        // given
        SampleImage sample = SampleImage.random(3, 1500, 2);
        byte[] bytes = sample.bytes(directory);
        Path path = Files.write(directory.resolve("image"), bytes);
        int[] damaged = IntStream.range(0, sample.kinds.length)
                .filter(track -> sample.kinds[track] == TrackKind.DATA && track % 100 < 3)
                .toArray();
        for (int track : damaged) {
            flip(bytes, bodyOffset(path, track) * 8 + 200);
        }
        Files.write(path, bytes);
        // when
        ImageVerification found;
        try (ImageReader reader = ImageReader.open(path)) {
            found = reader.verify((done, total) -> {}, () -> false);
        }
        // then
        assertThat(damaged).hasSizeGreaterThan(3);
        assertThat(found.isSound()).isFalse();
        assertThat(found.isComplete()).isTrue();
        assertThat(found.damageCount()).isEqualTo(damaged.length);
        for (int i = 0; i < damaged.length; i++) {
            assertThat(found.damages().get(i)).hasMessageContaining("SHA-256 of track " + damaged[i] + ",");
        }
        TrackSpace space = sample.header.space();
        assertThat(found.lost().tracks()).isEqualTo(damaged.length);
        assertThat(found.lost().sectors())
                .isEqualTo(IntStream.of(damaged).map(space::sectorCount).sum());
        assertThat(found.lost().ranges().get(0).firstLba()).isEqualTo(space.sourceLba(damaged[0]));
    }

    @Test
    void whatLiesBehindABrokenRecordIsLostAsAWhole() throws Exception {
        // given: the record header of a track in the middle is damaged, so that nobody knows where the next record
        // begins
        SampleImage sample = SampleImage.random(3, 1500, 2);
        byte[] bytes = sample.bytes(directory);
        Path path = Files.write(directory.resolve("image"), bytes);
        int broken = IntStream.range(700, 1500)
                .filter(track -> sample.kinds[track] == TrackKind.DATA)
                .findFirst()
                .orElseThrow();
        flip(bytes, (bodyOffset(path, broken) - RecordHeader.BYTES) * 8 + 3);
        Files.write(path, bytes);
        // when
        ImageVerification found;
        try (ImageReader reader = ImageReader.open(path)) {
            found = reader.verify((done, total) -> {}, () -> false);
        }
        // then
        assertThat(found.isSound()).isFalse();
        assertThat(found.isComplete()).isFalse();
        assertThat(found.lost().tracks()).isEqualTo(1500 - broken);
        assertThat(found.lost().ranges().get(0).firstLba())
                .isEqualTo(sample.header.space().sourceLba(broken));
    }

    @Test
    void linksThatNeedADamagedOneAreDamagedToo() throws Exception {
        // given: damaged are the first link of a group, one inside, another behind that, the last one, and not the next
        // group
        SampleImage sample = SampleImage.chained(3, 300, 2);
        byte[] bytes = sample.bytes(directory);
        Path path = Files.write(directory.resolve("image"), bytes);
        int[] damaged = {linkFrom(sample, 0), linkFrom(sample, 40), linkFrom(sample, 50), linkFrom(sample, 96 + 20)};
        for (int track : damaged) {
            flip(bytes, bodyOffset(path, track) * 8 + 200);
        }
        Files.write(path, bytes);
        // when
        ImageVerification found;
        try (ImageReader reader = ImageReader.open(path)) {
            found = reader.verify((done, total) -> {}, () -> false);
        }
        // then
        List<String> expected = new ArrayList<>();
        for (int track = 0; track < 300; track++) {
            int group = EncodedTrack.groupStart(track);
            int end = track;
            OptionalInt needed = Arrays.stream(damaged)
                    .filter(each -> each >= group && each < end)
                    .findFirst();
            if (IntStream.of(damaged).anyMatch(each -> each == end)) {
                expected.add("expected the SHA-256 of track " + track + ",");
            } else if (sample.isLink(track) && needed.isPresent()) {
                expected.add("expected track " + needed.getAsInt() + ", without which track " + track
                        + " cannot be decoded, found damaged bytes");
            }
        }
        assertThat(expected).hasSizeBetween(10, ImageVerification.MAX_DAMAGES);
        assertThat(found.isComplete()).isTrue();
        assertThat(found.damageCount()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.damages().get(i)).hasMessageContaining(expected.get(i));
        }
    }

    /** The first link from a track on, which is in the same group. */
    private static int linkFrom(SampleImage sample, int track) {
        int link = track;
        while (!sample.isLink(link)) {
            link++;
        }
        assertThat(EncodedTrack.groupStart(link)).isEqualTo(EncodedTrack.groupStart(track));
        return link;
    }

    private static int bodyOffset(Path path, int track) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer file = ByteBuffer.wrap(bytes);
        for (int at = file.getInt(12); ; at += RecordHeader.BYTES + file.getInt(at + 16)) {
            if (file.get(at + 4) == RecordHeader.DATA && file.getInt(at + 8) == track) {
                return at + RecordHeader.BYTES;
            }
        }
    }

    @Test
    void verifyStopsWhenCancelledAndIsThenNotSound() throws Exception {
        Path path = directory.resolve("image");
        SampleImage.small().writeTo(path);
        try (ImageReader reader = ImageReader.open(path)) {
            ImageVerification found = reader.verify((done, total) -> {}, () -> true);
            assertThat(found.isComplete()).isFalse();
            assertThat(found.isSound()).isFalse();
            assertThat(found.damages()).isEmpty();
            assertThat(found.lost().isEmpty()).isTrue();
        }
    }

    /** What opening or verifying finds first, or null when the image is sound. */
    private static MalformedImageException damageOf(Path path) throws IOException {
        try (ImageReader reader = ImageReader.open(path)) {
            ImageVerification found = reader.verify((done, total) -> {}, () -> false);
            return found.isSound() ? null : found.damages().get(0);
        } catch (MalformedImageException e) {
            return e;
        }
    }

    /** Writes one byte, not the file, as this is done some ten thousand times. */
    private static void flip(Path path, byte[] bytes, int bit) throws IOException {
        flip(bytes, bit);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes, bit / 8, 1), bit / 8);
        }
    }

    private static void flip(byte[] bytes, int bit) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
}
