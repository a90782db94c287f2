package org.imgblstr.cli.common.terminal;

import java.io.IOException;

/** The terminal has gone: its window was closed, or its line was cut. */
public final class TerminalClosedException extends IOException {
    private static final long serialVersionUID = 1;

    TerminalClosedException() {
        super("the terminal was closed");
    }
}
