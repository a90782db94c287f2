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
import java.util.function.Consumer;
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

    private static final int MOST_LINE = 400;

    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);

    private final Path file;
    private final Consumer<String> lines;
    private volatile String last = "";

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
        builder.environment().putAll(facts);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, system) -> path + ":" + system);
        try {
            int code = ended(builder.start());
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
                lines.accept(file.getFileName() + ": " + text);
            }
        } catch (IOException e) {
            LOG.debug("what {} says cannot be read any more", file, e);
        }
    }

    private String name() {
        return PlainText.of(file.toString());
    }
}
