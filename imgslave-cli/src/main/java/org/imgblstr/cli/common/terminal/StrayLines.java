package org.imgblstr.cli.common.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Standard error of this process while a screen is shown: what is written there, by a log for example, becomes lines that the screen shows. On
 * the terminal itself such a line would move all that stands there. Safe for use by several threads.
 */
final class StrayLines extends OutputStream {
    /** A line without an end is cut here. */
    private static final int MOST_BYTES = 4096;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Consumer<String> lines;
    private final PrintStream before;

    private StrayLines(Consumer<String> lines, PrintStream before) {
        this.lines = lines;
        this.before = before;
    }

    /** Takes {@link System#err}; {@code lines} must not write there, and must not block. */
    static StrayLines take(Consumer<String> lines) {
        StrayLines stray = new StrayLines(lines, System.err);
        System.setErr(new PrintStream(stray, true, StandardCharsets.UTF_8));
        return stray;
    }

    /** Puts back what was taken. */
    void giveBack() {
        System.setErr(before);
        end();
    }

    @Override
    public synchronized void write(int value) {
        if (value == '\n' || line.size() >= MOST_BYTES) {
            end();
        }
        if (value != '\n' && value != '\r') {
            line.write(value);
        }
    }

    private synchronized void end() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!text.isBlank()) {
            lines.accept(text);
        }
    }
}
