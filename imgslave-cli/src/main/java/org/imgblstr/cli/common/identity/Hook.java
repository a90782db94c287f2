package org.imgblstr.cli.common.identity;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.PlainText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program of this machine that is run when a disk is complete. Source: docs/identity.md, section 6. */
final class Hook {
    private static final Duration LONGEST = Duration.ofHours(2);

    /** What something that the program has left behind may still say. */
    private static final long REST_MS = 2_000;

    /** The start script keeps the mask of the user in it, for the command of --then. */
    private static final String MASK = "IMGBLSTR_UMASK";

    private static final int MOST_LINE = 400;

    /** Characters that are handed on; a hook that says more is still read. */
    private static final int MOST_SAID = 1 << 20;

    /** From the request to end until it is ended by force. */
    private static final long LEAVE_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);

    private final Path file;
    private final Consumer<String> lines;
    private volatile String last = "";
    private long said;
    private Process process;
    private volatile boolean isStopped;

    /** Ends what the hook has started, once it is asked to end. */
    private Thread ending;

    /** {@code lines} takes each line that the program says, on another thread. */
    Hook(Path file, Consumer<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /**
     * Runs it to its end.
     *
     * @param facts names and values for its environment
     * @return the last line that it said, with its name before it; "" when it said nothing
     */
    String run(Map<String, String> facts) throws ToolException {
        ProcessBuilder builder = ChildProcess.of(List.of(file.toAbsolutePath().toString()))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().remove(MASK);
        builder.environment().putAll(facts);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, system) -> path + ":" + system);
        try {
            int code = ended(started(builder));
            if (isStopped) {
                awaitEnd();
                throw new ToolException("the hook " + name() + " was ended");
            }
            if (code != 0) {
                throw new ToolException(
                        "the hook " + name() + " ended with exit code " + code + (last.isEmpty() ? "" : ": " + last));
            }
            return last.isEmpty() ? "" : file.getFileName() + ": " + last;
        } catch (IOException e) {
            throw new ToolException("the hook " + name() + " cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolException("the hook " + name() + " was interrupted");
        }
    }

    private synchronized Process started(ProcessBuilder builder) throws IOException, ToolException {
        if (isStopped) {
            throw new ToolException("the hook " + name() + " was not run");
        }
        process = builder.start();
        return process;
    }

    /** Ends it and all that it has started: SIGTERM, after five seconds SIGKILL. Any thread; waits for nothing. */
    synchronized void stop() {
        isStopped = true;
        if (process == null) {
            return;
        }
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroy);
        ending = new Thread(() -> kill(all), "hook end");
        ending.setDaemon(true);
        ending.start();
    }

    private List<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    private static void kill(List<ProcessHandle> all) {
        long end = System.nanoTime() + LEAVE_MS * 1_000_000;
        while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
            LockSupport.parkNanos(50_000_000);
        }
        all.stream()
                .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each)))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** Nothing that it has started is left behind. */
    private void awaitEnd() throws InterruptedException {
        Thread last;
        synchronized (this) {
            last = ending;
        }
        if (last != null) {
            last.join();
        }
    }

    private int ended(Process process) throws InterruptedException, ToolException {
        Thread reader = new Thread(() -> tell(process), "hook");
        reader.setDaemon(true);
        reader.start();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new ToolException("the hook " + name() + " did not end within " + LONGEST.toHours() + " hours");
            }
            reader.join(REST_MS);
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private void tell(Process process) {
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                String plain = PlainText.of(line);
                String text = plain.length() <= MOST_LINE ? plain : plain.substring(0, MOST_LINE) + "...";
                last = text.isBlank() ? last : text.strip();
                handOn(text);
            }
        } catch (IOException e) {
            LOG.debug("what {} says cannot be read any more", file, e);
        }
    }

    private void handOn(String text) {
        boolean wasFull = said > MOST_SAID;
        said += text.length() + 1L;
        if (said <= MOST_SAID) {
            lines.accept(file.getFileName() + ": " + text);
        } else if (!wasFull) {
            lines.accept(file.getFileName() + ": ... more lines are not shown");
        }
    }

    /** Its file, for messages. */
    String name() {
        return PlainText.of(file.toString());
    }
}
