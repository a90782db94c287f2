package org.imgblstr.protocol.master.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a slave counts as alone. */
class SolitudeTest {
    private final Solitude solitude = new Solitude();

    @Test
    void itLastsForAsManyKeysOfTheFirstSlaveAsThereAre() {
        assertThat(solitude.isLasting()).isTrue();
        assertThat(solitude.isFirst(0)).isFalse();
        assertThat(solitude.endsWith(5)).isFalse();
        assertThat(solitude.endsWith(5)).isFalse();
        assertThat(solitude.isLasting()).isTrue();
        assertThat(solitude.isFirst(5)).isTrue();
    }

    @Test
    void theSecondSlaveEndsItOnceAndForAll() {
        solitude.endsWith(5);
        assertThat(solitude.endsWith(6)).isTrue();
        assertThat(solitude.isLasting()).isFalse();
        assertThat(solitude.endsWith(7)).isFalse();
        assertThat(solitude.endsWith(5)).isFalse();
        assertThat(solitude.isLasting()).isFalse();
        assertThat(solitude.isFirst(6)).isFalse();
    }

    @Test
    void itCanBeForbidden() {
        solitude.forbid();
        assertThat(solitude.endsWith(5)).isFalse();
        assertThat(solitude.isLasting()).isFalse();
        assertThat(solitude.endsWith(6)).isFalse();
    }
}
