package org.imgblstr.cli.common.report;

import java.util.function.Consumer;

/** A screen that shows lines while it is there, in the place of standard error. */
public interface Board {
    /** A line that the operator should see. Must not block. Any thread. */
    void line(String text);

    /**
     * Where the run is. For one thread.
     *
     * @param rate used bytes a second
     * @param etaSeconds to the end; -1 when nobody knows
     */
    void progress(Progress progress, double rate, long etaSeconds);

    /** Gives the terminal back, and the lines that the operator should still see to {@code lines}. Harmless when it was given back. */
    void leave(Consumer<String> lines);
}
