package org.imgblstr.protocol.master.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerLimitTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final InetSocketAddress HONEST = address(11);

    private final AnswerLimit limit = new AnswerLimit(7);
    private long nowNs = Long.MAX_VALUE - 5;

    private static InetSocketAddress address(int host) {
        return new InetSocketAddress("10.1." + (host >> 8) + "." + (host & 255), 5_000);
    }

    @Test
    void oneAddressIsAnsweredFourTimesInASecond() {
        int answers = 0;
        for (int ms = 0; ms < 2_000; ms++) {
            answers += limit.allows(HONEST, nowNs + ms * 1_000_000L) ? 1 : 0;
        }

        assertThat(answers).isEqualTo(8);
    }

    @Test
    void allTogetherAreAnsweredSoOftenAndNotMore() {
        int answers = 0;
        for (int host = 0; host < 20_000; host++) {
            answers += limit.allows(address(host), nowNs) ? 1 : 0;
        }

        assertThat(answers).isEqualTo(AnswerLimit.ANSWERS);
    }

    /** 100,000 RSVPs in a second in the names of 230 machines; one honest slave asks as often as it does when nothing is answered. */
    @Test
    void aFloodInTheNameOfAWholeNetworkLeavesAnAnswerForWhoeverIsThere() {
        Random drawn = new Random(3);
        int honest = 0;
        for (int asked = 0; asked < 12; asked++) {
            for (int i = 0; i < 25_000; i++) {
                limit.allows(address(20 + drawn.nextInt(230)), nowNs + i * 10_000L);
            }
            nowNs += SECOND_NS / 4;
            honest += limit.allows(HONEST, nowNs) ? 1 : 0;
        }

        assertThat(honest).isPositive();
    }
}
