package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest(name = "clock starts at {0}")
    @ValueSource(longs = {0, -7_000_000_000L, Long.MAX_VALUE - 500_000_000})
    void itKeepsTheRateHoweverLateItIsAsked(long startNs) {
        Pacer pacer = new Pacer(100_000_000);
        pacer.start(startNs);
        long sent = 0;
        long nowNs = startNs;
        long lateness = 0;
        while (nowNs - startNs < SECOND) {
            if (pacer.waitNs(nowNs) <= 0) {
                pacer.onSent(10_000, nowNs);
                sent += 10_000;
            }
            lateness = (lateness + 37_000) % 300_000;
            nowNs += Math.max(0, pacer.waitNs(nowNs)) + lateness;
        }
        assertThat(sent * 8).isBetween(98_000_000L, 101_000_000L);
    }

    @Test
    void aLongPauseIsNotMadeUpForInABurst() {
        Pacer pacer = new Pacer(1_000_000_000);
        pacer.start(0);
        long nowNs = 5 * SECOND;
        long burst = 0;
        while (pacer.waitNs(nowNs) <= 0) {
            pacer.onSent(1_514, nowNs);
            burst += 1_514;
        }
        // 500 microseconds at 1 Gbit/s are 62 500 bytes.
        assertThat(burst).isLessThan(66_000);
    }
}
