package org.imgblstr.cli.common.help;

import java.util.List;
import org.imgblstr.cli.common.help.ArgumentWords.Kind;
import org.imgblstr.cli.common.help.CompletionWords.Command;

/** The completion for zsh: a file {@code _PROGRAM} for a folder of fpath, or a text for {@code eval} behind compinit. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CompletionWords words) {
        String program = words.program();
        String commandNames = words.commandNames().isEmpty()
                ? ""
                : "            " + String.join("|", words.commandNames()) + ") command=$words[i]; break ;;\n";
        StringBuilder script = new StringBuilder()
                .append("#compdef ")
                .append(program)
                .append('\n')
                .append("_")
                .append(program)
                .append("() {\n")
                .append("    local before=$words[CURRENT-1] command= i\n")
                .append("    local -a offered\n")
                .append("    for ((i = 2; i < CURRENT; i++)); do\n")
                .append("        case $words[i] in\n")
                .append("            ")
                .append(String.join("|", words.namesWithValue()))
                .append(") i=$((i + 1)) ;;\n")
                .append(commandNames)
                .append("        esac\n")
                .append("    done\n")
                .append("    if [[ $PREFIX == --*=* ]]; then\n")
                .append("        before=${PREFIX%%=*}\n")
                .append("        compset -P '*='\n")
                .append("    fi\n")
                .append("    case \"$command $before\" in\n");
        script.append(words.cases(option -> value(option.kind(), option.words())));
        script.append("        *)\n            case $command in\n");
        words.commands().forEach((name, command) -> script.append(arguments(name, command, words)));
        return script.append("            esac ;;\n")
                .append("    esac\n")
                .append("}\n")
                .append("if [[ ${funcstack[1]:-} == _")
                .append(program)
                .append(" ]]; then\n")
                .append("    _")
                .append(program)
                .append(" \"$@\"\n")
                .append("else\n")
                .append("    compdef _")
                .append(program)
                .append(' ')
                .append(program)
                .append('\n')
                .append("fi\n")
                .toString();
    }

    private static String value(Kind kind, List<String> words) {
        if (!words.isEmpty()) {
            return "compadd -- " + String.join(" ", words);
        }
        return switch (kind) {
            case FILE -> "_files";
            case FOLDER -> "_files -/";
            case INTERFACE -> "compadd -- /sys/class/net/*(N:t)";
            case NONE, FREE -> "_message value";
        };
    }

    private static String arguments(String name, Command command, CompletionWords words) {
        StringBuilder text = new StringBuilder("                '" + name + "')\n");
        boolean isFile = command.argument() == Kind.FILE || command.argument() == Kind.FOLDER;
        if (isFile) {
            text.append("                    [[ $PREFIX == -* ]] || ")
                    .append(value(command.argument(), List.of()))
                    .append('\n');
        }
        if (!command.argumentWords().isEmpty()) {
            text.append("                    compadd -- ")
                    .append(String.join(" ", command.argumentWords()))
                    .append('\n');
        }
        if (name.isEmpty() && !words.commandNames().isEmpty()) {
            text.append(described(
                    "command",
                    words.commandNames().stream()
                            .map(each -> each + ":" + words.commands().get(each).purpose())
                            .toList()));
        }
        text.append(described(
                "-o option",
                command.options().stream()
                        .flatMap(option -> option.names().stream().map(each -> each + ":" + option.purpose()))
                        .toList()));
        return text.append("                    ;;\n").toString();
    }

    private static String described(String kind, List<String> items) {
        StringBuilder text = new StringBuilder("                    offered=(\n");
        items.forEach(item -> text.append("                        '")
                .append(item.replace("'", "'\\''"))
                .append("'\n"));
        return text.append("                    )\n                    _describe ")
                .append(kind)
                .append(" offered\n")
                .toString();
    }
}
