package org.imgblstr.protocol.silence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceTimerTest {
    private static final long SECOND = 1_000_000_000;

    /** Near where the time wraps. */
    private static final long START = Long.sum(Long.MAX_VALUE, -2 * SECOND);

    private final SilenceTimer timer = new SilenceTimer(5);

    @Test
    void nothingIsDueBeforeSomethingIsAwaited() {
        assertThat(timer.take(START)).isZero();
        assertThat(timer.waitNs(START)).isEqualTo(Long.MAX_VALUE);
        assertThat(timer.isRunning()).isFalse();
    }

    @Test
    void aNightOfSilenceIsAFewLines() {
        timer.start(START);
        List<Long> said = new ArrayList<>();
        for (long second = 0; second < 8 * 3600; second++) {
            long seconds = timer.take(START + second * SECOND);
            if (seconds > 0) {
                said.add(seconds);
            }
        }
        assertThat(said).startsWith(5L, 65L, 185L, 425L, 905L).hasSizeBetween(10, 16);
    }

    @Test
    void whatComesAndGoesIsNamedOnceAMinute() {
        List<Long> said = new ArrayList<>();
        timer.start(START);
        for (long second = 0; second < 240; second++) {
            if (second % 10 == 0) {
                timer.restart(START + second * SECOND);
            }
            if (timer.take(START + second * SECOND) > 0) {
                said.add(second);
            }
        }
        assertThat(said).containsExactly(5L, 65L, 125L, 185L);
    }

    @Test
    void startingTwiceCountsFromTheFirst() {
        timer.start(START);
        timer.start(START + 4 * SECOND);
        assertThat(timer.waitNs(START + 4 * SECOND)).isEqualTo(SECOND);
        assertThat(timer.take(START + 5 * SECOND)).isEqualTo(5);
        timer.stop();
        assertThat(timer.waitNs(START + 5 * SECOND)).isEqualTo(Long.MAX_VALUE);
    }
}
