package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.FalseDisk;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that show what was written and do not keep it. */
class LastLookTest {
    private static final int TRACK_SECTORS = 1;
    private static final int TRACKS = 6000;

    private final TrackSpace space = space(TRACKS);

    /** In which order tracks come. */
    enum Order {
        ASCENDING,
        DESCENDING,
        BY_CHANCE;

        List<Integer> of(int tracks, long seed) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, tracks).boxed().toList());
            if (this == DESCENDING) {
                Collections.reverse(order);
            } else if (this == BY_CHANCE) {
                Collections.shuffle(order, new Random(seed));
            }
            return order;
        }
    }

    /** Sectors that a device has of the 6000 that it claims. */
    static LongStream capacities() {
        return LongStream.of(
                3000, 1500, 750, 2000, 4500, 4096, 1024, 512, 64, 7, 1, 3001, 2999, 5999, 5998, 5990, 5900, 5000);
    }

    @ParameterizedTest(name = "capacity {0} of 6000")
    @MethodSource("capacities")
    void everyFalseCapacityIsFound(long capacity) {
        for (Order order : Order.values()) {
            for (long seed = 0; seed < 3; seed++) {
                FalseDisk disk = new FalseDisk(TRACKS).wrapsAt(capacity);
                long someSeed = seed;
                assertThatThrownBy(() -> write(disk, order.of(TRACKS, someSeed), Verification.SAMPLE, someSeed))
                        .as("%s, seed %s", order, seed)
                        .isInstanceOf(DeviceException.class);
            }
        }
    }

    @Test
    void theMessageSaysHowMuchTheDiskHolds() {
        FalseDisk disk = new FalseDisk(TRACKS).wrapsAt(3000);
        assertThatThrownBy(() -> write(disk, Order.ASCENDING.of(TRACKS, 1), Verification.SAMPLE, 1))
                .hasMessageContaining("shows what was written to track")
                .hasMessageContaining("it holds only about 1536000 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 3000, 5999})
    void aTrackOverwrittenFromAnyPlaceIsFoundByTheFullLook(int destroyed) {
        // The last track lies where another one does.
        int last = TRACKS - 1;
        FalseDisk disk = new FalseDisk(TRACKS).places(sector -> sector == last ? destroyed % last : sector);
        assertThatThrownBy(() -> write(disk, Order.ASCENDING.of(TRACKS, 1), Verification.FULL, 1))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("track " + destroyed % last + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 3333, 5998, 5999})
    void aWriteThatIsLostAfterItWasSeenIsFoundByTheFullLook(int lost) {
        assertThatThrownBy(() ->
                        write(new FalseDisk(TRACKS).loses(lost), Order.ASCENDING.of(TRACKS, 1), Verification.FULL, 1))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("track " + lost + " ");
    }

    @Test
    void aDiskThatForgetsAllAtTheSyncIsFound() {
        assertThatThrownBy(() -> write(
                        new FalseDisk(TRACKS).losesAllAtSync(0), Order.ASCENDING.of(TRACKS, 1), Verification.SAMPLE, 1))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("the disk does not keep what is written to it");
    }

    /** The place that was meant shows at once; the place that was hit had been read back before. */
    @ParameterizedTest
    @ValueSource(ints = {-100, -700, -4000})
    void aMisplacedWriteMakesTheDiskSuspectAndTheDestroyedTrackIsFound(int by) {
        FalseDisk disk = new FalseDisk(TRACKS).misplaces(5000, by);
        assertThatThrownBy(() -> write(disk, Order.ASCENDING.of(TRACKS, 1), Verification.SAMPLE, 1))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("track " + (5000 + by) + " ")
                .hasMessageContaining("while it was written: track 5000 was read back with checksum");
    }

    /** What was hit was written afterwards: everything is as it should be. */
    @Test
    void aMisplacedWriteThatDestroyedNothingIsWrittenAgain() throws Exception {
        FalseDisk disk = new FalseDisk(TRACKS).misplaces(100, 2000);
        write(disk, Order.ASCENDING.of(TRACKS, 1), Verification.SAMPLE, 1);
        for (int track = 0; track < TRACKS; track++) {
            assertThat(read(disk, track)).isEqualTo(raw(track));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SAMPLE", "FULL"})
    void aSoundDiskPasses(Verification extent) throws Exception {
        write(new FalseDisk(TRACKS), Order.BY_CHANCE.of(TRACKS, 3), extent, 3);
    }

    @Test
    void zerosAreLookedAtAndUnusedTracksAreNot() throws Exception {
        // given
        FalseDisk disk = new FalseDisk(TRACKS);
        TrackTarget target = target(disk, space);
        LastLook look = new LastLook(space, Verification.FULL, 5);
        try (TrackWriter writer = new TrackWriter(target, look)) {
            writer.skip(0, 2000, TrackKind.ZERO);
            writer.skip(2000, 4000, TrackKind.UNUSED);
        }
        // when
        disk.write(4000L * FalseDisk.SECTOR_BYTES, ByteBuffer.wrap(raw(1)));
        look.run(target, () -> false);
        disk.write(1234L * FalseDisk.SECTOR_BYTES, ByteBuffer.wrap(raw(1)));
        // then
        assertThatThrownBy(() -> look.run(target, () -> false)).hasMessageContaining("track 1234 ");
    }

    /** Only the end of the disk and its first half hold data, as on a new system: pairs that lie in one place are few. */
    @ParameterizedTest
    @ValueSource(ints = {3000, 4096, 2048, 1500, 2000, 4500, 5500})
    void theOneTrackThatASparseDiskDestroysIsFoundAtLikelyCapacities(int capacity) {
        FalseDisk disk = new FalseDisk(TRACKS).wrapsAt(capacity);
        List<Integer> order = new ArrayList<>();
        for (int track = 0; track < TRACKS; track++) {
            if (track < 2400 || track == TRACKS - 1 || track == 2900) {
                order.add(track);
            }
        }
        boolean isDestroyed = order.contains((TRACKS - 1) % capacity) && capacity <= TRACKS - 1;
        if (isDestroyed) {
            assertThatThrownBy(() -> write(disk, order, Verification.SAMPLE, 1)).isInstanceOf(DeviceException.class);
        } else {
            assertThatCode(() -> write(disk, order, Verification.SAMPLE, 1)).doesNotThrowAnyException();
        }
    }

    /** Sums of several tracks serve large disks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void groupsOfTracksShowTheSame(int groupTracks) throws Exception {
        TrackSpace small = space(1000);
        FalseDisk disk = new FalseDisk(1000);
        TrackTarget target = target(disk, small);
        LastLook look = new LastLook(small, Verification.FULL, 7, (999 / groupTracks) + 1);
        writeAll(target, look, Order.BY_CHANCE.of(1000, 7));
        look.run(target, () -> false);
        // Two neighbours change places.
        byte[] first = read(disk, 500);
        disk.write(500L * FalseDisk.SECTOR_BYTES, ByteBuffer.wrap(read(disk, 501)));
        disk.write(501L * FalseDisk.SECTOR_BYTES, ByteBuffer.wrap(first));
        assertThatThrownBy(() -> look.run(target, () -> false)).isInstanceOf(DeviceException.class);
    }

    @Test
    void aStoppedLookReadsNothingMore() throws Exception {
        FalseDisk disk = new FalseDisk(TRACKS).wrapsAt(3000);
        TrackTarget target = target(disk, space);
        LastLook look = new LastLook(space, Verification.FULL, 1);
        writeAll(target, look, Order.ASCENDING.of(TRACKS, 1));
        look.run(target, () -> true);
    }

    @Test
    void theSampleGrowsWithTheRootAndHasBounds() {
        assertThat(IntStream.of(1, 64, 1024, 40_000, 4 << 20, 1 << 26).map(LookSample::spread))
                .containsExactly(64, 64, 64, 400, 4096, 4096);
    }

    /** No run of tracks that is as long as two parts is without one that is read. */
    @Test
    void theSampleHasNoLargeGap() {
        for (long seed = 0; seed < 20; seed++) {
            LookSample sample = new LookSample(space(50_000), 1, new Random(seed));
            BitSet all = new BitSet();
            all.set(0, 50_000);
            sample.addSpread(all);
            int[] taken = sample.groups().stream().toArray();
            int part = 50_000 / LookSample.spread(50_000) + 1;
            assertThat(taken).hasSize(LookSample.spread(50_000));
            for (int i = 1; i < taken.length; i++) {
                assertThat(taken[i] - taken[i - 1]).isLessThanOrEqualTo(2 * part);
            }
        }
    }

    private static TrackSpace space(int tracks) {
        return new TrackSpace(new Geometry(512, 4, TRACK_SECTORS, tracks), List.of(new Region(0, 0, tracks, "")));
    }

    private static TrackTarget target(FalseDisk disk, TrackSpace space) {
        return new DiskTrackTarget(disk, space, new long[] {0}, false);
    }

    private void write(FalseDisk disk, List<Integer> order, Verification extent, long seed) throws Exception {
        TrackTarget target = target(disk, space);
        LastLook look = new LastLook(space, extent, seed);
        writeAll(target, look, order);
        target.sync();
        look.run(target, () -> false);
    }

    /** As a slave's worker does: what reads back wrong is written again. */
    private static void writeAll(TrackTarget target, LastLook look, List<Integer> order) throws Exception {
        try (TrackWriter writer = new TrackWriter(target, look)) {
            for (int track : order) {
                writer.write(track, encoded(track));
                while (writer.isVerifyDue()) {
                    readBack(writer);
                }
            }
            while (writer.hasUnverified()) {
                readBack(writer);
            }
        }
    }

    private static void readBack(TrackWriter writer) throws Exception {
        TrackWriter.Verified verified = writer.verifyOldest();
        for (int tries = 0; !verified.isGood(); tries++) {
            if (tries == 3) {
                throw new DeviceException(verified.difference(), 0, null);
            }
            writer.write(verified.track(), encoded(verified.track()));
            verified = writer.verifyOldest();
        }
    }

    private static byte[] raw(int track) {
        byte[] raw = new byte[TRACK_SECTORS * FalseDisk.SECTOR_BYTES];
        new Random(track).nextBytes(raw);
        return raw;
    }

    private static byte[] read(FalseDisk disk, int track) {
        ByteBuffer into = ByteBuffer.allocate(TRACK_SECTORS * FalseDisk.SECTOR_BYTES);
        disk.read((long) track * into.capacity(), into);
        return into.array();
    }

    private static final ByteBuffer[] ENCODED = new ByteBuffer[TRACKS];

    private static ByteBuffer encoded(int track) {
        if (ENCODED[track] == null) {
            ENCODED[track] = encode(track);
        }
        return ENCODED[track].duplicate();
    }

    private static ByteBuffer encode(int track) {
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(TRACK_SECTORS * FalseDisk.SECTOR_BYTES));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("none"))) {
            encoder.encode(track, ByteBuffer.wrap(raw(track)), out);
        }
        assertThat(EncodedTrack.checksum(out)).isEqualTo(TrackChecksum.of(ByteBuffer.wrap(raw(track))));
        return out;
    }
}
