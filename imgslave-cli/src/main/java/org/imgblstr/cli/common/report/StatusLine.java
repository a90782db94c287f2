package org.imgblstr.cli.common.report;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import org.imgblstr.cli.common.terminal.Columns;
import org.imgblstr.cli.common.terminal.StrayLines;
import org.imgblstr.disk.text.PlainText;

/**
 * Standard error: lines that stay, and on a terminal below them one line that is rewritten, of the width of the terminal. Without a terminal
 * the status is printed as an ordinary line now and then. While a board is shown, all lines go there. While the line is shown, what else this
 * process writes to standard error, a warning of the log for example, is a line above it. Safe for use by several threads.
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
    private StrayLines stray;
    private long lastPlainNs;
    private boolean hasPlain;

    /** {@code width}: columns of the terminal, 0 when it does not tell; null when there is no terminal. */
    StatusLine(PrintStream err, IntSupplier width) {
        this.err = err;
        this.width = width;
    }

    /** From now on lines go to {@code next}. */
    void board(Board next) {
        StrayLines taken;
        synchronized (this) {
            taken = erase();
            board = next;
        }
        giveBack(taken);
    }

    /**
     * Lines go to standard error again, after those that were said on the board. Until the board has given the terminal back nothing else is
     * written there: it would stand where the cursor happens to be.
     */
    void leaveBoard() {
        Board left = board();
        if (left == null) {
            return;
        }
        // Not under the lock: a terminal that stands still would stop whoever says a line.
        left.leave();
        synchronized (this) {
            if (board == left) {
                board = null;
                left.lines().forEach(err::println);
            }
        }
    }

    private synchronized Board board() {
        return board;
    }

    synchronized void line(String text) {
        if (board != null) {
            board.line(text);
        } else if (shown.isEmpty()) {
            err.println(text);
        } else {
            err.print(ERASE);
            err.println(text);
            err.print(shown);
            err.flush();
        }
    }

    void status(String text, long nowNs) {
        // Not under the lock: looking at the terminal may be logged, and what is logged becomes a line.
        status(text, width == null ? 0 : width.getAsInt(), nowNs);
    }

    private synchronized void status(String text, int columns, long nowNs) {
        if (board != null) {
            return;
        }
        if (width != null) {
            if (stray == null) {
                stray = StrayLines.take(other -> line(PlainText.of(other)));
            }
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
    void clear() {
        giveBack(erase());
    }

    /** Returns what is to be given back, without the lock: another thread may be about to write a line there. */
    private synchronized StrayLines erase() {
        if (!shown.isEmpty()) {
            err.print(ERASE);
            err.flush();
            shown = "";
        }
        StrayLines taken = stray;
        stray = null;
        return taken;
    }

    private static void giveBack(StrayLines taken) {
        if (taken != null) {
            taken.giveBack();
        }
    }
}
