package org.imgblstr.cli.common.report;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import org.imgblstr.cli.common.terminal.Columns;
import org.imgblstr.disk.text.PlainText;

/**
 * Standard error: lines that stay, and on a terminal below them one line that is rewritten, of the width of the terminal. Without a terminal
 * the status is printed as an ordinary line now and then. While a board is shown, all lines go there. Safe for use by several threads.
 */
final class StatusLine {
    /** Without a terminal a status is a line in somebody's log: one in ten seconds is plenty. */
    private static final long PLAIN_GAP_NS = 10_000_000_000L;

    /** Of a terminal that does not tell its width. */
    private static final int USUAL_WIDTH = 80;

    private static final String ERASE = "\r\033[K";

    private final PrintStream err;
    private final IntSupplier width;
    private Board board;
    private String shown = "";
    private long lastPlainNs;
    private boolean hasPlain;

    /** {@code width}: columns of the terminal, 0 when it does not tell; null when there is no terminal. */
    StatusLine(PrintStream err, IntSupplier width) {
        this.err = err;
        this.width = width;
    }

    /** From now on lines go to {@code next}; null: to standard error again. */
    synchronized void board(Board next) {
        clear();
        board = next;
    }

    synchronized void line(String text) {
        if (board != null) {
            board.line(text);
        } else if (shown.isEmpty()) {
            err.println(text);
        } else {
            err.print(ERASE + text + System.lineSeparator() + shown);
            err.flush();
        }
    }

    synchronized void status(String text, long nowNs) {
        if (board != null) {
            return;
        }
        if (width != null) {
            int columns = width.getAsInt();
            // A line that wraps could not be erased as a whole, and some terminals wrap when the last column is
            // written.
            shown = Columns.cut(PlainText.of(text), (columns > 0 ? columns : USUAL_WIDTH) - 1);
            err.print(ERASE + shown);
            err.flush();
        } else if (!hasPlain || nowNs - lastPlainNs >= PLAIN_GAP_NS) {
            hasPlain = true;
            lastPlainNs = nowNs;
            err.println(text);
        }
    }

    /** Takes the rewritten line away. */
    synchronized void clear() {
        if (!shown.isEmpty()) {
            err.print(ERASE);
            err.flush();
            shown = "";
        }
    }
}
