package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

    @Test
    void onATerminalTheStatusIsRewrittenAndLinesStayAbove() {
        StatusLine line = new StatusLine(err, true);
        line.status("10 %", 0);
        line.status("20 %", 1);
        line.line("slave joined");
        line.clear();
        assertThat(text()).isEqualTo("\r\033[K10 %\r\033[K20 %\r\033[Kslave joined\n20 %\r\033[K");
    }

    @Test
    void aLongStatusDoesNotWrap() {
        new StatusLine(err, true).status("x".repeat(200), 0);
        assertThat(text()).hasSize("\r\033[K".length() + 79);
    }

    @Test
    void withoutATerminalAStatusIsALineInTenSeconds() {
        StatusLine line = new StatusLine(err, false);
        for (int second = 0; second < 25; second++) {
            line.status("at " + second, second * 1_000_000_000L);
        }
        assertThat(text()).isEqualTo("at 0\nat 10\nat 20\n");
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
