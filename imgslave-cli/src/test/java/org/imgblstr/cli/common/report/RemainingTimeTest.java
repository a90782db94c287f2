package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RemainingTimeTest {
    private static final long QUARTER_NS = 250_000_000;

    private final RemainingTime time = new RemainingTime();
    private long nowNs = Long.MAX_VALUE - 100 * QUARTER_NS; // the clock may wrap

    /** {@code each}: what is done in a quarter of a second. */
    private void work(int quarters, long from, long each) {
        for (int i = 1; i <= quarters; i++) {
            nowNs += QUARTER_NS;
            time.add(nowNs, from + i * each);
        }
    }

    @Test
    void nobodyKnowsBeforeThereIsARate() {
        assertThat(time.seconds(100)).isEqualTo(-1);
        time.add(nowNs, 50);
        assertThat(time.seconds(100)).isEqualTo(-1);
        assertThat(time.seconds(50)).isZero();
    }

    @Test
    void anEvenRateIsExtended() {
        work(400, 0, 1000);
        assertThat(time.rate()).isEqualTo(4000.0);
        assertThat(time.seconds(400_000 + 8000)).isEqualTo(2);
    }

    @Test
    void theLastHalfCounts() {
        work(400, 0, 1000);
        work(400, 400_000, 250);
        assertThat(time.rate()).isBetween(990.0, 1050.0);
    }

    @Test
    void aShortStopDoesNotShow() {
        work(400, 0, 1000);
        work(12, 400_000, 0);
        assertThat(time.rate()).isBetween(3700.0, 4000.0);
    }

    @Test
    void aPauseDoesNotCount() {
        work(400, 0, 1000);
        time.stop(nowNs);
        nowNs += 10_000 * QUARTER_NS;
        time.add(nowNs, 400_000);
        time.goOn(nowNs);
        work(4, 400_000, 1000);
        assertThat(time.rate()).isBetween(3900.0, 4001.0);
    }

    @Test
    void aProgramThatWasStoppedGoesOnAtItsRate() {
        work(400, 0, 1000);
        nowNs += 100 * QUARTER_NS;
        work(4, 400_000, 1000);
        assertThat(time.rate()).isBetween(3900.0, 4050.0);
    }

    @Test
    void nobodyKnowsOfWorkThatStandsStill() {
        work(40, 0, 1000);
        assertThat(time.seconds(80_000)).isEqualTo(10);
        work(200, 40_000, 0);
        assertThat(time.seconds(80_000)).isEqualTo(-1);
        work(400, 40_000, 1);
        assertThat(time.seconds(80_000)).as("a trickle").isEqualTo(-1);
    }

    @Test
    void workThatComesBackLowersTheRate() {
        work(100, 0, 1000);
        time.add(nowNs + QUARTER_NS, 90_000);
        assertThat(time.seconds(100_000)).isBetween(2L, 4L);
    }

    /** A day of samples in bounded memory. */
    @Test
    void aLongRunIsAsGood() {
        work(4 * 86_400, 0, 1000);
        assertThat(time.rate()).isBetween(3990.0, 4010.0);
    }
}
