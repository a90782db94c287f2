package org.imgblstr.cli.common.program;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What stands before the name of a command counts as if it stood behind it: {@code --force export A B} is {@code export --force A B}. So an option
 * before a command is never ignored: the command takes it, or says that it has no such option.
 */
final class EarlyOptions {
    private EarlyOptions() {}

    /** The words of a command line in the order in which they count. Those that are wrong, ask for help, or name no command, stay as they are. */
    static String[] behindCommand(CommandLine program, String... args) {
        if (program.getSubcommands().isEmpty()) {
            return args;
        }
        ParseResult parsed;
        try {
            parsed = program.parseArgs(args);
        } catch (ParameterException e) {
            // Whatever is wrong is told when the words are read again.
            return args;
        }
        if (!parsed.hasSubcommand() || parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
            return args;
        }
        String command = parsed.subcommand().commandSpec().name();
        List<String> words = new ArrayList<>(parsed.expandedArgs());
        int at = place(command, words, program);
        if (at > 0) {
            words.remove(at);
            words.add(0, command);
        }
        return words.toArray(new String[0]);
    }

    /** Where the name of the command stands, and not a value of an option that is spelled alike. */
    private static int place(String command, List<String> words, CommandLine program) {
        for (int at = 0; at < words.size(); at++) {
            if (words.get(at).equals(command) && (at == 0 || !takesValue(words.get(at - 1), program))) {
                return at;
            }
        }
        return 0;
    }

    private static boolean takesValue(String word, CommandLine program) {
        OptionSpec option = program.getCommandSpec().optionsMap().get(word);
        return option != null && option.arity().min() > 0;
    }
}
