package org.imgblstr.protocol.transport;

/** A task that a loop will run once. */
public interface Scheduled {
    /** Called on the loop, makes sure that the task does not run; no effect once it has run. */
    void cancel();
}
