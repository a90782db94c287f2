package org.imgblstr.protocol.slave.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class HeardMasterTest {
    private static final long MS = 1_000_000;

    /** No approach: it is asked for nothing before somebody says that the secret is wrong. */
    private final HeardMaster master = new HeardMaster(1, null, new InetSocketAddress("10.0.0.1", 4000), 0, 0);

    @Test
    void aMasterIsUndecidedForASecondWhileItSaysNothing() {
        assertThat(master.isUndecided(999 * MS)).isTrue();
        assertThat(master.isUndecided(1_000 * MS)).isFalse();
    }

    @Test
    void aMasterThatTheEngineHasHeardOfIsDecided() {
        master.onShown();

        assertThat(master.isUndecided(0)).isFalse();
    }

    @Test
    void aMasterThatHasTurnedTheSlaveAwayIsDecidedAndIsUndecidedAgainOnceItTakesTheSlave() {
        master.onAnswer(false);
        assertThat(master.isUndecided(100 * MS)).isFalse();

        master.onAnswer(true);
        assertThat(master.isUndecided(100 * MS)).isTrue();
    }
}
