package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RehearsalTest {
    @Test
    @Timeout(60)
    void everyTrackIsRecoveredAndVerified() throws InterruptedException {
        assertThat(Rehearsal.run(() -> true)).isTrue();
    }

    @Test
    @Timeout(60)
    void itEndsWhenItIsNotWantedAnyLonger() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();

        assertThat(Rehearsal.run(() -> asked.incrementAndGet() < 20)).isFalse();
        assertThat(asked).hasValue(20);
    }
}
