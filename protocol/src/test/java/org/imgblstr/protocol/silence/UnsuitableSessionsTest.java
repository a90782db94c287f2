package org.imgblstr.protocol.silence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnsuitableSessionsTest {
    private static final long SECOND = 1_000_000_000L;

    private final UnsuitableSessions sessions = new UnsuitableSessions();

    private void hear(long sessionId, Unsuited why, long fromSecond, long toSecond) {
        for (long second = fromSecond; second <= toSecond; second++) {
            sessions.onHeard(sessionId, why, second * SECOND);
        }
    }

    @Test
    void theSessionThatWasHeardForFourSecondsSaysWhetherACodeIsWanted() {
        hear(1, Unsuited.lacksCode("type it"), 0, 3);
        hear(2, Unsuited.of("start it with --key-file"), 1, 3);
        assertThat(sessions.due(4 * SECOND - 1)).isNull();
        assertThat(sessions.due(4 * SECOND)).isEqualTo(new Unsuited("type it", true));
        assertThat(sessions.waitNs(3 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void aSessionThatIsGoneCountsNoMore() {
        hear(1, Unsuited.lacksCode("type it"), 0, 1);
        hear(2, Unsuited.of("start it with --key-file"), 2, 6);
        assertThat(sessions.due(6 * SECOND)).isEqualTo(Unsuited.of("start it with --key-file"));
        assertThat(sessions.due(10 * SECOND)).isNull();
    }
}
