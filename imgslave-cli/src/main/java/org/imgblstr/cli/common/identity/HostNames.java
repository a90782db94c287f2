package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;

/** What {@code --hostname} asks for: the name that a machine gets. Immutable. */
public interface HostNames {
    /** What Linux takes. */
    int MOST_CHARS = 64;

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

    /** Whether a machine can have this name. */
    static boolean isValid(String name) {
        return name.length() <= MOST_CHARS && VALID.matcher(name).matches();
    }
}
