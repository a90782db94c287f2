package org.imgblstr.cli.common.options;

import org.imgblstr.cli.common.program.Logging;
import picocli.CommandLine.Option;

/** Options of the commands that run no session. Picocli fills them in. */
public final class SubOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more; an error also prints its stack trace.")
    private boolean[] verbose = new boolean[0];

    /** Whether errors print their stack trace. */
    public boolean isVerbose() {
        return verbose.length > 0;
    }

    /** Puts the options into effect. */
    public void apply() {
        Logging.configure(verbose.length, false);
    }
}
