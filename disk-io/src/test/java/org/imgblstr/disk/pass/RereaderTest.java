package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.MalformedImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read again stands alone, and is the same each time. */
class RereaderTest {
    private static final int TRACKS = 200;

    @TempDir
    private Path folder;

    private final FakeSource source = FakeSource.shrinking(TRACKS, 7);
    private final ByteBuffer encoded = ByteBuffer.allocateDirect(EncodedTrack.maxBytes(FakeSource.TRACK_BYTES));
    private final byte[][] before = new byte[TRACKS][];

    @Test
    void aTrackOfADiskIsAloneAndTheSameEachTime() throws Exception {
        LevelMap levels = new LevelMap(TRACKS);
        for (int track = 0; track < TRACKS; track += EncodedTrack.CHAIN_TRACKS) {
            levels.setIfNew(track, new int[] {-4, 1, 9}[track / EncodedTrack.CHAIN_TRACKS % 3]);
        }
        int others = 0;
        try (DiskRereader rereader = new DiskRereader(source, CodecChoice.DEFAULT, levels);
                DiskRereader home = new DiskRereader(source, CodecChoice.DEFAULT, new LevelMap(TRACKS))) {
            for (int round = 0; round < 2; round++) {
                for (int track : tracks(round)) {
                    rereader.reread(track, encoded.clear());
                    check(track);
                    home.reread(track, encoded.clear());
                    others += encoded.equals(ByteBuffer.wrap(before[track])) ? 0 : 1;
                }
            }
        }
        assertThat(others).as("tracks to which the level made a difference").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "zstd:9", "rle", "none"})
    void aTrackOfAnImageIsAloneAndTheSameEachTime(String codec) throws Exception {
        Path path = Images.write(folder.resolve("a.img"), source, codec, 2);
        int links = 0;
        try (ImageReader image = ImageReader.open(path);
                ImageRereader rereader = new ImageRereader(image)) {
            for (int seed = 0; seed < 3; seed++) {
                for (int track : tracks(seed)) {
                    rereader.reread(track, encoded.clear());
                    check(track);
                    image.read(track, encoded.clear());
                    if (EncodedTrack.isLink(encoded)) {
                        links++;
                    } else {
                        assertThat(encoded).as("track %d as stored", track).isEqualTo(ByteBuffer.wrap(before[track]));
                    }
                }
            }
        }
        assertThat(links > 0).isEqualTo(codec.startsWith("zstd"));
    }

    @Test
    void aTrackThatNeedsADamagedOneIsMalformed() throws Exception {
        Path path = Images.write(folder.resolve("a.img"), source, "zstd", 2);
        long offset;
        try (ImageReader image = ImageReader.open(path)) {
            offset = image.bodyOffset(40) + EncodedTrack.HEADER_BYTES + 100;
        }
        flip(path, offset);
        try (ImageReader image = ImageReader.open(path);
                ImageRereader rereader = new ImageRereader(image)) {
            for (int track : tracks(0)) {
                boolean isLost = track >= 40 && track < 64 && !FakeSource.isRandom(track);
                if (isLost) {
                    assertThatThrownBy(() -> rereader.reread(track, encoded.clear()))
                            .as("track %d", track)
                            .isInstanceOf(MalformedImageException.class)
                            .hasMessageContaining("track 40");
                } else {
                    rereader.reread(track, encoded.clear());
                    check(track);
                }
            }
        }
    }

    @Test
    void ascendingTracksDoNotReadTheChainAgain() throws Exception {
        Path path = Images.write(folder.resolve("a.img"), source, "zstd", 2);
        try (ImageReader image = ImageReader.open(path);
                ImageRereader rereader = new ImageRereader(image)) {
            rereader.reread(40, encoded.clear());
            for (int track = 33; track <= 40; track++) {
                if (!FakeSource.isZero(track)) {
                    flip(path, image.bodyOffset(track) + EncodedTrack.HEADER_BYTES);
                }
            }
            rereader.reread(41, encoded.clear());
            check(41);
            rereader.reread(61, encoded.clear());
            check(61);
            assertThatThrownBy(() -> rereader.reread(59, encoded.clear())).isInstanceOf(MalformedImageException.class);
        }
    }

    /** All tracks that hold data: ascending, descending, or in any order. */
    private static List<Integer> tracks(int seed) {
        List<Integer> tracks = IntStream.range(0, TRACKS)
                .filter(track -> !FakeSource.isZero(track))
                .boxed()
                .collect(Collectors.toList());
        if (seed == 1) {
            Collections.reverse(tracks);
        } else if (seed > 1) {
            Collections.shuffle(tracks, new Random(seed));
        }
        return tracks;
    }

    private void check(int track) throws MalformedTrackException {
        assertThat(EncodedTrack.isLink(encoded)).as("track %d", track).isFalse();
        ByteBuffer raw = ByteBuffer.allocate(FakeSource.TRACK_BYTES);
        try (TrackDecoder decoder = new TrackDecoder()) {
            decoder.decode(track, source.space().rawBytes(track), encoded, raw);
        }
        assertThat(raw).as("track %d", track).isEqualTo(ByteBuffer.wrap(source.track(track)));
        byte[] found = new byte[encoded.remaining()];
        encoded.get(encoded.position(), found);
        if (before[track] != null) {
            assertThat(found).as("track %d", track).isEqualTo(before[track]);
        }
        before[track] = found;
    }

    private static void flip(Path path, long offset) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 1));
            file.write(one.flip(), offset);
        }
    }
}
