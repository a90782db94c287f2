package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.imgblstr.disk.machine.ProcessorUse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class IdleRehearsalTest {
    private static final long SECOND = 1_000_000_000;
    private static final long QUIET_NS = 5 * SECOND;

    @TempDir
    private Path proc;

    /** Each look at the clock is a second later. The processors' hundredths are those of the last look. */
    private final AtomicLong nowNs = new AtomicLong();

    /** Who waits for it is told at once whether the session is over: the time that matters is that of the clock above. */
    private final CountDownLatch over = new CountDownLatch(1) {
        @Override
        public boolean await(long timeout, TimeUnit unit) {
            return getCount() == 0;
        }
    };

    private int looks;
    private int busyLooks;
    private long idleTicks;
    private long busyTicks;
    private IdleRehearsal rehearsal;

    @BeforeEach
    void machine() throws IOException {
        Files.createDirectory(proc.resolve("self"));
        look();
        rehearsal = new IdleRehearsal(
                over, null, () -> nowNs.addAndGet(SECOND), new ProcessorUse(proc, this::look), QUIET_NS, 1_000);
    }

    /** The processors' own clock. */
    private long look() {
        looks++;
        boolean isBusy = looks <= busyLooks;
        busyTicks += isBusy ? 100 : 10;
        idleTicks += isBusy ? 0 : 90;
        try {
            Files.writeString(proc.resolve("stat"), "cpu " + busyTicks + " 0 0 " + idleTicks + " 0 0 0 0 0 0\n");
            Files.writeString(proc.resolve("self/stat"), "1 (x) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return looks * SECOND;
    }

    @Test
    void itBeginsAfterTheQuietTimeOnAnIdleMachine() throws Exception {
        assertThat(rehearsal.awaitQuiet()).isTrue();
        assertThat(nowNs.get()).isGreaterThanOrEqualTo(QUIET_NS);
    }

    @Test
    void itWaitsWhileOthersNeedTheProcessors() throws Exception {
        busyLooks = 60;

        assertThat(rehearsal.awaitQuiet()).isTrue();

        assertThat(looks).isGreaterThan(60);
    }

    @Test
    void itDoesNotBeginOnceDataFlowsOrTheSessionIsOver() throws Exception {
        rehearsal.onNeeded();
        assertThat(rehearsal.awaitQuiet()).isFalse();

        IdleRehearsal late =
                new IdleRehearsal(over, null, nowNs::get, new ProcessorUse(proc, this::look), QUIET_NS, 1_000);
        over.countDown();
        assertThat(late.awaitQuiet()).isFalse();
    }
}
