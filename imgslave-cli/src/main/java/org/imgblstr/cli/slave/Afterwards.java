package org.imgblstr.cli.slave;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.protocol.contract.ExitCode;

/**
 * What {@code --then} asks for: a command of the shell once the disk is complete; {@code poweroff} and {@code reboot} are such commands. How the
 * command ends changes no exit code, because that of the slave says whether the disk has every byte.
 */
final class Afterwards {
    private final String command;
    private final Runner runner;

    /** Runs a command. */
    @FunctionalInterface
    interface Runner {
        /** Returns the exit code of the command. {@code facts}: names and values for its environment. */
        int run(String command, Map<String, String> facts) throws IOException, InterruptedException;
    }

    /** {@code command}: null when nothing is to be done. */
    Afterwards(String command, Runner runner) {
        this.command = command;
        this.runner = runner;
    }

    /** A runner of this machine; an interrupt of the program ends the command. */
    static Runner shell(Setting setting) {
        return (command, facts) -> inShell(command, facts, setting.interruption());
    }

    /** Runs the command if the slave ended with {@code exitCode} 0 and nobody interrupts it. */
    void run(int exitCode, Map<String, String> facts, Setting setting, Reporter reporter) throws InterruptedException {
        if (command == null || setting.interruption().isInterrupted()) {
            return;
        }
        if (exitCode != ExitCode.DONE) {
            reporter.note("--then " + command + " is not run, because the disk is not complete");
            return;
        }
        reporter.note("--then: runs " + command);
        try {
            int code = runner.run(command, facts);
            if (code != 0) {
                reporter.warning("--then " + command + " ended with exit code " + code
                        + "; the disk is complete all the same: do by hand what the command should have done");
            }
        } catch (IOException e) {
            reporter.warning("--then " + command + " cannot be run: " + e.getMessage()
                    + "; the disk is complete all the same: do by hand what the command should have done");
        }
    }

    /** Standard output of the command goes to standard error: that of the program may be kept for events. */
    @SuppressWarnings("try") // The registration only has to be closed.
    private static int inShell(String command, Map<String, String> facts, Interruption interruption)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of("sh", "-c", "exec sh -c \"$1\" 1>&2", "sh", command))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.putAll(facts);
        environment.merge("PATH", "/usr/sbin:/sbin", (path, system) -> path + ":" + system);
        Process process = builder.start();
        try (Interruption.Registration registration = interruption.onInterrupt(process::destroy)) {
            return process.waitFor();
        }
    }
}
