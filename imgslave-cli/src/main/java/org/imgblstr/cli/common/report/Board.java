package org.imgblstr.cli.common.report;

import java.util.List;
import java.util.Map;

/** A screen that shows lines while it is there, in the place of standard error. */
public interface Board {
    /** A line that the operator should see. Must not block. Any thread. */
    void line(String text);

    /**
     * Where the run is. For one thread.
     *
     * @param slaves how fast each slave goes that is heard of, by its number
     */
    void progress(Progress progress, Pace pace, Map<Integer, Pace> slaves);

    /** Gives the terminal back, and returns when that is done. Harmless when it was given back. */
    void leave();

    /** The lines that the operator should still see when the board has gone. */
    List<String> lines();
}
