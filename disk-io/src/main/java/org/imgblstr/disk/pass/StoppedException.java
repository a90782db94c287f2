package org.imgblstr.disk.pass;

import java.io.IOException;

/** The pass was stopped from outside before its end. */
public final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped before the end");
    }
}
