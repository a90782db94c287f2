package org.imgblstr.cli.common.help;

import java.util.List;
import org.imgblstr.cli.common.help.ArgumentWords.Kind;
import org.imgblstr.cli.common.help.CompletionWords.Command;
import org.imgblstr.cli.common.help.CompletionWords.Option;

/** The completion for fish. */
final class FishCompletion {
    private FishCompletion() {}

    static String of(CompletionWords words) {
        StringBuilder script = new StringBuilder(
                "# fish completion for " + words.program() + "\ncomplete -c " + words.program() + " -f\n");
        words.commands().forEach((name, command) -> {
            String begin = "complete -c " + words.program() + condition(name, words);
            if (!name.isEmpty()) {
                script.append("complete -c ")
                        .append(words.program())
                        .append(condition("", words))
                        .append(" -a ")
                        .append(name)
                        .append(described(command.purpose()))
                        .append('\n');
            }
            command.options()
                    .forEach(option ->
                            script.append(begin).append(option(option)).append('\n'));
            script.append(argument(begin, command));
        });
        return script.toString();
    }

    private static String condition(String name, CompletionWords words) {
        if (words.commandNames().isEmpty()) {
            return "";
        }
        return name.isEmpty()
                ? " -n 'not __fish_seen_subcommand_from " + String.join(" ", words.commandNames()) + "'"
                : " -n '__fish_seen_subcommand_from " + name + "'";
    }

    private static String option(Option option) {
        StringBuilder text = new StringBuilder();
        for (String name : option.names()) {
            text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
        }
        return text.append(value(option.kind(), option.words()))
                .append(described(option.purpose()))
                .toString();
    }

    private static String value(Kind kind, List<String> words) {
        if (!words.isEmpty()) {
            return " -x -a '" + String.join(" ", words) + "'";
        }
        return switch (kind) {
            case NONE -> "";
            case FILE -> " -r -F";
            case FOLDER -> " -x -a '(__fish_complete_directories)'";
            case INTERFACE -> " -x -a '(__fish_print_interfaces)'";
            case FREE -> " -x";
        };
    }

    private static String argument(String begin, Command command) {
        if (!command.argumentWords().isEmpty()) {
            return begin + " -a '" + String.join(" ", command.argumentWords()) + "'\n";
        }
        return switch (command.argument()) {
            case FILE -> begin + " -F\n";
            case FOLDER -> begin + " -a '(__fish_complete_directories)'\n";
            case INTERFACE, NONE, FREE -> "";
        };
    }

    private static String described(String purpose) {
        return " -d '" + purpose.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
