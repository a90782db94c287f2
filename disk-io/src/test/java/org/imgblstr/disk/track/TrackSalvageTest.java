package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.BadDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is lost with bad sectors: they, and nothing beside them, in bounded time. */
class TrackSalvageTest {
    private static final int TRIES = 5;
    private static final Duration HOUR = Duration.ofHours(1);

    private static TrackSpace space(BadDisk disk, long firstLba) {
        long sectors = disk.sizeBytes() / disk.sectorBytes();
        return new TrackSpace(
                Geometry.of(disk.sectorBytes(), sectors), List.of(new Region(1, firstLba, sectors - firstLba, "")));
    }

    private static DiskTrackSource source(BadDisk disk, TrackSpace space, Duration badTime) {
        return new DiskTrackSource(disk, space, TRIES, new BadTime(badTime, () -> disk.nowNs), track ->
                new int[] {0, space.rawBytes(track)});
    }

    /** Reads all tracks; what is not in the map must be right, the rest zero. */
    private static UnreadableSectors readAll(BadDisk disk, DiskTrackSource source) throws DeviceException {
        TrackSpace space = source.space();
        UnreadableSectors unreadable = new UnreadableSectors(space);
        byte[] raw = new byte[space.geometry().trackBytes()];
        for (int track = 0; track < space.trackCount(); track++) {
            UnreadableMap map = source.read(track, ByteBuffer.wrap(raw));
            unreadable.add(track, map);
            BitSet lost = new BitSet();
            map.forEachRange(lost::set);
            long offset = space.sourceLba(track) * disk.sectorBytes();
            for (int at = 0; at < space.rawBytes(track); at++) {
                byte expected = lost.get(at) ? 0 : BadDisk.byteAt(offset + at);
                if (raw[at] != expected) {
                    assertThat(raw[at]).as("track " + track + ", byte " + at).isEqualTo(expected);
                }
            }
        }
        return unreadable;
    }

    private static BitSet sectorsOf(UnreadableSectors unreadable) {
        BitSet sectors = new BitSet();
        unreadable
                .ranges()
                .forEach(range -> sectors.set((int) range.firstLba(), (int) (range.firstLba() + range.sectorCount())));
        return sectors;
    }

