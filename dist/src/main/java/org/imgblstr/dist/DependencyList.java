package org.imgblstr.dist;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the list of the libraries within both programs, each with its version and licence, and compares the list with the document. One line
 * a library: {@code GROUP:NAME:VERSION LICENCE}.
 */
public final class DependencyList {
    /** A row of the document's first table: library with its artifacts in backticks, version, licence. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|]*`[^|]*) \\| ([^|]+) \\| ([^|]+) \\| [^|]+ \\| [^|]+ \\|$");

    private static final Pattern ARTIFACT = Pattern.compile("`([\\w.-]+:[\\w.-]+)`");

    private final Path repository;

    DependencyList(Path repository) {
        this.repository = repository;
    }

    /** Arguments: Maven's local repository, the class path of the programs, the document, the file to make. */
    public static void main(String[] args) throws IOException {
        System.exit(run(System.err, args));
    }

    static int run(PrintStream err, String... args) throws IOException {
        try {
            SortedSet<String> found = new DependencyList(Path.of(args[0])).of(args[1]);
            checkDocument(Path.of(args[2]), found);
            Files.writeString(Path.of(args[3]), String.join("\n", found) + "\n");
            return 0;
        } catch (ListException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    /** The lines of a class path. What does not lie in the local repository, or is of the project, is ours. */
    SortedSet<String> of(String classPath) {
        Licences licences = new Licences(repository);
        SortedSet<String> lines = new TreeSet<>();
        Stream.of(classPath.split(":"))
                .map(Path::of)
                .filter(jar -> jar.startsWith(repository))
                .map(jar -> Artifact.ofJar(repository.relativize(jar)))
                .filter(artifact -> !artifact.group().equals("org.imgblstr"))
                .forEach(artifact -> lines.add(artifact + " " + licences.of(artifact)));
        if (lines.isEmpty()) {
            throw new ListException("no library of the class path lies in " + repository + ": " + classPath);
        }
        return lines;
    }

    private static void checkDocument(Path document, SortedSet<String> found) throws IOException {
        SortedSet<String> told = told(Files.readString(document));
        SortedSet<String> missing = new TreeSet<>(found);
        missing.removeAll(told);
        told.removeAll(found);
        if (!missing.isEmpty() || !told.isEmpty()) {
            throw new ListException(document + ": the programs hold " + missing
                    + ", which the first table does not tell; it tells " + told + ", which the programs do not hold.");
        }
    }

    private static SortedSet<String> told(String document) {
        SortedSet<String> lines = new TreeSet<>();
        for (MatchResult row : ROW.matcher(document).results().toList()) {
            ARTIFACT.matcher(row.group(1))
                    .results()
                    .forEach(artifact -> lines.add(artifact.group(1) + ":" + row.group(2) + " " + row.group(3)));
        }
        return lines;
    }
}
