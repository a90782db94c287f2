package org.imgblstr.protocol.session;

import java.util.function.LongUnaryOperator;
import org.imgblstr.protocol.transport.AwakeTime;
import org.imgblstr.protocol.transport.Scheduled;
import org.imgblstr.protocol.transport.Timers;

/**
 * Ticks an engine when the time it asked for has passed, and tells it the time in which it was awake. On the timers' thread, but for
 * {@link #wake}.
 */
final class EngineLoop {
    private final Timers timers;
    private final AwakeTime time;
    private final LongUnaryOperator tick;
    private Scheduled pending;
    private long pendingNs;

    /** {@code tick}: takes the time, returns the nanoseconds to wait, Long.MAX_VALUE when over. */
    EngineLoop(Timers timers, LongUnaryOperator tick) {
        this(timers, new AwakeTime(timers::nowNs), tick);
    }

    /** {@code time}: of the clock of the timers. */
    EngineLoop(Timers timers, AwakeTime time, LongUnaryOperator tick) {
        this.timers = timers;
        this.time = time;
        this.tick = tick;
    }

    /** The engine's time. */
    long nowNs() {
        return time.nowNs();
    }

    /** Ticks soon; any thread. */
    void wake() {
        timers.execute(this::run);
    }

    /** Runs a task on the thread of the engine; any thread. */
    void execute(Runnable task) {
        timers.execute(task);
    }

    /** Ticks now. */
    void run() {
        long nowNs = time.nowNs();
        long waitNs = tick.applyAsLong(nowNs);
        if (waitNs == Long.MAX_VALUE) {
            cancel();
            return;
        }
        long dueNs = nowNs + Math.min(AwakeTime.LONGEST_WAIT_NS, Math.max(0, waitNs));
        if (pending != null && pendingNs == dueNs) {
            return;
        }
        cancel();
        pendingNs = dueNs;
        // Sending took its time since the tick began: a busy sender that waits for it once more never comes up to its
        // rate.
        pending = timers.schedule(this::onTimer, Math.max(0, dueNs - time.nowNs()));
    }

    private void onTimer() {
        pending = null;
        run();
    }

    private void cancel() {
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
    }
}
