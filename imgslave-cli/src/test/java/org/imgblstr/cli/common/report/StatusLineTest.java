package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;

@ResourceLock(Resources.SYSTEM_ERR)
class StatusLineTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

    @Test
    void onATerminalTheStatusIsRewrittenAndLinesStayAbove() {
        StatusLine line = new StatusLine(err, () -> 0);
        line.status("10 %", 0);
        line.status("20 %", 1);
        line.line("slave joined");
        line.clear();
        assertThat(text()).isEqualTo("\r\033[K10 %\r\033[K20 %\r\033[Kslave joined\n20 %\r\033[K");
    }

    @Test
    void aLongStatusDoesNotWrap() {
        new StatusLine(err, () -> 0).status("x".repeat(200), 0);
        assertThat(text()).hasSize("\r\033[K".length() + 79);
    }

    @Test
    void withoutATerminalAStatusIsALineInTenSeconds() {
        StatusLine line = new StatusLine(err, null);
        for (int second = 0; second < 25; second++) {
            line.status("at " + second, second * 1_000_000_000L);
        }
        assertThat(text()).isEqualTo("at 0\nat 10\nat 20\n");
    }

    @Test
    void theStatusHasTheWidthOfTheTerminal() {
        new StatusLine(err, () -> 40).status("x".repeat(200), 0);
        assertThat(text()).hasSize("\r\033[K".length() + 39);
    }

    @Test
    void aStatusCannotActOnTheTerminal() {
        new StatusLine(err, () -> 80).status("pc1\033[2J\n", 0);
        assertThat(text()).isEqualTo("\r\033[Kpc1\ufffd[2J\ufffd");
    }

    @Test
    void whileABoardIsShownEveryLineGoesThere() {
        List<String> seen = new ArrayList<>();
        StatusLine line = new StatusLine(err, () -> 80);
        line.board(new Board() {
            @Override
            public void line(String text) {
                seen.add(text);
            }

            @Override
            public void progress(Progress progress, Pace pace, Map<Integer, Pace> slaves) {
                seen.add("progress");
            }

            @Override
            public void leave() {
                // The terminal is given back: others say something meanwhile.
                line.status("20 %", 0);
                line.line("slave left");
                assertThat(text()).isEmpty();
            }

            @Override
            public List<String> lines() {
                return seen;
            }
        });
        line.line("slave joined");
        line.status("10 %", 0);
        assertThat(seen).containsExactly("slave joined");
        assertThat(text()).isEmpty();

        line.leaveBoard();
        line.line("done");
        assertThat(text()).isEqualTo("slave joined\nslave left\ndone\n");
    }

    /** A warning of the log began where the line of progress ended, and stayed there. */
    @Test
    void whatElseIsWrittenToStandardErrorIsALineAboveTheStatus() {
        PrintStream before = System.err;
        StatusLine line = new StatusLine(err, () -> 0);
        line.status("10 %", 0);
        LoggerFactory.getLogger(StatusLineTest.class).warn("the disk is slow");
        line.clear();
        assertThat(text()).matches("\r\033\\[K10 %\r\033\\[K[^\r\n]*the disk is slow\n10 %\r\033\\[K");
        assertThat(System.err).isSameAs(before);
    }

    @Test
    void aLineCannotActOnTheTerminalWhileTheStatusIsShown() {
        StatusLine line = new StatusLine(err, () -> 0);
        line.status("10 %", 0);
        System.err.println("disk\033[2J");
        line.clear();
        assertThat(text()).contains("disk").doesNotContain("\033[2J");
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
