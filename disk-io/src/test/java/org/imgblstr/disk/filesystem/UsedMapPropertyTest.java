package org.imgblstr.disk.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UsedMapPropertyTest {
    private static final long PAGE_BYTES = 512L * UsedMapBuilder.PAGE_UNITS;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithAPlainBitSetAtItsResolution(long seed) {
        // given a volume of several pages that does not end on a unit, and little room for mixed pages on odd seeds
        Random random = new Random(seed);
        long size = 1 + random.nextLong(6 * PAGE_BYTES);
        UsedMapBuilder builder = new UsedMapBuilder(size, seed % 2 == 0 ? 100 : 1 + random.nextInt(2));
        BitSet model = new BitSet();
        // when
        for (int i = 0; i < 60; i++) {
            long offset = random.nextLong(size + 1000) - 500;
            long length = random.nextInt(4) == 0 ? random.nextLong(2 * PAGE_BYTES) : random.nextInt(5000);
            boolean used = random.nextInt(3) != 0;
            change(builder, model, size, offset, length, used);
        }
        UsedMap map = builder.build();
        // then
        checkAgainst(map, model, random, seed % 2 == 0);
    }

    private static void change(
            UsedMapBuilder builder, BitSet model, long size, long offset, long length, boolean used) {
        long end = Math.min(size, offset + length);
        long first = Math.max(0, offset);
        if (used) {
            builder.use(offset, length);
            if (first < end) {
                model.set((int) (first / 512), (int) ((end + 511) / 512));
            }
            return;
        }
        builder.free(offset, length);
        int firstUnit = (int) ((first + 511) / 512);
        int endUnit = (int) (end == size ? (end + 511) / 512 : end / 512);
        if (firstUnit < endUnit) {
            model.clear(firstUnit, endUnit);
        }
    }

    private static void checkAgainst(UsedMap map, BitSet model, Random random, boolean isExact) {
        long size = map.sizeBytes();
        long[] sum = new long[2];
        BitSet seen = new BitSet();
        map.forEachUsed(0, size, (from, to) -> {
            assertThat(from).isLessThan(to).isGreaterThanOrEqualTo(sum[1]);
            sum[0] += to - from;
            sum[1] = to;
            seen.set((int) (from / 512), (int) ((to + 511) / 512));
        });
        assertThat(map.usedBytes()).isEqualTo(sum[0]);
        assertThat(map.endOfUsed()).isEqualTo(sum[1]);
        if (isExact) {
            assertThat(seen).isEqualTo(model);
        }
        BitSet skipped = (BitSet) model.clone();
        skipped.andNot(seen);
        assertThat(skipped.cardinality()).as("units used but skipped").isZero();
        for (int i = 0; i < 200; i++) {
            long at = random.nextLong(size);
            boolean used = seen.get((int) (at / 512));
            assertThat(map.isUsed(at, 1)).isEqualTo(used);
            assertThat(map.nextUsed(at) == at).isEqualTo(used);
            assertThat(map.nextFree(at) == at).isEqualTo(!used);
        }
    }

    @Test
    void aFragmentedHugeVolumeStaysWithinItsBound() {
        // given
        long size = 16L << 40;
        UsedMapBuilder builder = new UsedMapBuilder(size);
        // when every second 256 KiB is used in one in sixteen stretches of 32 MiB: far more pages than may be mixed
        for (long stretch = 0; stretch < size; stretch += 512L << 20) {
            for (long at = stretch; at < stretch + (32 << 20); at += 512 << 10) {
                builder.use(at + 512, 256 << 10);
            }
        }
        UsedMap map = builder.build();
        // then
        assertThat(map.unitBytes()).isLessThanOrEqualTo(64 << 10);
        assertThat(map.isUsed((512L << 30) + 1000, 1)).isTrue();
        assertThat(map.isUsed((512L << 30) + (40 << 20), 1 << 20)).isFalse();
        assertThat(map.isUsed(size - (480L << 20) - (100 << 10), 1)).isFalse();
    }

    @Test
    void anEmptyAndAFullVolumeCountToTheByte() {
        assertThat(UsedMap.allUsed(1001).usedBytes()).isEqualTo(1001);
        assertThat(UsedMap.allUsed(1001).endOfUsed()).isEqualTo(1001);
        assertThat(UsedMap.allUsed(0).usedBytes()).isZero();
        assertThat(new UsedMapBuilder(5000).build().nextUsed(0)).isEqualTo(5000);
        assertThat(UsedMap.allUsed(64 * PAGE_BYTES).usedBytes()).isEqualTo(64 * PAGE_BYTES);
    }
}
