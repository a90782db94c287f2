package org.imgblstr.cli.common.help;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a person should know of a command beyond its options: the file {@code manual/PROGRAM.txt}. There {@code == COMMAND} begins a
 * command and {@code # TITLE} a section. The file is read only for help and manual pages.
 */
final class Manual {
    /** Headings with the options below them: {@code Heading: --option --option}. */
    static final String OPTIONS = "OPTIONS";

    static final String EXAMPLES = "EXAMPLES";

    /** One line for each exit code: the number, then its meaning. */
    static final String EXIT_STATUS = "EXIT STATUS";

    private final Map<String, List<String>> sections;

    private Manual(Map<String, List<String>> sections) {
        this.sections = sections;
    }

    /** What is said of a command; nothing when the file does not name it. */
    static Manual of(CommandSpec command) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> section = null;
        boolean isCommand = false;
        for (String line : lines(command.root().name())) {
            if (line.startsWith("== ")) {
                isCommand = line.substring(3).equals(command.qualifiedName());
                section = null;
            } else if (isCommand && line.startsWith("# ")) {
                section = sections.computeIfAbsent(line.substring(2), title -> new ArrayList<>());
            } else if (isCommand && section != null) {
                section.add(line);
            }
        }
        sections.values().forEach(Manual::trim);
        return new Manual(sections);
    }

    /** The lines of a section, without empty ones at its end; none when the command has no such section. */
    List<String> section(String title) {
        return sections.getOrDefault(title, List.of());
    }

    /** Headings and the long names of the options below each, in order. */
    Map<String, List<String>> optionGroups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String line : section(OPTIONS)) {
            int colon = line.indexOf(':');
            groups.put(
                    line.substring(0, colon),
                    List.of(line.substring(colon + 1).strip().split(" ")));
        }
        return groups;
    }

    private static void trim(List<String> lines) {
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
    }

    private static List<String> lines(String program) {
        try (InputStream file = Manual.class.getResourceAsStream("/manual/" + program + ".txt")) {
            return file == null
                    ? List.of()
                    : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
        } catch (IOException e) {
            throw new IllegalStateException("the manual within the program cannot be read", e);
        }
    }
}
