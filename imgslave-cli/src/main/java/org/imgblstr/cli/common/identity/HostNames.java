package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;

/** What {@code --hostname} asks for: the name that a machine gets. Immutable. */
public interface HostNames {
    /** What Linux takes. */
    int MOST_CHARS = 64;

    /** What stands between two dots, or before and behind them. */
    int MOST_PART_CHARS = 63;

    /** Labels of letters, digits and hyphens, at most 63 each, with dots between them. */
    Pattern VALID = Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    /**
     * The name for a machine.
     *
     * @throws ToolException when this machine gets none
     */
    String of(Machine machine) throws ToolException;

    /**
     * Checks what can be known before anything is written.
     *
     * @param machine as far as it is known by then; index 0 stands for any
     * @throws CliException exit code 2
     */
    void check(Machine machine);

    /**
     * Reads the option: a pattern, or {@code @FILE}.
     *
     * @throws CliException exit code 2: it names no host name that there can be, or the file cannot be read
     */
    static HostNames parse(String text) {
        return text.startsWith("@") ? HostNameList.read(Path.of(text.substring(1))) : HostNamePattern.parse(text);
    }

    /** Why no machine can have this name, a clause; "" when one can. */
    static String unfit(String name) {
        if (isValid(name)) {
            return "";
        }
        if (Stream.of(name.split("\\.", -1)).anyMatch(part -> part.length() > MOST_PART_CHARS)) {
            return "at most " + MOST_PART_CHARS + " characters between dots";
        }
        if (name.length() > MOST_CHARS) {
            return "at most " + MOST_CHARS + " characters";
        }
        return "letters, digits, hyphens and dots, and a letter or digit at each end of what stands between dots";
    }

    /** Whether a machine can have this name. */
    static boolean isValid(String name) {
        return name.length() <= MOST_CHARS && VALID.matcher(name).matches();
    }
}
