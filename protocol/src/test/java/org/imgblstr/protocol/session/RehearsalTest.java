package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RehearsalTest {
    private static final SessionSeal SEAL = new SessionSeal(null, null, Primitives.best(), new Random(1)::nextBytes);

    @Test
    @Timeout(60)
    void everyTrackIsRecoveredAndVerified() throws InterruptedException {
        assertThat(Rehearsal.run(null, () -> true)).isTrue();
    }

    @Test
    @Timeout(60)
    void everyTrackOfASealedSessionIsRecoveredAndVerified() throws InterruptedException {
        assertThat(Rehearsal.run(SEAL, () -> true)).isTrue();
    }

    @Test
    @Timeout(60)
    void itEndsWhenItIsNotWantedAnyLonger() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();

        assertThat(Rehearsal.run(null, () -> asked.incrementAndGet() < 20)).isFalse();
        assertThat(asked).hasValue(20);
    }
}
