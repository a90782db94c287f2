package org.imgblstr.cli.common.program;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.help.CompletionCommand;
import org.imgblstr.cli.common.help.HelpFactory;
import org.imgblstr.cli.common.help.ManPagesCommand;
import org.imgblstr.cli.common.help.UsageMistake;
import org.imgblstr.cli.common.value.WholeNumber;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * One of the two programs, and everything around its commands that both do alike: process, usage, version, shell completion, manual
 * pages, errors as one line, exit codes. Without lambdas: those with types of picocli, whose classes are of the oldest format, cannot
 * be archived, and the first such one would cost the start a twentieth.
 */
public abstract class Program {
    /** The characters of a command's name; an argument with other characters is not a command. */
    private static final Pattern COMMAND_NAME = Pattern.compile("[a-z-]*");

    /** The program itself in a setting: a {@code Callable<Integer>} that returns one of {@link ExitCode}. */
    protected abstract CommandLine command(Setting setting);

    /**
     * Adds the further commands that it has: each like the program itself; the name of a command has lower-case
     * letters and hyphens only.
     */
    protected void addCommands(CommandLine program, Setting setting) {}

    /** Runs as this process, with its streams and its signals. Returns an exit code. */
    public final int runProcess(String... args) {
        LoggingProvider.choose();
        NativeFolder.prepare();
        Interruption interruption = Interruption.ofProcess();
        return interruption.finish(run(new Setting(Streams.ofProcess(), interruption, OwnProcess.alone()), args));
    }

    /** Runs in a setting. Returns an exit code. */
    public final int run(Setting given, String... args) {
        Setting setting = new Setting(given.streams().plain(), given.interruption(), given.process());
        Streams streams = setting.streams();
        CommandLine line = command(setting);
        if (mayNameCommand(args)) {
            addAllCommands(line, setting);
        }
        line.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(HelpFactory.COLUMNS)
                .setHelpFactory(new HelpFactory())
                // Else --bad-sectors abort would be taken for the command abort.
                .setAllowSubcommandsAsOptionParameters(true)
                // A word that begins with @ is the value of an option, as in --hostname @FILE.
                .setExpandAtFiles(false)
                .setAbbreviatedOptionsAllowed(false);
        Handlers handlers = new Handlers(this, setting, line);
        line.setParameterExceptionHandler(handlers).setExecutionExceptionHandler(handlers);
        line.registerConverter(Path.class, new Names())
                .registerConverter(int.class, new WholeNumber())
                .registerConverter(Integer.class, new WholeNumber());
        for (String arg : args) {
            if (!Names.isWhole(arg)) {
                streams.err().println(line.getCommandName() + ": " + Names.message(arg));
                return ExitCode.USAGE;
            }
        }
        int code;
        try {
            code = line.execute(EarlyOptions.behindCommand(line, args));
        } catch (Error e) {
            code = Failures.report(line.getCommandName(), e, true, streams.err());
        }
        String unheard = code == ExitCode.DONE ? unheard(streams) : "";
        int ended = unheard.isEmpty() ? code : unheard(line.getCommandName() + ": " + unheard, streams.err());
        Account.tell("exit code " + ended);
        return ended;
    }

    /** Which stream did not take all that was said, "" when both did: a stream of Java keeps to itself that it could not write. */
    private static String unheard(Streams streams) {
        if (streams.out().checkError()) {
            return "standard output";
        }
        return streams.err().checkError() ? "standard error" : "";
    }

    private static int unheard(String where, PrintStream err) {
        String line = where
                + ": writing failed, so what was to be told is not complete; is it closed, is the disk full, or has the"
                + " program that reads it ended?";
        err.println(line);
        Account.tell(line);
        return ExitCode.DEVICE_FAILED;
    }

    /**
     * Whether the further commands play a part, by name or in the help. Putting them together takes a tenth of the start, and most runs have none.
     * A word of letters may as well be the value of an option.
     */
    static boolean mayNameCommand(String... args) {
        for (String arg : args) {
            boolean isLongOption = arg.startsWith("--") && !"--help".startsWith(arg);
            if (!isLongOption
                    && (arg.startsWith("-") || COMMAND_NAME.matcher(arg).matches())) {
                return true;
            }
        }
        return args.length == 0;
    }

    private void addAllCommands(CommandLine program, Setting setting) {
        addCommands(program, setting);
        addAside(program, new CommandLine(new CompletionCommand()));
        addAside(program, new CommandLine(new ManPagesCommand()));
    }

    /** Adds a command as a "help command", so that picocli does not ask for what the program itself needs. The command ends with 0 or throws. */
    protected static void addAside(CommandLine program, CommandLine aside) {
        aside.getCommandSpec().helpCommand(true);
        program.addSubcommand(aside);
    }

    /** Errors as one line. */
    private record Handlers(Program owner, Setting setting, CommandLine program)
            implements IParameterExceptionHandler, IExecutionExceptionHandler {
        @Override
        public int handleParseException(ParameterException exception, String[] args) {
            if (program.getSubcommands().isEmpty()) {
                // One of the commands may have been meant.
                owner.addAllCommands(program, setting);
            }
            String name = exception.getCommandLine().getCommandSpec().qualifiedName();
            setting.streams().err().println(name + ": " + UsageMistake.text(exception) + " (see " + name + " --help)");
            return ExitCode.USAGE;
        }

        @Override
        public int handleExecutionException(Exception exception, CommandLine failed, ParseResult parsed) {
            return Failures.report(
                    program.getCommandName(),
                    exception,
                    isTraceWanted(parsed),
                    setting.streams().err());
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
