package org.imgblstr.protocol.master.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.imgblstr.protocol.contract.HoldUp;
import org.junit.jupiter.api.Test;

/** What held the sender up for most of the last second. */
class HoldUpMeterTest {
    private static final long MS = 1_000_000;

    private final HoldUpMeter meter = new HoldUpMeter();

    @Test
    void nothingIsKnownBeforeTheFirstNote() {
        assertThat(meter.most()).isNull();
        meter.note(HoldUp.SLAVE, 5 * MS);
        assertThat(meter.most()).isEqualTo(HoldUp.SLAVE);
        meter.forget();
        assertThat(meter.most()).isNull();
    }

    @Test
    void theLongestWaitWins() {
        meter.note(HoldUp.WIRE, 0);
        meter.note(HoldUp.SUPPLY, 300 * MS);
        meter.note(HoldUp.WIRE, 400 * MS);
        assertThat(meter.most()).isEqualTo(HoldUp.WIRE);
    }

    @Test
    void whatWasLongAgoCountsLess() {
        meter.note(HoldUp.WIRE, 0);
        meter.note(HoldUp.SLAVE, 900 * MS);
        for (long second = 1; second <= 3; second++) {
            meter.note(HoldUp.SLAVE, second * 1000 * MS);
        }
        assertThat(meter.most()).isEqualTo(HoldUp.SLAVE);
    }
}
