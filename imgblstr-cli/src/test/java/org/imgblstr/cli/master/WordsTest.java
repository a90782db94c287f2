package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.Words;
import org.junit.jupiter.api.Test;

/** The words that a person reads are those of docs/glossary.md. */
class WordsTest {
    private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| `([^`]+)` \\| [^|]+ \\|");

    /** Words that mean nothing to an operator. */
    private static final Pattern AUTHORS_WORDS =
            Pattern.compile("RSVP|gave up with|FIG\\.|hook.?up", Pattern.CASE_INSENSITIVE);

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Test
    void resultsAreThoseOfTheGlossary() throws IOException {
        List<String> words = new ArrayList<>(Arrays.stream(SlaveResult.Result.values())
                .map(result -> Words.of(result) + "|" + Words.inEvents(result))
                .toList());
        words.add("missing|missing");
        assertThat(rows("How a slave ended")).containsExactlyElementsOf(words);
    }

    @Test
    void phasesAreThoseOfTheGlossary() throws IOException {
        assertThat(rows("Where a session is"))
                .containsExactlyElementsOf(Arrays.stream(SessionPhase.values())
                        .map(phase -> Words.of(phase) + "|" + phase.word())
                        .toList());
    }

    @Test
    void statesAndLimitsAreThoseOfTheGlossary() throws IOException {
        assertThat(rows("Where a slave is"))
                .allMatch(row -> row.replaceFirst("\\|.*", "").equals(row.replaceFirst(".*\\|", "")));
        String views =
                Files.readString(Path.of("../protocol/src/main/java/org/imgblstr/protocol/session/SlaveViews.java"));
        String constants = views.substring(views.indexOf("private enum Standing {"));
        assertThat(rows("Where a slave is"))
                .containsExactlyElementsOf(Pattern.compile("^ {8}([A-Z]+)[,;]", Pattern.MULTILINE)
                        .matcher(constants)
                        .results()
                        .map(match -> match.group(1).toLowerCase(java.util.Locale.ROOT))
                        .map(word -> word + "|" + word)
                        .toList());
        assertThat(rows("What holds a session up"))
                .containsExactlyElementsOf(Stream.of("wire", "rate", "source", "codec", "image", "disk", "slave:LABEL")
                        .map(limit -> Words.ofLimit(limit) + "|" + limit)
                        .toList());
    }

    @Test
    void aSlaveIsToldInWordsWhyTheMasterStopped() {
        assertThat(IntStream.range(0, 131).mapToObj(Words::whyMasterStopped))
                .noneMatch(why -> why.matches(".*[0-9].*"));
        assertThat(Words.whyMasterStopped(130)).isEqualTo("its operator stopped it");
    }

    @Test
    void nothingThatAUserSeesSpeaksTheLanguageOfTheAuthors() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("rle-codec", "sealing", "disk-io", "protocol", "imgslave-cli", "imgblstr-cli")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (file.toString().endsWith(".java")) {
                        LITERAL.matcher(withoutComments(Files.readString(file)))
                                .results()
                                .map(literal -> literal.group(1))
                                .filter(text -> text.contains(" ")
                                        && AUTHORS_WORDS.matcher(text).find())
                                .forEach(text -> found.add(file + ": " + text));
                    } else if (file.toString().endsWith(".txt")
                            && AUTHORS_WORDS.matcher(Files.readString(file)).find()) {
                        found.add(file.toString());
                    }
                }
            }
        }
        for (String page : List.of("README.md", "docs/room.md", "docs/troubleshooting.md")) {
            if (Files.exists(Path.of("..", page))
                    && AUTHORS_WORDS
                            .matcher(Files.readString(Path.of("..", page)))
                            .find()) {
                found.add(page);
            }
        }
        assertThat(found).isEmpty();
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?m)^\\s*(//|\\*|/\\*).*$", "");
    }

    /** Rows of the table below a title: {@code word|word in JSON}. */
    private static List<String> rows(String title) throws IOException {
        String page = Files.readString(Path.of("../docs/glossary.md"));
        int begin = page.indexOf("**" + title + "**");
        int end = page.indexOf("**", begin + title.length() + 4);
        String table = page.substring(begin, end < 0 ? page.length() : end);
        return ROW.matcher(table)
                .results()
                .map(row -> row.group(1) + "|" + row.group(2))
                .toList();
    }
}
