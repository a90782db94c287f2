package org.imgblstr.protocol.transport;

/** A thread that runs tasks, some of them later, and the clock that it goes by. */
public interface Timers {
    /** Nanoseconds since some moment, monotonic, may wrap. */
    long nowNs();

    /** Runs a task on the thread as soon as possible; may be called by any thread. */
    void execute(Runnable task);

    /** Runs a task on the thread {@code delayNs} from now, which may be when the delay is 0 or less; any thread. */
    Scheduled schedule(Runnable task, long delayNs);
}
