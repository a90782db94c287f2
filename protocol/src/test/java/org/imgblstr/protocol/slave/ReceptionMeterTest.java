package org.imgblstr.protocol.slave;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceptionMeterTest {
    private static final int RUN = 1 << 20;

    private final ReceptionMeter meter = new ReceptionMeter();

    /** Two and a half rounds of the sequence, in runs: 14 TB in datagrams of 1500 bytes. */
    private void receiveRounds(int lostRuns) {
        int sequence = -5;
        for (int run = 0; run < 10_240; run++) {
            if (run >= lostRuns || run == 0) {
                meter.onRun(sequence, RUN);
            }
            sequence += RUN;
        }
    }

    @Test
    void aPassOfManyTerabytesHasBegunAndHasLostNothing() {
        receiveRounds(0);

        assertThat(meter.received()).isEqualTo(10_240L * RUN);
        assertThat(meter.lost()).isZero();
        assertThat(meter.newestSequence()).isEqualTo((int) (10_240L * RUN - 6));
    }

    @Test
    void whatWasLostEarlyStaysLost() {
        receiveRounds(3);

        assertThat(meter.lost()).isEqualTo(2L * RUN);
    }

    @Test
    void sequencesMayComeInAnotherOrderAroundTheirWrap() {
        for (int sequence : new int[] {-2, 1, -3, 0, 3}) {
            meter.onDatagram(sequence);
        }

        assertThat(meter.newestSequence()).isEqualTo(3);
        assertThat(meter.lost()).isEqualTo(2);
    }

    @Test
    void nothingWasReceivedYet() {
        assertThat(meter.received()).isZero();
        assertThat(meter.lost()).isZero();
        assertThat(meter.newestSequence()).isZero();
    }
}
