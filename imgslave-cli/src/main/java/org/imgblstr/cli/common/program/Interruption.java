package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.imgblstr.protocol.contract.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers Ctrl-C and SIGTERM. A signal runs the registered actions, newest first, and then waits for the program to
 * end by itself. During this wait slaves are told of the end and partial files are deleted. Safe for use by several
 * threads.
 */
public final class Interruption {
    private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

    /** The program may take this long to end after a signal: a farewell and the sync of a slow disk take time. */
    private static final long GRACE_SECONDS = 20;

    private static final String HUNG_UP =
            "interrupted: the terminal was closed, or the connection to it was lost (SIGHUP); a program in tmux goes on without its terminal";

    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode = ExitCode.INTERRUPTED;
    private volatile boolean isHungUp;
    private volatile boolean isPatient;

    /** A registered action: {@link #close()} removes the action once there is nothing left to interrupt. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns an object that answers the signals of this process. Call {@link #finish} when the program is done. */
    public static Interruption ofProcess() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> interruption.onShutdown(signal(), Runtime.getRuntime()::halt), "interruption"));
        return interruption;
    }

    /** Runs {@code action} on another thread when the operator interrupts, at once when that has happened already. */
    public Registration onInterrupt(Runnable action) {
        synchronized (actions) {
            actions.push(action);
        }
        if (isInterrupted()) {
            action.run();
        }
        return () -> {
            synchronized (actions) {
                actions.remove(action);
            }
        };
    }

    public boolean isInterrupted() {
        return interrupted.get();
    }

    /** The program needs longer than the usual wait to end: a tool that changes a disk is not ended midway. */
    public void takeTime() {
        isPatient = true;
    }

    /** Throws the exception that ends in exit code 130 once the operator has interrupted. */
    public void check() {
        if (isInterrupted()) {
            throw interrupted();
        }
    }

    /** A call that blocks and cannot be stopped from outside, such as a read from a terminal. */
    @FunctionalInterface
    public interface Wait {
        /** Returns the line that was read; null at the end of the input. */
        String await() throws IOException;
    }

    /**
     * Waits for a line until the operator interrupts the program. The read itself goes on in a thread that ends with
     * the program, because Java cannot end a read from a terminal.
     *
     * @throws CliException exit code 130: interrupted before, or meanwhile
     */
    @SuppressWarnings("try") // The registration only has to be closed.
    public String orInterrupted(Wait wait) throws IOException {
        check();
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread thread = new Thread(() -> await(wait, line), "terminal");
        thread.setDaemon(true);
        try (Registration registration = onInterrupt(() -> line.completeExceptionally(interrupted()))) {
            thread.start();
            return line.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw e.getCause() instanceof CliException interrupted ? interrupted : e;
        }
    }

    private static void await(Wait wait, CompletableFuture<String> line) {
        try {
            line.complete(wait.await());
        } catch (IOException | RuntimeException e) {
            line.completeExceptionally(e);
        }
    }

    private CliException interrupted() {
        return new CliException(ExitCode.INTERRUPTED, isHungUp ? HUNG_UP : "interrupted");
    }

    /** What a signal does, without the wait. */
    public void interrupt() {
        if (!interrupted.compareAndSet(false, true)) {
            return;
        }
        List<Runnable> todo;
        synchronized (actions) {
            todo = new ArrayList<>(actions);
        }
        todo.forEach(Interruption::runAnyway);
    }

    /** One that fails must not keep the others from being run: slaves are to be told. */
    private static void runAnyway(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("the program was interrupted, and a part of it cannot be stopped: {}", e.toString());
        }
    }

    /** The program is done: later signals have no effect. Returns the exit code to use. */
    public int finish(int code) {
        exitCode = code;
        finished.countDown();
        return code;
    }

    /** The signal that ends the program, "" for none: the JVM runs a thread of that name then, and only then. */
    private static String signal() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[2 * all.activeCount() + 16];
        int count = all.enumerate(threads);
        return Arrays.stream(threads, 0, count)
                .map(Thread::getName)
                .filter(name -> name.startsWith("SIG") && name.endsWith(" handler"))
                .findFirst()
                .map(name -> name.replace(" handler", ""))
                .orElse("");
    }

    /**
     * The shutdown hook. A program that ends by itself, before the signal or in time after the signal, keeps its own
     * exit code. The exit code then says the same as the last line of the program.
     *
     * @param signal "" for a normal exit, when there is nothing to do once the program has finished
     * @param halt ends the process with a code: without it the JVM would give 143 for SIGTERM
     */
    void onShutdown(String signal, IntConsumer halt) {
        if (finished.getCount() == 0 && signal.isEmpty()) {
            return;
        }
        if (finished.getCount() > 0) {
            isHungUp = signal.equals("SIGHUP");
            interrupt();
        }
        try {
            boolean isDone = finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
            if (!isDone && isPatient) {
                finished.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        halt.accept(exitCode);
    }
}
