package org.imgblstr.cli.common.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.disk.machine.ProcessStop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the shell does with this program: in the foreground it has the terminal, and Ctrl-Z stops it until {@code fg} or {@code bg}. */
public final class JobControl {
    private static final Logger LOG = LoggerFactory.getLogger(JobControl.class);

    private JobControl() {}

    /** Whether the terminal of this process takes its keys: the fields 5 and 8 of proc(5), stat. */
    public static boolean isInForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
            return fields[2].equals(fields[5]);
        } catch (IOException | IndexOutOfBoundsException e) {
            return true;
        }
    }

    /** Stops this process, as Ctrl-Z does; returns when it goes on. */
    static void stop() {
        // Where no native library can be loaded no right to start programs was given up either.
        if (ProcessStop.untilContinued()) {
            return;
        }
        try {
            ChildProcess.of("sh", "-c", "kill -STOP " + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.warn("Ctrl-Z cannot stop the program: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
