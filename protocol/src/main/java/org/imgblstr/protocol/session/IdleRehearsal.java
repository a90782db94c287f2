package org.imgblstr.protocol.session;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.imgblstr.disk.machine.ProcessorUse;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rehearses a session on a thread of its own while a slave waits for its master, or the master for others, and nobody needs the processors
 * ({@link Rehearsal}; docs/decisions/14-rehearsal.md). Any thread.
 */
final class IdleRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(IdleRehearsal.class);

    /**
     * The quiet time. An earlier rehearsal would compete with the master, which is often started just after the slave.
     */
    private static final long QUIET_NS = 5_000_000_000L;

    /**
     * If a smaller part of the machine is idle, others are at work: sixteen slaves may share the machine, or the
     * machine still boots.
     */
    private static final double LEAST_IDLE = 0.8;

    /** The processors are watched for one to two seconds, so that slaves of one machine do not all find them idle at once. */
    private static final long WATCH_NS = 1_000_000_000L;

    private final CountDownLatch over;
    private final SessionSeal seal;
    private final LongSupplier clockNs;
    private final ProcessorUse processors;
    private final long quietNs;
    private final long watchNs;
    private volatile long quietSinceNs;
    private volatile boolean isNeeded;

    /** {@code over} says that the session has ended; {@code seal}: that of the session, null for an open one; {@code clockNs} is the time. */
    IdleRehearsal(CountDownLatch over, SessionSeal seal, LongSupplier clockNs) {
        this(over, seal, clockNs, new ProcessorUse(), QUIET_NS, WATCH_NS);
    }

    IdleRehearsal(
            CountDownLatch over,
            SessionSeal seal,
            LongSupplier clockNs,
            ProcessorUse processors,
            long quietNs,
            long watchNs) {
        this.over = over;
        this.seal = seal;
        this.clockNs = clockNs;
        this.processors = processors;
        this.quietNs = quietNs;
        this.watchNs = watchNs;
        this.quietSinceNs = clockNs.getAsLong();
    }

    /** Begins to wait for a quiet time. */
    void start() {
        Thread thread = new Thread(this::run, "rehearsal");
        thread.setDaemon(true);
        thread.start();
    }

    /** A master announced a session: a running rehearsal ends, and a new one begins after another quiet time. */
    void onEvent() {
        quietSinceNs = clockNs.getAsLong();
    }

    /** Data flows, or soon will: there is no rehearsal any more. */
    void onNeeded() {
        isNeeded = true;
    }

    private void run() {
        try {
            boolean isRehearsed = false;
            while (!isRehearsed && awaitQuiet()) {
                isRehearsed = Rehearsal.run(seal, isQuietFrom(quietSinceNs));
            }
        } catch (InterruptedException e) {
            LOG.debug("rehearsal interrupted");
        } catch (RuntimeException | OutOfMemoryError e) {
            // Nothing depends on it: the real session will say what is wrong, if anything is.
            LOG.warn("the rehearsal failed", e);
        }
    }

    /** Waits until nothing has happened for some seconds and the processors are idle. Returns false when no rehearsal is needed any more. */
    boolean awaitQuiet() throws InterruptedException {
        while (!isNeeded) {
            long leftNs = leftNs();
            processors.update();
            if (over.await(
                    Math.max(leftNs, watchNs + ThreadLocalRandom.current().nextLong(watchNs)), TimeUnit.NANOSECONDS)) {
                return false;
            }
            processors.update();
            if (leftNs <= 0 && leftNs() <= 0 && processors.idle() >= LEAST_IDLE) {
                return !isNeeded;
            }
        }
        return false;
    }

    private long leftNs() {
        return quietSinceNs + quietNs - clockNs.getAsLong();
    }

    private BooleanSupplier isQuietFrom(long sinceNs) {
        return () -> over.getCount() > 0 && !isNeeded && quietSinceNs == sinceNs;
    }
}
