package org.imgblstr.protocol.master.slaves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** When a share of lost datagrams is known, and of which of them. */
class LossSampleTest {
    private static final long MS = 1_000_000;

    private final LossSample sample = new LossSample(0);

    @Test
    void fewerThan500DatagramsTellNothingUnlessTheyAreOld() {
        sample.onReport(499, 0, 1, 0);
        assertThat(sample.take(399 * MS)).isNegative();
        assertThat(sample.take(400 * MS)).isZero();

        sample.onReport(499 + 99, 0, 2, 0);
        assertThat(sample.take(900 * MS)).isNegative();
        sample.onReport(499 + 100, 0, 3, 0);
        assertThat(sample.take(900 * MS)).isZero();
    }

    @Test
    void exactly500DatagramsAreEnoughAtOnce() {
        sample.onReport(250, 250, 1, 0);

        assertThat(sample.take(0)).isEqualTo(0.5 - 2.5 * Math.sqrt(0.25 / 500), within(1e-9));
    }

    /** A session of some terabytes at one rate sends more than 2^31 datagrams behind the mark. */
    @Test
    void lossIsSeenHoweverLongAgoTheMarkWas() {
        sample.onReport(0, 0, 1, 0);
        sample.onReport(1000, 0, Integer.MAX_VALUE, 0);
        assertThat(sample.take(0)).isZero();

        sample.onReport(1500, 500, Integer.MIN_VALUE + 10, 0);

        assertThat(sample.take(0)).isGreaterThan(0.4);
    }

    @Test
    void whatIsChanceCountsAsNoLoss() {
        sample.onReport(997, 3, 1, 0);

        assertThat(sample.take(0)).isZero();

        sample.onReport(997 + 900, 3 + 100, 2, 0);
        assertThat(sample.take(0)).as("more than chance").isEqualTo(0.1 - 2.5 * Math.sqrt(0.09 / 1000), within(1e-9));
    }

    @Test
    void aMeasurementBeginsWhereTheLastOneEnded() {
        sample.onReport(500, 500, 1, 0);
        sample.take(0);
        sample.onReport(1500, 500, 2, 0);

        assertThat(sample.take(0)).isZero();
    }

    @Test
    void whatWasLostAtAnotherRateCountsNoMore() {
        sample.onReport(500, 500, 10, 0);
        sample.from(20);
        sample.onReport(600, 900, 20, 0);
        sample.onReport(1600, 900, 21, 0);

        assertThat(sample.take(0)).isZero();
    }
}
