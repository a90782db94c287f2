package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is there: tests, scripts and the files that links lead to. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES =
            List.of("rle-codec", "sealing", "disk-io", "protocol", "imgslave-cli", "imgblstr-cli", "dist");
    private static final Pattern TEST =
            Pattern.compile("(?<!\\*)\\b([A-Z][A-Za-z]+(?:Test|Contract))\\b(?:[.#]([a-z]\\w+))?");
    private static final Pattern MERGE = Pattern.compile("^(?:<{7}|>{7}) .*", Pattern.MULTILINE);
    private static final Pattern SCRIPT = Pattern.compile("\\b([a-z_]+\\.(?:sh|py))\\b");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Path document : documents()) {
            for (MatchResult name : found(TEST, document)) {
                List<String> sources = testSources(name.group(1));
                if (sources.isEmpty()
                        || (name.group(2) != null
                                && sources.stream().noneMatch(text -> text.contains(name.group(2))))) {
                    missing.add(document + ": " + name.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void noDocumentHoldsTheMarksOfAMerge() throws IOException {
        Set<String> marked = new TreeSet<>();
        for (Path document : documents()) {
            found(MERGE, document).forEach(mark -> marked.add(document + ": " + mark.group()));
        }
        assertThat(marked).isEmpty();
    }

    @Test
    void everyScriptThatADocumentNamesExists() throws IOException {
        Set<String> scripts = files(ROOT, ".sh", ".py");
        Set<String> missing = new TreeSet<>();
        for (Path document : documents()) {
            for (MatchResult name : found(SCRIPT, document)) {
                if (!scripts.contains(name.group(1))) {
                    missing.add(document + ": " + name.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Path document : documents()) {
            for (MatchResult link : found(LINK, document)) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    missing.add(document + ": " + link.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> documents = Stream.concat(
                            Stream.of("README.md", "CHANGELOG.md", "bench/README.md")
                                    .map(ROOT::resolve),
                            docs.filter(path -> path.toString().endsWith(".md")))
                    .filter(Files::exists)
                    .toList();
            assertThat(documents).hasSizeGreaterThan(20);
            return documents;
        }
    }

    private static List<MatchResult> found(Pattern pattern, Path document) throws IOException {
        return pattern.matcher(Files.readString(document)).results().toList();
    }

    /** The text of each test class of this name; several modules may have one. */
    private static List<String> testSources(String name) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path source :
                        sources.filter(path -> path.endsWith(name + ".java")).toList()) {
                    texts.add(Files.readString(source));
                }
            }
        }
        return texts;
    }

    private static Set<String> files(Path folder, String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 5)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> Stream.of(endings).anyMatch(name::endsWith))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
