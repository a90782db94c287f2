package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.report.Reporter;
import org.junit.jupiter.api.Test;

class StartTimeTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Interruption interruption = new Interruption();

    @Test
    void theRunStartsAtItsTimeAndNotBefore() throws InterruptedException {
        ZonedDateTime start = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(1);
        await(start, true);
        assertThat(ZonedDateTime.now(ZoneOffset.UTC)).isBetween(start, start.plusSeconds(5));
        assertThat(said()).contains("all is checked; the run starts at ", "\r\033[Kstarts at ");
    }

    @Test
    void withoutATerminalTheTimeIsToldOnce() throws InterruptedException {
        await(ZonedDateTime.now(ZoneOffset.UTC).plus(Duration.ofMillis(600)), false);
        assertThat(said()).hasLineCount(1);
    }

    @Test
    void anInterruptEndsTheWaitAtOnceWithCode130() {
        new Thread(interruption::interrupt).start();
        assertThatThrownBy(() -> await(ZonedDateTime.now(ZoneOffset.UTC).plusHours(1), false))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(130));
    }

    @Test
    void aStartFromAnotherShellEndsTheWaitAtOnce() throws InterruptedException {
        ZonedDateTime start = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
        StartTime time = new StartTime(start, Clock.systemUTC());
        new Thread(time::begin).start();
        awaitThis(time, false);
        assertThat(ZonedDateTime.now(ZoneOffset.UTC)).isBefore(start);
        assertThat(said()).contains("the run starts now and not at its time");
        assertThat(time.secondsLeft()).isBetween(3000L, 3600L);
    }

    @Test
    void withoutATimeNothingIsAwaitedOrSaid() throws InterruptedException {
        await(null, true);
        await(ZonedDateTime.now(ZoneOffset.UTC).minusHours(1), false);
        assertThat(said()).hasLineCount(1).contains("in 0:00");
    }

    private void await(ZonedDateTime start, boolean isLive) throws InterruptedException {
        awaitThis(new StartTime(start, Clock.systemUTC()), isLive);
    }

    private void awaitThis(StartTime time, boolean isLive) throws InterruptedException {
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        Streams streams = new Streams(to, to, null, isLive);
        time.await(new Setting(streams, interruption), new Reporter(streams, false, false, Clock.systemUTC()));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
