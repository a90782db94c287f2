package org.imgblstr.cli.common.help;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.help.ArgumentWords.Kind;
import org.imgblstr.cli.common.help.CompletionWords.Command;

/** The completion for bash 4 and newer. The package bash-completion is not needed. */
final class BashCompletion {
    private BashCompletion() {}

    static String of(CompletionWords words) {
        String program = words.program();
        String commandNames = words.commandNames().isEmpty()
                ? ""
                : "            " + String.join("|", words.commandNames()) + ") command=${COMP_WORDS[i]}; break ;;\n";
        StringBuilder script = new StringBuilder()
                .append("# bash completion for ")
                .append(program)
                .append('\n')
                .append("_")
                .append(program)
                .append("() {\n")
                .append("    local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n")
                .append("    local command='' words='' files='' i\n")
                // bash takes --option=value apart at the equals sign.
                .append("    if [[ $cur == = ]]; then\n")
                .append("        cur=''\n")
                .append("    elif [[ $before == = ]]; then\n")
                .append("        before=${COMP_WORDS[COMP_CWORD-2]}\n")
                .append("    fi\n")
                .append("    for ((i = 1; i < COMP_CWORD; i++)); do\n")
                .append("        case ${COMP_WORDS[i]} in\n")
                .append("            ")
                .append(String.join("|", words.namesWithValue()))
                .append(")\n")
                .append("                i=$((i + 1))\n")
                .append("                if [[ ${COMP_WORDS[i]} == = ]]; then i=$((i + 1)); fi ;;\n")
                .append(commandNames)
                .append("        esac\n")
                .append("    done\n")
                .append("    case \"$command $before\" in\n");
        script.append(words.cases(option -> value(option.kind(), option.words())));
        script.append("        *)\n            case $command in\n");
        words.commands().forEach((name, command) -> script.append(arguments(name, command, words)));
        return script.append("            esac ;;\n")
                .append("    esac\n")
                .append("    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n")
                .append("    if [[ -n $files ]]; then\n")
                .append("        compopt -o filenames 2>/dev/null\n")
                .append("        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen \"$files\" -- \"$cur\")\n")
                .append("    fi\n")
                .append("}\n")
                .append("complete -F _")
                .append(program)
                .append(' ')
                .append(program)
                .append('\n')
                .toString();
    }

    private static String value(Kind kind, List<String> words) {
        if (!words.isEmpty()) {
            return "words='" + String.join(" ", words) + "'";
        }
        return switch (kind) {
            case FILE -> "files=-f";
            case FOLDER -> "files=-d";
            case INTERFACE -> "words=$(ls /sys/class/net 2>/dev/null)";
            case NONE, FREE -> "words=''";
        };
    }

    private static String arguments(String name, Command command, CompletionWords words) {
        List<String> offered = new ArrayList<>();
        command.options().forEach(option -> offered.addAll(option.names()));
        List<String> first = new ArrayList<>(name.isEmpty() ? words.commandNames() : List.of());
        first.addAll(command.argumentWords());
        String options = String.join(" ", offered);
        boolean isFile = command.argument() == Kind.FILE || command.argument() == Kind.FOLDER;
        String all = String.join(" ", first) + (isFile || first.isEmpty() ? "" : " ") + (isFile ? "" : options);
        String otherwise = (isFile ? value(command.argument(), List.of()) + " " : "") + "words='" + all + "'";
        return "                '" + name + "') if [[ $cur == -* ]]; then words='" + options + "'; else " + otherwise
                + "; fi ;;\n";
    }
}
