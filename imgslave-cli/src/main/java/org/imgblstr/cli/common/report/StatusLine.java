package org.imgblstr.cli.common.report;

import java.io.PrintStream;

/**
 * Standard error: lines that stay, and on a terminal below them one line that is rewritten. Without a terminal the status is printed as an
 * ordinary line now and then. Safe for use by several threads.
 */
final class StatusLine {
    /** Without a terminal a status is a line in somebody's log: one in ten seconds is plenty. */
    private static final long PLAIN_GAP_NS = 10_000_000_000L;

    /** The longest status line: a line that wraps on a narrow terminal could not be erased as a whole. */
    private static final int WIDTH = 79;

    private static final String ERASE = "\r\033[K";

    private final PrintStream err;
    private final boolean isLive;
    private String shown = "";
    private long lastPlainNs;
    private boolean hasPlain;

    StatusLine(PrintStream err, boolean isLive) {
        this.err = err;
        this.isLive = isLive;
    }

    synchronized void line(String text) {
        if (shown.isEmpty()) {
            err.println(text);
            return;
        }
        err.print(ERASE + text + System.lineSeparator() + shown);
        err.flush();
    }

    synchronized void status(String text, long nowNs) {
        if (isLive) {
            shown = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
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
