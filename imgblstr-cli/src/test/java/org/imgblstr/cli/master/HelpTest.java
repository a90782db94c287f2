package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The help of each command of both programs. */
class HelpTest {
    private static final int COLUMNS = 80;

    /** An option where the help explains it: its last name, and the label of its value. */
    private static final Pattern EXPLAINED =
            Pattern.compile("^ {2,6}(?:-[a-zA-Z], )?(--[a-z-]+)(?:=(\\S+))?", Pattern.MULTILINE);

    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("ADDR[:PORT]", "239.1.1.1"),
            Map.entry("A[:B]", "18765"),
            Map.entry("BITS", "400M"),
            Map.entry("DURATION", "5s"),
            Map.entry("N", "3"),
            Map.entry("zstd:LEVEL", "zstd:3"),
            Map.entry("TIME", "23:00"));

    @TempDir
    private Path folder;

    private Map<List<String>, String> helps;

    @BeforeEach
    void run() throws IOException {
        helps = BothPrograms.help(folder);
        assertThat(helps).hasSizeGreaterThan(16);
    }

    @Test
    void everyHelpFitsATerminalAndHasExamplesAndExitCodes() {
        helps.forEach((command, help) -> assertThat(help)
                .as(String.join(" ", command))
                .startsWith("Usage: " + String.join(" ", command))
                .contains("\nExamples:\n", "\nExit codes:\n")
                .satisfies(text -> assertThat(text.lines()).allMatch(line -> line.length() <= COLUMNS)));
    }

    @Test
    void whatHelpShowsIsAccepted() {
        helps.forEach((command, help) -> {
            for (MatchResult option : explained(help)) {
                for (String value : values(option.group(2))) {
                    List<String> words = new ArrayList<>(command);
                    words.add(option.group(1) + value);
                    if (!option.group(1).equals("--help")) {
                        words.add("--help");
                    }
                    BothPrograms.Said said = BothPrograms.run(words);
                    assertThat(said.code()).as(words + ": " + said.err()).isZero();
                    assertThat(said.out()).as(words.toString()).isNotBlank();
                }
            }
        });
    }

    @Test
    void theOptionsOfBothProgramsAreGrouped() {
        for (String program : List.of("imgblstr", "imgslave")) {
            assertThat(helps.get(List.of(program)))
                    .as("name new options in src/main/resources/manual/%s.txt, below # OPTIONS", program)
                    .contains("\nSafety:\n", "\nOutput:\n")
                    .doesNotContain("\nOther:\n");
            assertThat(explained(helps.get(List.of(program))))
                    .extracting(option -> option.group(1))
                    .doesNotHaveDuplicates()
                    .contains("--interface", "--verify", "--help");
        }
    }

    private static List<MatchResult> explained(String help) {
        return EXPLAINED.matcher(help).results().toList();
    }

    /** What goes behind the option: each word of its label, and an example of each kind. */
    private static List<String> values(String label) {
        return label == null
                ? List.of("")
                : Stream.of(label.split("\\|"))
                        .map(part -> "=" + VALUES.getOrDefault(part, part))
                        .toList();
    }
}
