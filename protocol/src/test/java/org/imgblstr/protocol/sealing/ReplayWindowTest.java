package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void beginsWithAnyNumber(int first) {
        assertThat(window.isNew(first)).isTrue();
        window.add(first);

        assertThat(window.isNew(first)).isFalse();
        assertThat(window.isNew(first + 1)).isTrue();
        assertThat(window.isNew(first - 1)).isTrue();
    }

    @Test
    void remembersTheLast65536Numbers() {
        window.add(100_000);

        assertThat(window.isNew(100_000 - 65_535)).isTrue();
        assertThat(window.isNew(100_000 - 65_536)).isFalse();
        window.add(100_000 - 65_535);
        assertThat(window.isNew(100_000 - 65_535)).isFalse();
        window.add(100_001);
        assertThat(window.isNew(100_000 - 65_535)).isFalse();
        assertThat(window.isNew(100_000)).isFalse();
    }

    @Test
    void lookingChangesNothing() {
        window.add(5);
        for (int sequence = -70_000; sequence < 70_000; sequence++) {
            boolean before = window.isNew(sequence);
            assertThat(window.isNew(sequence)).isEqualTo(before);
        }
        assertThat(window.isNew(6)).isTrue();
        assertThat(window.isNew(4)).isTrue();
    }

    /** Against a set of numbers, over the end of 32 bits, with jumps of all sizes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void doesWhatASetOfNumbersWouldDo(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> come = new TreeSet<>();
        long newest = (1L << 32) - 300_000;
        window.add((int) newest);
        come.add(newest);
        for (int round = 0; round < 200_000; round++) {
            int kind = random.nextInt(1000);
            long distance =
                    kind == 0 ? random.nextInt(200_000) : kind < 500 ? 1 + random.nextInt(3) : -random.nextInt(70_000);
            long number = newest + distance;
            boolean isNew = number > newest - 65_536 && !come.contains(number);
            assertThat(window.isNew((int) number))
                    .as("number " + number + " after " + newest)
                    .isEqualTo(isNew);
            if (isNew) {
                window.add((int) number);
                come.add(number);
                newest = Math.max(newest, number);
            }
        }
    }
}
