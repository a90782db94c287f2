package org.imgblstr.disk.pass;

/** What the next track of a pass waits for. */
public enum Awaited {
    /** It is being read. */
    SOURCE,
    /** It is read, and being encoded. */
    CODEC,
    /** It is being given to the sink. */
    TARGET
}
