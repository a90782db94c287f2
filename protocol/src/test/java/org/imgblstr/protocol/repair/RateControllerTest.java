package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateControllerTest {
    /** What a slave loses behind a path of this capacity with this loss of its own. */
    private static double loss(long rate, long capacity, double own) {
        double arriving = Math.min(1, (double) capacity / rate);
        return 1 - arriving * (1 - own);
    }

    private static RateController afterIntervals(int intervals, long capacity, double own) {
        RateController rates = new RateController(0);
        for (int i = 0; i < intervals; i++) {
            rates.onInterval(loss(rates.rate(), capacity, own), rates.rate());
        }
        return rates;
    }

    @Test
    void aFixedRateIsKeptWhateverIsLost() {
        RateController rates = new RateController(900_000_000);
        for (int i = 0; i < 50; i++) {
            rates.onInterval(0.5, rates.rate());
        }
        assertThat(rates.rate()).isEqualTo(900_000_000);
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(longs = {50_000_000, 100_000_000, 1_000_000_000, 10_000_000_000L})
    void itFindsTheCapacityOfThePath(long capacity) {
        RateController rates = afterIntervals(60, capacity, 0);
        assertThat(rates.rate()).isBetween(capacity * 95 / 100, capacity * 103 / 100);
    }

    @ParameterizedTest(name = "loss {0}")
    @ValueSource(doubles = {0.001, 0.01, 0.05, 0.1})
    void lossThatDoesNotDependOnTheRateDoesNotSlowTheTransfer(double own) {
        RateController rates = afterIntervals(60, 1_000_000_000, own);
        assertThat(rates.rate()).isGreaterThan(800_000_000);
    }

    /** As with one slave, or where all lose as much. */
    private static RateController afterIntervalsForAll(int intervals, long capacity, double own) {
        RateController rates = new RateController(0);
        for (int i = 0; i < intervals; i++) {
            rates.onInterval(loss(rates.rate(), capacity, own), rates.rate());
            if (rates.isLossIncurable()) {
                rates.onLossForAll();
            }
        }
        return rates;
    }

    @ParameterizedTest(name = "loss {0}")
    @ValueSource(doubles = {0.16, 0.2, 0.3, 0.45})
    void muchLossThatNobodyEscapesDoesNotBringTheRateToTheLowest(double own) {
        RateController rates = afterIntervalsForAll(60, 1_000_000_000, own);
        assertThat(rates.rate()).isGreaterThan(500_000_000);
        assertThat(rates.floorLoss()).isBetween(own * 0.9, own * 1.2);
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(longs = {2_000_000, 5_000_000, 10_000_000, 20_000_000, 100_000_000, 700_000_000})
    void anOverloadIsNotTakenForLossThatNobodyEscapes(long capacity) {
        RateController rates = afterIntervalsForAll(200, capacity, 0);
        assertThat(rates.rate()).isBetween(capacity * 9 / 10, capacity * 103 / 100);
    }

    @Test
    void lossOfMoreThanAHalfIsNeverTakenForTheNatureOfThePath() {
        RateController rates = afterIntervalsForAll(60, 40_000_000_000L, 0.7);
        assertThat(rates.rate()).isEqualTo(RateController.MIN_BITS_PER_SECOND);
    }

    @Test
    void lossThatComesWithTimeIsLearntToo() {
        RateController rates = afterIntervals(20, 40_000_000_000L, 0);
        long before = rates.rate();
        for (int i = 0; i < 30; i++) {
            rates.onInterval(0.05, rates.rate());
        }
        assertThat(rates.floorLoss()).isBetween(0.03, 0.06);
        assertThat(rates.rate()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void itDoesNotRiseWhileSomethingElseHoldsTheSenderBack() {
        // before anything was lost a program that sends in bursts may have twice what it sends
        RateController starting = new RateController(0);
        long before = starting.rate();
        for (int i = 0; i < 20; i++) {
            starting.onInterval(0, before * 2 / 5);
        }
        assertThat(starting.rate()).isEqualTo(before);
        for (int i = 0; i < 20; i++) {
            starting.onInterval(0, before * 3 / 5);
        }
        assertThat(starting.rate()).isBetween(before, before * 2);

        RateController settled = afterIntervals(60, 300_000_000, 0);
        long found = settled.rate();
        for (int i = 0; i < 60; i++) {
            settled.onInterval(0, found * 3 / 4);
        }
        assertThat(settled.rate()).isEqualTo(found);
    }

    @ParameterizedTest(name = "loss {0}")
    @ValueSource(doubles = {0.01, 0.05, 0.1})
    void lossThatVariesByChanceBringsTheRateNotBelowWhatTheLinkTakes(double own) {
        SplittableRandom random = new SplittableRandom(9);
        RateController rates = new RateController(0);
        for (int i = 0; i < 300; i++) {
            double chance = own * (0.4 + 0.6 * random.nextDouble());
            rates.onInterval(chance, Math.min(rates.rate(), 50_000_000));
            assertThat(rates.rate()).isGreaterThan(50_000_000);
        }
    }
}
