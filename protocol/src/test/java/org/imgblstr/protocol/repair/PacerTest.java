package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MS = 1_000_000;

    /** A full batch: 39 datagrams of 1538 bytes on the wire. */
    private static final int BATCH = 39 * 1538;

    /** What a sender does with a pacer: sends batches while it may, and wakes up late. */
    private static final class Sender {
        long sent;
        long largestBurst;

        /** {@code lateness}: takes the time, gives nanoseconds. */
        Sender(Pacer pacer, long startNs, long endNs, int batch, LongUnaryOperator lateness) {
            pacer.start(startNs);
            long nowNs = startNs;
            while (nowNs - endNs < 0) {
                long burst = 0;
                while (pacer.waitNs(nowNs) <= 0) {
                    pacer.onSent(batch, nowNs);
                    burst += batch;
                }
                sent += burst;
                largestBurst = Math.max(largestBurst, burst);
                nowNs += pacer.waitNs(nowNs) + lateness.applyAsLong(nowNs);
            }
        }
    }

    @ParameterizedTest(name = "clock starts at {0}")
    @ValueSource(longs = {0, -7_000_000_000L, Long.MAX_VALUE - 500_000_000})
    void itKeepsTheRateHoweverLateItIsAsked(long startNs) {
        SplittableRandom random = new SplittableRandom(1);
        Pacer pacer = new Pacer(100_000_000, false);
        Sender sender = new Sender(pacer, startNs, startNs + SECOND, 10_000, now -> random.nextLong(300_000));
        assertThat(sender.sent * 8).isBetween(99_000_000L, 101_000_000L);
    }

    @ParameterizedTest(name = "{0} Mbit/s, one wake-up in {1} is late by 1 to 15 ms")
    @CsvSource({"10, 1", "50, 1", "100, 10", "500, 200", "900, 400", "1000, 400", "5000, 2000"})
    void aFixedRateIsKeptWithinOnePercentAlthoughWakeUpsAreLate(long megabits, int oneIn) {
        SplittableRandom random = new SplittableRandom(2);
        Pacer pacer = new Pacer(megabits * 1_000_000, true);
        Sender sender = new Sender(
                pacer,
                0,
                20 * SECOND,
                BATCH,
                now -> random.nextInt(oneIn) == 0 ? MS + random.nextLong(14 * MS) : random.nextLong(80_000));
        assertThat(sender.sent * 8 / 20).isBetween(megabits * 990_000, megabits * 1_010_000);
        long credit = Math.max(Pacer.BURST_BYTES, megabits * 125_000 / 2000);
        assertThat(sender.largestBurst).isLessThan((credit + BATCH) * 115 / 100);
    }

    @Test
    void aRateThatAdaptsIsAnUpperLimit() {
        SplittableRandom random = new SplittableRandom(3);
        Pacer pacer = new Pacer(1_000_000_000, false);
        Sender sender =
                new Sender(pacer, 0, 5 * SECOND, BATCH, now -> random.nextInt(100) == 0 ? random.nextLong(15 * MS) : 0);
        assertThat(sender.sent * 8 / 5).isBetween(800_000_000L, 1_000_000_000L);
    }

    @ParameterizedTest(name = "mean kept: {0}")
    @ValueSource(booleans = {false, true})
    void aLongPauseIsNotMadeUpForInABurst(boolean isMeanKept) {
        Pacer pacer = new Pacer(1_000_000_000, isMeanKept);
        pacer.start(0);
        pacer.onSent(BATCH, 0);
        assertThat(pacer.waitNs(0)).isPositive();
        long nowNs = 5 * SECOND;
        long burst = 0;
        while (pacer.waitNs(nowNs) <= 0) {
            pacer.onSent(1_538, nowNs);
            burst += 1_538;
        }
        // 64 KiB, and a tenth more while something is owed.
        assertThat(burst).isLessThan(75_000);
        // Of the five seconds 50 ms are made up for.
        Sender after = new Sender(pacer, nowNs, nowNs + 2 * SECOND, BATCH, now -> 0);
        assertThat(after.sent * 8).isLessThan(2_000_000_000L + 52_000_000);
    }

    @Test
    void timeWithNothingToSendIsNotMadeUpFor() {
        Pacer pacer = new Pacer(1_000_000_000, true);
        pacer.start(0);
        long nowNs = 0;
        for (int i = 0; i < 100; i++) {
            // The source delivers one batch every 10 ms; the pacer is not what holds it back.
            assertThat(pacer.waitNs(nowNs)).isNotPositive();
            pacer.onSent(BATCH, nowNs);
            nowNs += 10 * MS;
        }
        Sender after = new Sender(pacer, nowNs, nowNs + SECOND, BATCH, now -> 0);
        assertThat(after.sent * 8).isLessThan(1_002_000_000L);
    }
}
