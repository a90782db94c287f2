package org.imgblstr.disk.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.imgblstr.disk.image.TrackCounts.Unreadable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackCountsTest {
    private static final int NUMBERS = 8;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void eachNumberMakesADifference(int changed) {
        TrackCounts counts = counts(NUMBERS);

        assertThat(counts.isSameAs(counts(changed))).isFalse();
        assertThat(counts.isSameAs(counts(NUMBERS))).isTrue();
    }

    /** All numbers are 1, but the one that is {@code changed}. */
    private static TrackCounts counts(int changed) {
        int[] numbers = new int[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = i == changed ? 2 : 1;
        }
        Unreadable unreadable = new Unreadable(numbers[3], numbers[4], numbers[5]);
        return new TrackCounts(numbers[0], numbers[1], numbers[2], unreadable, numbers[6], numbers[7]);
    }
}
