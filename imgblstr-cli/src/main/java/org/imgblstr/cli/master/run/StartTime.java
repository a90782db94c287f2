package org.imgblstr.cli.master.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Ticker;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.value.StartTimeConverter;

/** The time of {@code --at}. By the clock of the machine, which may be set, or stand still in sleep, during the wait. */
final class StartTime {
    private static final long LONGEST_LOOK_MS = 500;

    private final ZonedDateTime start;
    private final Clock clock;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** {@code start}: null for at once. */
    StartTime(ZonedDateTime start, Clock clock) {
        this.start = start;
        this.clock = clock;
    }

    /**
     * Waits.
     *
     * @throws org.imgblstr.cli.common.program.CliException exit code 130: the operator interrupted the wait
     */
    @SuppressWarnings("try") // Registration and ticker only have to be closed.
    void await(Setting setting, Reporter reporter) throws InterruptedException {
        if (start == null) {
            return;
        }
        reporter.note("all is checked; the run starts at " + StartTimeConverter.text(start) + ", in "
                + Units.seconds(secondsLeft()));
        // Where the status is not rewritten in place, the note above is enough.
        try (Interruption.Registration registration = setting.interruption().onInterrupt(this::begin);
                Ticker ticker = setting.streams().isLive() ? Ticker.start(now -> tell(reporter, now)) : null) {
            while (millisLeft() > 0 && !ended.await(Math.min(LONGEST_LOOK_MS, millisLeft()), TimeUnit.MILLISECONDS)) {
                // The clock may have been set: look again.
            }
        }
        reporter.newPhase();
        setting.interruption().check();
        if (millisLeft() > 0) {
            reporter.note("the run starts now and not at its time: imgblstr start has asked for it");
        }
    }

    /** Whether there is a time to wait for. */
    boolean isSet() {
        return start != null;
    }

    /** As a person reads it; only when it is set. */
    String text() {
        return StartTimeConverter.text(start);
    }

    /** Ends the wait. Any thread. */
    void begin() {
        ended.countDown();
    }

    private void tell(Reporter reporter, long nowNs) {
        reporter.waiting(
                "starts at " + StartTimeConverter.text(start) + ", in " + Units.seconds(secondsLeft())
                        + "; Ctrl-C ends the wait",
                nowNs);
    }

    /** Any thread; only when it is set. */
    long secondsLeft() {
        return (millisLeft() + 999) / 1000;
    }

    /** Rounded up: a part of a millisecond before the time is too early too. */
    private long millisLeft() {
        return Math.max(
                0,
                Duration.between(Instant.now(clock), start.toInstant())
                        .plusNanos(999_999)
                        .toMillis());
    }
}
