package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.imgblstr.protocol.contract.PlainText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainStreamTest {
    private final ByteArrayOutputStream into = new ByteArrayOutputStream();
    private final PrintStream stream = new PlainStream(new PrintStream(into, true, StandardCharsets.UTF_8));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[2J",
                "\u0007",
                "\r",
                "\u009b31m",
                "\u202e",
                "\u2066",
                "\u200f",
                "\u2028",
                "\u0085",
                "\u007f"
            })
    void aLineControlsNoTerminal(String hostile) {
        stream.println("label " + hostile + "x");
        String said = into.toString(StandardCharsets.UTF_8);
        assertThat(said).startsWith("label ").endsWith("x" + System.lineSeparator());
        assertThat(PlainText.isPlain(said.strip())).isTrue();
    }

    @Test
    void aStackTraceKeepsItsShape() {
        new IllegalStateException("why").printStackTrace(stream);
        assertThat(into.toString(StandardCharsets.UTF_8))
                .contains("why" + System.lineSeparator() + "    at org.imgblstr");
    }

    @Test
    void linesStayLinesAndBytesStayBytes() {
        stream.println("one\ntwo \u001b[0m");
        stream.write(0x1b);
        stream.print("\r\u001b[K");
        stream.flush();
        assertThat(into.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo \ufffd[0m\n\u001b\r\u001b[K");
    }

    @Test
    void whatNeedsNoFilterStaysAsItIs() {
        stream.println("Größe 日本 …\uD83D\uDE00");
        assertThat(into.toString(StandardCharsets.UTF_8)).isEqualTo("Größe 日本 …\uD83D\uDE00\n");
    }
}
