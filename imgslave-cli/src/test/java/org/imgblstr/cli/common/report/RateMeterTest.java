package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateMeterTest {
    private static final long QUARTER_NS = 250_000_000;

    @Test
    void theRateIsThatOfTheLastSeconds() {
        RateMeter meter = new RateMeter();
        long value = 0;
        for (int i = 0; i < 100; i++) {
            value += i < 60 ? 1000 : 250;
            meter.add(Long.MAX_VALUE - 50 * QUARTER_NS + i * QUARTER_NS, value);
        }
        assertThat(meter.rate()).isEqualTo(1000.0);
    }

    @Test
    void whatCannotBeToldIsNotTold() {
        RateMeter meter = new RateMeter();
        meter.add(0, 50);
        assertThat(meter.rate()).isZero();
        meter.add(QUARTER_NS, 100);
    }

    @Test
    void workThatIsTakenBackIsNoNegativeRate() {
        RateMeter meter = new RateMeter();
        meter.add(0, 1000);
        meter.add(QUARTER_NS, 0);
        assertThat(meter.rate()).isZero();
        meter.add(2 * QUARTER_NS, 1500);
        assertThat(meter.rate()).isEqualTo(1000.0);
    }
}
