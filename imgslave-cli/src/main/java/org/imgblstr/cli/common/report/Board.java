package org.imgblstr.cli.common.report;

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

    /** Gives the terminal back, and says the lines again that the operator should still see. Harmless when it was given back. */
    void leave();
}
