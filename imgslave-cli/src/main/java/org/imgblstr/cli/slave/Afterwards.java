package org.imgblstr.cli.slave;

import java.io.IOException;
import java.util.Map;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.protocol.contract.ExitCode;

/**
 * What {@code --then} asks for: a command of the shell once the disk is complete; {@code poweroff} and {@code reboot} are such commands. How the
 * command ends changes no exit code, because that of the slave says whether the disk has every byte.
 */
final class Afterwards implements AutoCloseable {
    private final String command;
    private final Runner runner;

    /** Runs the command. */
    @FunctionalInterface
    interface Runner extends AutoCloseable {
        /** Returns the exit code of the command. {@code session}: in hexadecimal digits, for its environment. */
        int run(String session) throws IOException, InterruptedException;

        /** The command will not be run any more. */
        @Override
        default void close() {}
    }

    /** {@code command}: null when nothing is to be done. */
    Afterwards(String command, Runner runner) {
        this.command = command;
        this.runner = runner;
    }

    /** In a shell of this machine that waits from now on. {@code facts}: names and values for the environment of the command. */
    static Afterwards inShell(String command, Map<String, String> facts, Setting setting) {
        return command == null
                ? new Afterwards(null, session -> 0)
                : new Afterwards(command, new WaitingShell(command, facts, setting.interruption()));
    }

    /** Runs the command if the slave ended with {@code exitCode} 0 and nobody interrupts it. */
    void run(int exitCode, String session, Setting setting, Reporter reporter) throws InterruptedException {
        if (command == null || setting.interruption().isInterrupted()) {
            return;
        }
        if (exitCode != ExitCode.DONE) {
            reporter.note("--then " + command + " is not run, because the disk is not complete");
            return;
        }
        reporter.note("--then: runs " + command);
        try {
            int code = runner.run(session);
            if (code != 0) {
                reporter.warning("--then " + command + " ended with exit code " + code
                        + "; the disk is complete all the same: do by hand what the command should have done");
            }
        } catch (IOException e) {
            reporter.warning("--then " + command + " cannot be run: " + e.getMessage()
                    + "; the disk is complete all the same: do by hand what the command should have done");
        }
    }

    @Override
    public void close() {
        runner.close();
    }
}
