package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The rest between two reads of the data group")
class ReadGapTest {
    private static final double NS_PER_SECOND = 1e9;

    /** The rest after a second of reads at a steady rate. */
    private static long settledGapNs(double datagramsPerSecond, double readNs) {
        long gap = 0;
        double waiting = 1;
        for (double now = 0; now < NS_PER_SECOND; now += gap + readNs) {
            gap = ReadGap.next(gap, (int) Math.max(1, waiting));
            waiting = (gap + readNs) * datagramsPerSecond / NS_PER_SECOND;
        }
        return gap;
    }

    @ParameterizedTest(name = "{0} datagrams a second")
    @ValueSource(doubles = {20_000, 85_000, 250_000})
    void aReadBringsAboutAsManyDatagramsAsAreWantedAtASteadyRate(double rate) {
        // when
        long gap = settledGapNs(rate, 20_000);
        // then
        assertThat(gap * rate / NS_PER_SECOND).isBetween(ReadGap.WANTED / 2.0, 2.0 * ReadGap.WANTED);
    }

    @Test
    void aSlowLinkIsReadAtTheLongestRest() {
        assertThat(settledGapNs(4_000, 20_000)).isEqualTo(ReadGap.LONGEST_NS);
    }

    @Test
    void whoeverFallsBehindDoesNotRest() {
        // given
        long gap = ReadGap.LONGEST_NS;
        // when
        for (int read = 0; read < 6; read++) {
            gap = ReadGap.next(gap, 2 * ReadGap.WANTED);
        }
        // then
        assertThat(gap).isZero();
    }

    @Test
    void aGroupThatFallsSilentIsReadAtTheLongestRest() {
        // given
        long gap = 0;
        // when
        for (int read = 0; read < 6; read++) {
            gap = ReadGap.next(gap, 1);
        }
        // then
        assertThat(gap).isEqualTo(ReadGap.LONGEST_NS);
    }
}
