package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/troubleshooting.md has an entry for each message of failure, refusal or warning. The messages are collected from the sources: the text
 * literals of exceptions, refusals and warnings; what stands between them counts as "…".
 */
class TroubleshootingTest {
    private static final Path PAGE = Path.of("../docs/troubleshooting.md");

    /** Where a message begins. */
    private static final Pattern SITE =
            Pattern.compile("new\\s+(\\w+Exception)\\s*\\(|CliException\\.(?:usage|refused)\\s*\\("
                    + "|\\b(?:warning|onWarning|warn|error|refused|malformed|outcome|failed)\\s*\\(");

    /** Faults of the program have one entry; of these two kinds, the frame that all of them have is an entry. */
    private static final Pattern OTHERWISE = Pattern.compile(
            "(IllegalState|IllegalArgument|IndexOutOfBounds|Arithmetic|Unsure|MalformedTrack|MalformedImage|MalformedTable)Exception");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]{2,}");
    private static final Pattern ENTRY = Pattern.compile("`([^`]+)`");

    private record Message(String where, String text) {}

    @Test
    void everyMessageHasAnEntry() throws IOException {
        List<List<String>> entries = entries();
        List<Message> messages = messages();
        assertThat(messages).hasSizeGreaterThan(150);
        assertThat(messages.stream()
                        .filter(message -> entries.stream().noneMatch(entry -> fits(message.text(), entry))))
                .as("add these to docs/troubleshooting.md")
                .isEmpty();
    }

    @Test
    void theFramesOfOtherMessagesAreEntries() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("`expected …, found …`", "`all of … is read`", "`this is a fault of the program`");
    }

    /** The first cell of each row: patterns, each as the parts between "…". */
    private static List<List<String>> entries() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.indexOf(" | ")))
                .flatMap(cell -> ENTRY.matcher(cell).results())
                .map(match -> Stream.of(match.group(1).split("…"))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList())
                .toList();
    }

    private static boolean fits(String text, List<String> parts) {
        int from = 0;
        for (String part : parts) {
            int at = text.indexOf(part, from);
            if (at < 0) {
                return false;
            }
            from = at + part.length();
        }
        return true;
    }

    private static List<Message> messages() throws IOException {
        List<Message> messages = new ArrayList<>();
        for (String module : List.of("sealing", "disk-io", "protocol", "imgslave-cli", "imgblstr-cli")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    collect(file, messages);
                }
            }
        }
        return messages;
    }

    private static void collect(Path file, List<Message> messages) throws IOException {
        String source = Files.readString(file);
        Matcher site = SITE.matcher(source);
        while (site.find()) {
            String kind = site.group(1) == null ? "" : site.group(1);
            String text = LITERAL.matcher(arguments(source, site.end()))
                    .results()
                    .map(literal -> literal.group(1))
                    .collect(Collectors.joining(" … "))
                    .replace(" + Libc.strerror(errno) + ", "…")
                    .replace("{}", "…")
                    .replaceAll("\\s+", " ");
            if (!OTHERWISE.matcher(kind).matches()
                    && WORD.matcher(text).results().count() > 2) {
                messages.add(new Message(file.getFileName().toString(), text));
            }
        }
    }

    /** The text up to the bracket that ends the arguments. */
    private static String arguments(String source, int begin) {
        int depth = 1;
        boolean isText = false;
        int at = begin;
        while (depth > 0 && at < source.length()) {
            char each = source.charAt(at);
            if (isText && each == '\\') {
                at++;
            } else if (each == '"') {
                isText = !isText;
            } else if (!isText && each == '(') {
                depth++;
            } else if (!isText && each == ')') {
                depth--;
            }
            at++;
        }
        return source.substring(begin, Math.min(at, source.length()));
    }
}
