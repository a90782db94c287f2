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
        BitSet used = new BitSet();
        BitSet stored = new BitSet();
        // when
        for (int i = 0; i < 60; i++) {
            long offset = random.nextLong(size + 1000) - 500;
            long length = random.nextInt(4) == 0 ? random.nextLong(2 * PAGE_BYTES) : random.nextInt(5000);
            switch (random.nextInt(6)) {
                case 0 -> {
                    builder.free(offset, length);
                    clear(used, size, offset, length);
                    clear(stored, size, offset, length);
                }
                case 1 -> {
                    builder.zero(offset, length);
                    clear(stored, size, offset, length);
                }
                default -> {
                    builder.use(offset, length);
                    set(used, size, offset, length);
                    set(stored, size, offset, length);
                }
            }
        }
        UsedMap map = builder.build();
        // then
        checkAgainst(map, used, random, seed % 2 == 0);
        checkAgainst(map.stored(), stored, random, seed % 2 == 0);
        checkZeros(map, used, stored, seed % 2 == 0);
        checkCopy(map);
    }

    private static void set(BitSet model, long size, long offset, long length) {
        long end = Math.min(size, offset + length);
        long first = Math.max(0, offset);
        if (first < end) {
            model.set((int) (first / 512), (int) ((end + 511) / 512));
        }
    }

    private static void clear(BitSet model, long size, long offset, long length) {
        long end = Math.min(size, offset + length);
        int firstUnit = (int) ((Math.max(0, offset) + 511) / 512);
        int endUnit = (int) (end == size ? (end + 511) / 512 : end / 512);
        if (firstUnit < endUnit) {
            model.clear(firstUnit, endUnit);
        }
    }

    private static void checkZeros(UsedMap map, BitSet used, BitSet stored, boolean isExact) {
        BitSet zeros = new BitSet();
        map.forEachZero(0, map.sizeBytes(), (from, to) -> zeros.set((int) (from / 512), (int) ((to + 511) / 512)));
        assertThat(zeros.intersects(stored)).as("must be read").isFalse();
        if (isExact) {
            BitSet expected = (BitSet) used.clone();
            expected.andNot(stored);
            assertThat(zeros).isEqualTo(expected);
        }
    }

    /** A map within a larger one says the same of its bytes. */
    private static void checkCopy(UsedMap map) {
        UsedMap copy =
                new UsedMapBuilder(map.sizeBytes() + 4096).useAll(4096, map).build();
        for (long at = 0; at < map.sizeBytes(); at += 512 * 37) {
            assertThat(copy.isUsed(at + 4096, 1)).isEqualTo(map.isUsed(at, 1));
            assertThat(copy.stored().isUsed(at + 4096, 1))
                    .isEqualTo(map.isUsed(at, 1) && map.stored().isUsed(at, 1));
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
    void nothingIsZeroUnlessThatIsSaid() {
        UsedMap map = new UsedMapBuilder(5000).use(1024, 2048).zero(0, 0).build();
        assertThat(map.stored()).isSameAs(map);
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
