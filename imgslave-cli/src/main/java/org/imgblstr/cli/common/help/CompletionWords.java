package org.imgblstr.cli.common.help;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.imgblstr.cli.common.help.ArgumentWords.Kind;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a shell may offer for a program: the same for each shell.
 *
 * @param commands by name; the program itself has the name ""
 */
record CompletionWords(String program, Map<String, Command> commands) {
    /** A command: what it says of itself, its options, and what its arguments are. */
    record Command(String purpose, List<Option> options, Kind argument, List<String> argumentWords) {}

    /** An option: each of its names, what it says of itself, its value. */
    record Option(List<String> names, String purpose, Kind kind, List<String> words) {
        boolean hasValue() {
            return kind != Kind.NONE;
        }
    }

    static CompletionWords of(CommandSpec program) {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("", command(program));
        for (Map.Entry<String, CommandLine> entry : program.subcommands().entrySet()) {
            commands.put(entry.getKey(), command(entry.getValue().getCommandSpec()));
        }
        return new CompletionWords(program.name(), commands);
    }

    private static Command command(CommandSpec spec) {
        List<Option> options = spec.options().stream()
                .filter(option -> !option.hidden())
                .map(CompletionWords::option)
                .toList();
        List<? extends ArgSpec> arguments = spec.positionalParameters();
        Kind kind = arguments.isEmpty() ? Kind.NONE : ArgumentWords.kind(arguments.get(0));
        List<String> words = arguments.stream()
                .flatMap(argument -> ArgumentWords.of(argument).stream())
                .toList();
        return new Command(firstSentence(spec.usageMessage().description()), options, kind, words);
    }

    private static Option option(OptionSpec option) {
        return new Option(
                Stream.of(option.names()).toList(),
                firstSentence(option.description()),
                ArgumentWords.kind(option),
                option.arity().max() == 0 ? List.of() : ArgumentWords.of(option));
    }

    private static String firstSentence(String... description) {
        if (description.length == 0) {
            return "";
        }
        String text = Ansi.OFF.string(String.format(description[0])).strip();
        int end = text.indexOf(". ");
        return end < 0 ? text.replaceFirst("\\.$", "") : text.substring(0, end);
    }

    /** The names of the commands that the program has. */
    List<String> commandNames() {
        return commands.keySet().stream().filter(name -> !name.isEmpty()).toList();
    }

    /** All options that take a value, of any command: a word behind one is no command. */
    List<String> namesWithValue() {
        return commands.values().stream()
                .flatMap(command -> command.options().stream())
                .filter(Option::hasValue)
                .flatMap(option -> option.names().stream())
                .distinct()
                .toList();
    }

    /**
     * The cases of a shell's {@code case "$command $before"}, one for each option that takes a value; bash and zsh write them alike.
     *
     * @param value what the shell does to offer the values of an option
     */
    String cases(Function<Option, String> value) {
        StringBuilder cases = new StringBuilder();
        commands.forEach((name, command) -> {
            for (Option option : command.options()) {
                if (option.hasValue()) {
                    List<String> patterns = option.names().stream()
                            .map(optionName -> "\"" + name + " " + optionName + "\"")
                            .toList();
                    cases.append("        ")
                            .append(String.join("|", patterns))
                            .append(") ")
                            .append(value.apply(option))
                            .append(" ;;\n");
                }
            }
        });
        return cases.toString();
    }
}
