package org.imgblstr.cli.common.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Standard error of this process while a screen or a line of progress is shown: what is written there, by a log for example, becomes lines that
 * are shown with it. On the terminal itself such a line would begin where the cursor stands, and move all that is shown. Safe for use by several
 * threads.
 */
public final class StrayLines extends OutputStream {
    /** A line without an end is cut here. */
    private static final int MOST_BYTES = 4096;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Consumer<String> lines;
    private final PrintStream before;
    private PrintStream taken;
    private boolean isGivenBack;

    private StrayLines(Consumer<String> lines, PrintStream before) {
        this.lines = lines;
        this.before = before;
    }

    /** Takes {@link System#err}; {@code lines} must not write there, and must not block. */
    public static StrayLines take(Consumer<String> lines) {
        StrayLines stray = new StrayLines(lines, System.err);
        stray.taken = new PrintStream(stray, true, StandardCharsets.UTF_8);
        System.setErr(stray.taken);
        return stray;
    }

    /**
     * Puts back what was taken. Where something else has taken standard error since, it keeps it, and what it writes here goes on as it is. Call
     * it without a lock that the taker of the lines needs.
     */
    public void giveBack() {
        if (System.err == taken) {
            System.setErr(before);
        }
        synchronized (this) {
            end();
            isGivenBack = true;
        }
    }

    @Override
    public synchronized void write(int value) {
        if (isGivenBack) {
            before.write(value);
            return;
        }
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
