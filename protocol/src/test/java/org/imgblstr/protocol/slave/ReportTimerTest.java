package org.imgblstr.protocol.slave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTimerTest {
    private static final long MS = 1_000_000;
    private static final int DATAGRAM_BYTES = 1472;

    private static ReportTimer timer(int intervalMs, int joined) {
        Confirmation confirmation = new Confirmation(1, intervalMs * MS, joined, 0, false);
        ReportTimer timer = new ReportTimer(confirmation, RandomGenerator.of("L64X128MixRandom"), 0);
        timer.datagramBytes(DATAGRAM_BYTES);
        return timer;
    }

    /** Reports in ten seconds, when so many datagrams come each millisecond. */
    private static int reportsInTenSeconds(ReportTimer timer, int datagramsPerMs) {
        int reports = 0;
        for (int ms = 0; ms < 10_000; ms++) {
            if (timer.isDue((long) ms * datagramsPerMs, ms * MS)) {
                timer.onReport(false, (long) ms * datagramsPerMs, ms * MS);
                reports++;
            }
        }
        return reports;
    }

    @Test
    void theFirstReportIsDueAtOnce() {
        assertThat(timer(20, 1).isDue(0, 0)).isTrue();
    }

    @Test
    void withoutDataTheIntervalOfTheSessionHolds() {
        assertThat(reportsInTenSeconds(timer(20, 1), 0)).isBetween(450, 550);
    }

    @Test
    void aMebibyteIsReportedAtOnce() {
        assertThat(reportsInTenSeconds(timer(20, 4), 350)).isBetween(3000, 5100);
    }

    @ParameterizedTest(name = "{0} slaves")
    @ValueSource(ints = {1, 4, 40, 100, 1000})
    void allTogetherSendAtMostTwoThousandASecond(int slaves) {
        ReportTimer timer = timer(20, 1);
        timer.onJoined(slaves);
        int each = reportsInTenSeconds(timer, 800);
        assertThat((long) each * slaves).isLessThanOrEqualTo(20_000L * 14 / 10);
    }

    @Test
    void inTheLobbyReportsOnlySayThatTheSlaveIsAlive() {
        ReportTimer timer = timer(20, 1);
        timer.onReport(true, 0, 0);
        assertThat(timer.waitNs(0)).isBetween(300 * MS, 500 * MS);
    }

    @Test
    void endOfDataBringsTheReportForwardNeverBack() {
        ReportTimer timer = timer(1000, 1);
        timer.onReport(false, 0, 0);
        timer.within(12, 0);
        long sooner = timer.waitNs(0);
        assertThat(sooner).isLessThan(12 * MS);
        timer.within(5000, 0);
        assertThat(timer.waitNs(0)).isLessThanOrEqualTo(sooner);
    }

    @Test
    void aThousandSlavesAnswerEndOfDataNoOftenerThanTheyReport() {
        int slaves = 1000;
        int reports = 0;
        for (int slave = 0; slave < slaves; slave++) {
            ReportTimer timer = timer(500, slaves);
            timer.onReport(false, 0, 0);
            for (int ms = 0; ms < 5000; ms++) {
                if (ms % 50 == 0) {
                    timer.within(500, ms * MS);
                }
                if (timer.isDue(0, ms * MS)) {
                    timer.onReport(false, 0, ms * MS);
                    reports++;
                }
            }
        }
        assertThat(reports).isBetween(5 * 1800, 5 * 2900);
    }

    @Test
    void inALargeLobbyReportsAreAsSeldomAsLater() {
        ReportTimer timer = timer(20, 1);
        timer.onJoined(1600);
        timer.onReport(true, 0, 0);
        assertThat(timer.waitNs(0)).isBetween(600 * MS, 1000 * MS);
    }

    @Test
    void whoJoinedFirstKnowsALargeRoomByItsConfirmation() {
        assertThat(reportsInTenSeconds(timer(50, 1), 800)).isBetween(180, 280);
    }
}
