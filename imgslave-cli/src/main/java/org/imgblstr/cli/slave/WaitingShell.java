package org.imgblstr.cli.slave;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.disk.machine.ChildProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shell that is started before the program gives up the right to start programs, and waits for the turn of its command. It has all the rights that the
 * program began with. When the program ends without a word, whatever ends it, the shell ends too and has done nothing. One thread.
 */
final class WaitingShell implements Afterwards.Runner {
    /**
     * Standard output of the command goes to standard error: that of the program may be kept for events. The mask for new files is the one that
     * the start script found.
     */
    private static final String SCRIPT = "IFS= read -r IMGSLAVE_SESSION || exit 0; export IMGSLAVE_SESSION;"
            + " [ -z \"${IMGBLSTR_UMASK:-}\" ] || umask \"$IMGBLSTR_UMASK\"; unset IMGBLSTR_UMASK;"
            + " exec sh -c \"$1\" </dev/null 1>&2";

    private static final Logger LOG = LoggerFactory.getLogger(WaitingShell.class);
    private static final int LONGEST_END_SECONDS = 2;

    private final Interruption interruption;
    private Process process;
    private IOException failure;

    /**
     * Starts the shell. That it cannot be started is told when its turn comes.
     *
     * @param facts names and values for the environment of the command
     */
    WaitingShell(String command, Map<String, String> facts, Interruption interruption) {
        this.interruption = interruption;
        ProcessBuilder builder = ChildProcess.of("sh", "-c", SCRIPT, "sh", command)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        builder.environment().putAll(facts);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, system) -> path + ":" + system);
        try {
            process = builder.start();
        } catch (IOException e) {
            failure = e;
        }
    }

    /** An interrupt of the program ends the command. */
    @Override
    @SuppressWarnings("try") // The registration only has to be closed.
    public int run(String session) throws IOException, InterruptedException {
        if (failure != null) {
            throw failure;
        }
        try (OutputStream turn = process.getOutputStream()) {
            turn.write((session + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        try (Interruption.Registration registration = interruption.onInterrupt(process::destroy)) {
            return process.waitFor();
        }
    }

    /** Ends a shell whose turn has not come: it reads the end of its input. */
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException e) {
            LOG.debug("the shell of --then has ended before", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
