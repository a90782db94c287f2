package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrackUsePropertyTest {
    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithLookingAtEverySector(long seed) {
        // given a few regions of a disk, some sectors of which are used
        Random random = new Random(seed);
        int sectorBytes = seed % 2 == 0 ? 512 : 4096;
        int sectors = 20_000;
        TrackSpace space = space(random, sectorBytes, sectors);
        UsedMapBuilder builder = new UsedMapBuilder((long) sectors * sectorBytes);
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            builder.use(random.nextLong((long) sectors * sectorBytes), random.nextInt(400_000));
        }
        for (int i = 0; i < random.nextInt(12); i++) {
            builder.zero(random.nextLong((long) sectors * sectorBytes), random.nextInt(200_000));
        }
        UsedMap used = builder.build();
        // when
        TrackUse use = new TrackUse(space, used);
        // then
        List<TrackUse.Kind> kinds = new ArrayList<>();
        for (int track = 0; track < space.trackCount(); track++) {
            kinds.add(kindBySectors(space, used, track));
            assertThat(use.kind(track)).isEqualTo(kinds.get(track));
            assertThat(sectorsOf(use, space, track)).isEqualTo(sectorsByLooking(space, used, track));
            assertThat(sectors(use.partsOf(track), sectorBytes))
                    .as("read")
                    .isEqualTo(sectorsByLooking(space, used.stored(), track));
        }
        for (int track = 0; track <= space.trackCount(); track++) {
            int nextUsed = track;
            while (nextUsed < kinds.size() && kinds.get(nextUsed) == TrackUse.Kind.FREE) {
                nextUsed++;
            }
            int nextFree = track;
            while (nextFree < kinds.size() && kinds.get(nextFree) != TrackUse.Kind.FREE) {
                nextFree++;
            }
            int nextStored = track;
            while (nextStored < kinds.size() && use.partsOf(nextStored).length == 0) {
                nextStored++;
            }
            assertThat(use.nextUsedTrack(track)).isEqualTo(nextUsed);
            assertThat(use.nextStoredTrack(track)).isEqualTo(nextStored);
            assertThat(use.nextFreeTrack(track)).isEqualTo(nextFree);
        }
    }

    private static TrackSpace space(Random random, int sectorBytes, int sectors) {
        List<Region> regions = new ArrayList<>();
        int at = 0;
        for (int number = 1; number <= 4; number++) {
            int first = at + random.nextInt(1000);
            int count = 1 + random.nextInt(3000);
            regions.add(new Region(number, first, count, ""));
            at = first + count;
        }
        return new TrackSpace(new Geometry(sectorBytes, 4, 1 + random.nextInt(70), sectors), regions);
    }

    private static TrackUse.Kind kindBySectors(TrackSpace space, UsedMap used, int track) {
        long first = space.sourceLba(track) * space.geometry().sectorBytes();
        if (!used.isUsed(first, space.rawBytes(track))) {
            return TrackUse.Kind.FREE;
        }
        for (long at = first; at < first + space.rawBytes(track); at += 512) {
            if (!used.isUsed(at, 512)) {
                return TrackUse.Kind.PARTLY;
            }
        }
        return TrackUse.Kind.FULL;
    }

    private static BitSet sectorsByLooking(TrackSpace space, UsedMap used, int track) {
        int sectorBytes = space.geometry().sectorBytes();
        BitSet sectors = new BitSet();
        for (int sector = 0; sector < space.sectorCount(track); sector++) {
            sectors.set(sector, used.isUsed((space.sourceLba(track) + sector) * sectorBytes, sectorBytes));
        }
        return sectors;
    }

    private static BitSet sectorsOf(TrackUse use, TrackSpace space, int track) {
        int sectorBytes = space.geometry().sectorBytes();
        BitSet sectors = new BitSet();
        use.forEachUsed(track, (from, to) -> {
            assertThat(from % sectorBytes).isZero();
            assertThat(to % sectorBytes).isZero();
            assertThat(to).isLessThanOrEqualTo(space.rawBytes(track));
            int first = (int) from / sectorBytes;
            assertThat(first == 0 || !sectors.get(first - 1)).as("merged").isTrue();
            sectors.set(first, (int) to / sectorBytes);
        });
        return sectors;
    }

    private static BitSet sectors(int[] parts, int sectorBytes) {
        BitSet sectors = new BitSet();
        for (int part = 0; part < parts.length; part += 2) {
            sectors.set(parts[part] / sectorBytes, parts[part + 1] / sectorBytes);
        }
        return sectors;
    }

    @Test
    void passesOverOneTebibyteInFewSteps() {
        // given a disk of 1 TiB with 5 GiB used in 100 places
        long size = 1L << 40;
        UsedMapBuilder builder = new UsedMapBuilder(size);
        for (int i = 0; i < 100; i++) {
            builder.use(i * (size / 100), (5L << 30) / 100);
        }
        TrackSpace space = new TrackSpace(Geometry.of(512, size / 512), List.of(new Region(0, 0, size / 512, "")));
        TrackUse use = new TrackUse(space, builder.build());
        // when all runs are visited
        int runs = 0;
        for (int track = use.nextUsedTrack(0);
                track < space.trackCount();
                track = use.nextUsedTrack(use.nextFreeTrack(track))) {
            runs++;
        }
        // then
        assertThat(runs).isEqualTo(100);
        assertThat(use.nextUsedTrack(space.trackCount())).isEqualTo(space.trackCount());
        assertThat(TrackUse.everything(space).usedBytes()).isEqualTo(size);
        assertThat(TrackUse.everything(space).nextFreeTrack(0)).isEqualTo(space.trackCount());
    }
}
