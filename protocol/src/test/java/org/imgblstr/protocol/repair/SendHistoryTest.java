package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendHistoryTest {
    @Test
    void countsTracksBegunAfterWhatWasSeen() {
        SendHistory history = new SendHistory(8);
        for (int sequence = 10; sequence <= 50; sequence += 10) {
            history.onBegin(sequence);
        }
        assertThat(history.begunAfter(9)).isEqualTo(5);
        assertThat(history.begunAfter(30)).isEqualTo(2);
        assertThat(history.begunAfter(50)).isZero();
    }

    @Test
    void whoIsFartherBehindThanItReachesCountsAsThatFar() {
        SendHistory history = new SendHistory(4);
        for (int sequence = 1; sequence <= 100; sequence++) {
            history.onBegin(sequence);
        }
        assertThat(history.begunAfter(0)).isEqualTo(4);
        assertThat(history.begunAfter(98)).isEqualTo(2);
    }
}
