package org.imgblstr.cli.common;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Runs a picocli command: usage, version, errors as one line, exit codes. */
public final class Program {
    private Program() {}

    /**
     * Parses and runs.
     *
     * @param line a command that is a {@code Callable<Integer>}, with its sub-commands
     * @return one of {@link ExitCode}
     */
    public static int run(CommandLine line, Streams streams, String... args) {
        line.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setAbbreviatedOptionsAllowed(false);
        line.setParameterExceptionHandler((exception, arguments) -> {
            String name = exception.getCommandLine().getCommandSpec().qualifiedName();
            streams.err().println(name + ": " + exception.getMessage() + " (see " + name + " --help)");
            return ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((exception, failed, parsed) ->
                Failures.report(line.getCommandName(), exception, isTraceWanted(parsed), streams.err()));
        try {
            return line.execute(args);
        } catch (Error e) {
            return Failures.report(line.getCommandName(), e, true, streams.err());
        }
    }

    private static boolean isTraceWanted(ParseResult parsed) {
        for (ParseResult result = parsed; result != null; result = result.subcommand()) {
            if (result.hasMatchedOption("-v")) {
                return true;
            }
        }
        return false;
    }
}
