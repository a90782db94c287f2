package org.imgblstr.cli.common.report;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls something 4 times a second with {@link System#nanoTime()} until it is closed. */
public final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final long PERIOD_MS = 250;

    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> schedule;

    private Ticker(LongConsumer action) {
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        schedule = executor.scheduleAtFixedRate(() -> run(action), PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    public static Ticker start(LongConsumer action) {
        return new Ticker(action);
    }

    // An exception would end the schedule without a word.
    private static void run(LongConsumer action) {
        try {
            action.accept(System.nanoTime());
        } catch (RuntimeException e) {
            LOG.warn("the progress could not be shown, the run goes on: {}", e.toString());
        }
    }

    /** After this returns the action does not run any more. */
    @Override
    public void close() {
        schedule.cancel(false);
        executor.shutdown();
        try {
            executor.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