    @ParameterizedTest(name = "sectors of {0}, blocks of {1}, from LBA {2}")
    @CsvSource({"512, 512, 0", "512, 512, 63", "512, 4096, 0", "512, 4096, 34", "4096, 4096, 0", "4096, 4096, 7"})
    void nothingIsLostButBadSectors(int sectorBytes, int physicalBytes, int firstLba) throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            // given
            Random random = new Random(seed);
            BadDisk disk = new BadDisk(1_000_000 / sectorBytes, sectorBytes, physicalBytes);
            int block = physicalBytes / sectorBytes;
            BitSet expected = new BitSet();
            for (int places = random.nextInt(12); places >= 0; places--) {
                int at = (firstLba + random.nextInt((int) (disk.sizeBytes() / sectorBytes) - firstLba)) / block * block;
                int count = block * (random.nextInt(4) == 0 ? 40 : 1);
                disk.bad.set(at);
                expected.set(at, at + count);
                disk.bad.set(at, at + count);
            }
            expected.clear(0, firstLba);
            expected.clear((int) (disk.sizeBytes() / sectorBytes), Integer.MAX_VALUE);
            // when
            UnreadableSectors found = readAll(disk, source(disk, space(disk, firstLba), HOUR));
            // then
            assertThat(sectorsOf(found)).as("seed " + seed).isEqualTo(expected);
            assertThat(found.sectors()).isEqualTo(expected.cardinality());
        }
    }

    @Test
    void aSingleBadSectorIsTriedFiveTimesAndItsNeighboursOnce() throws Exception {
        BadDisk disk = new BadDisk(512, 512, 512);
        disk.bad.set(200);
        readAll(disk, source(disk, space(disk, 0), HOUR));
        // The track, its block of 4 KiB, and the sector itself.
        assertThat(disk.failures).isEqualTo(1 + 1 + TRIES);
        assertThat(disk.reads).isLessThanOrEqualTo(1 + 64 + 8 + TRIES);
    }

    /** Each read that fails takes a second; a drive may take ten. */
    @Test
    void aThousandScatteredBadBlocksEndInBoundedTimeAndCostNothingElse() throws Exception {
        // given
        int tracks = 1000;
        BadDisk disk = new BadDisk(tracks * 64L, 4096, 4096);
        disk.failNs = 1_000_000_000;
        Random random = new Random(4);
        for (int track = 0; track < tracks; track++) {
            disk.bad.set(track * 64 + random.nextInt(64));
        }
        Duration budget = Duration.ofMinutes(30);
        // when
        DiskTrackSource source = source(disk, space(disk, 0), budget);
        UnreadableSectors found = readAll(disk, source);
        // then
        assertThat(sectorsOf(found)).isEqualTo(disk.bad);
        assertThat(Duration.ofNanos(disk.nowNs)).isLessThan(budget.plusSeconds(3L * tracks));
        assertThat(disk.reads).isLessThan(tracks * 75);
    }

    @Test
    void aDeadZoneEndsInBoundedTime() throws Exception {
        int tracks = 40;
        BadDisk disk = new BadDisk(tracks * 512L, 512, 512);
        disk.failNs = 1_000_000_000;
        disk.bad.set(5 * 512 + 7, 35 * 512);
        Duration budget = Duration.ofMinutes(2);
        UnreadableSectors found = readAll(disk, source(disk, space(disk, 0), budget));
        // 7 sectors of a block of 4 KiB may be lost with the time.
        assertThat(found.ranges()).hasSize(1);
        assertThat(found.sectors()).isBetween(30 * 512L - 7, 30 * 512L);
        assertThat(Duration.ofNanos(disk.nowNs)).isLessThan(budget.plusSeconds(3L * tracks));
    }

    @Test
    void whatCannotBeReadInFreeSpaceIsNeitherLookedAtNorCounted() throws Exception {
        BadDisk disk = new BadDisk(512, 512, 512);
        disk.bad.set(100, 110);
        disk.bad.set(300);
        TrackSpace space = space(disk, 0);
        TrackParts parts = track -> new int[] {0, 100 * 512, 110 * 512, 512 * 512};
        DiskTrackSource source = new DiskTrackSource(disk, space, TRIES, new BadTime(HOUR), parts);
        byte[] raw = new byte[space.rawBytes(0)];
        assertThat(source.read(0, ByteBuffer.wrap(raw))).hasToString("unreadable bytes 153600 to 154111");
        assertThat(disk.failures).isEqualTo(1 + 1 + TRIES);
    }

    /** A track must have the same bytes each time, and the digest of the pass. */
    @Test
    void whatWasUnreadableStaysSo() throws Exception {
        BadDisk disk = new BadDisk(512, 512, 512);
        disk.bad.set(8);
        DiskTrackSource source = source(disk, space(disk, 0), HOUR);
        UnreadableSectors first = readAll(disk, source);
        int failures = disk.failures;
        assertThat(sectorsOf(readAll(disk, source))).isEqualTo(sectorsOf(first));
        assertThat(disk.failures).as("nothing bad is read again").isEqualTo(failures);
        disk.bad.clear();
        assertThat(sectorsOf(readAll(disk, source))).isEqualTo(sectorsOf(first));
        disk.bad.set(400);
        assertThatThrownBy(() -> readAll(disk, source))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("lost more sectors");
    }

    @Test
    void rangesAreJoinedAndTheirListIsBounded() {
        BadDisk disk = new BadDisk(20_000_000, 512, 512);
        TrackSpace space = space(disk, 0);
        UnreadableSectors unreadable = new UnreadableSectors(space);
        BitSet everyOther = new BitSet();
        for (int unit = 0; unit < 512; unit += 2) {
            everyOther.set(unit);
        }
        UnreadableMap map = UnreadableMap.of(space.rawBytes(0), everyOther);
        for (int track = 30_000; track > 20_000; track--) {
            unreadable.add(track, map);
        }
        unreadable.addTracks(7, 2);
        unreadable.addTracks(9, 1);
        unreadable.addTracks(6, 1);
        assertThat(unreadable.sectors()).isEqualTo(10_000 * 256L + 4 * 512);
        assertThat(unreadable.tracks()).isEqualTo(10_004);
        assertThat(unreadable.ranges()).hasSize(UnreadableSectors.MOST_RANGES);
        assertThat(unreadable.ranges().get(0)).hasToString("LBA 3072 to 5119");
        assertThat(unreadable.isCut()).isTrue();
        assertThat(unreadable)
                .hasToString("2562048 sectors: LBA 3072 to 5119, LBA 10240512, LBA 10240514,"
                        + " LBA 10240516, LBA 10240518 and more");
    }
}
