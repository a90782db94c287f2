package org.imgblstr.cli.common.help;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with a command line, and what may have been meant. */
public final class UsageMistake {
    private UsageMistake() {}

    /** The line for {@code mistake}. The program must have all its commands by now. */
    public static String text(ParameterException mistake) {
        CommandSpec command = mistake.getCommandLine().getCommandSpec();
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            return unmatched.isUnknownOption() ? unknownOption(word, command) : unknownWord(word, command);
        }
        ArgSpec argument = mistake.getArgSpec();
        List<String> words = argument == null ? List.of() : enumWords(argument);
        if (!words.isEmpty() && mistake.getValue() != null) {
            String where = argument.isOption() ? name(argument) + ": " : "";
            return where + "expected " + String.join(", ", words) + ", found '" + mistake.getValue() + "'"
                    + Suggestions.question(mistake.getValue(), words);
        }
        return mistake instanceof MissingParameterException missing
                        && !missing.getMissing().isEmpty()
                ? missing(missing)
                : mistake.getMessage();
    }

    private static String missing(MissingParameterException mistake) {
        return String.join(
                        " and ",
                        mistake.getMissing().stream().map(UsageMistake::lacking).toList())
                + (mistake.getMissing().size() == 1 ? " is missing" : " are missing");
    }

    /** No option has to be given: of one that is there the value is what is missing. */
    private static String lacking(ArgSpec argument) {
        return argument.isOption() ? name(argument) + ": " + argument.paramLabel() : name(argument);
    }

    private static String unknownOption(String typed, CommandSpec command) {
        int equals = typed.indexOf('=');
        String option = equals < 0 ? typed : typed.substring(0, equals);
        return "there is no option '" + option + "' here" + Suggestions.question(option, options(command));
    }

    private static String unknownWord(String word, CommandSpec command) {
        List<String> known = new ArrayList<>(command.subcommands().keySet());
        known.addAll(options(command));
        boolean isOption = command.optionsMap().containsKey("--" + word);
        return "'" + word + "' is neither a command nor an argument that is expected here"
                + Suggestions.question(word, isOption ? List.of("--" + word) : known);
    }

    private static List<String> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .toList();
    }

    private static List<String> enumWords(ArgSpec argument) {
        Class<?> type = argument.type();
        return !type.isEnum()
                ? List.of()
                : accepted(
                        argument,
                        Stream.of(type.getEnumConstants()).map(Object::toString).toList());
    }

    /** The words that help shows, where it shows words: an option may not accept each constant of its type. */
    private static List<String> accepted(ArgSpec argument, Collection<String> constants) {
        List<String> shown = ArgumentWords.of(argument);
        return shown.isEmpty()
                ? constants.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList()
                : shown;
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
