package org.imgblstr.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of libraries: licences from POMs and their parents, and the document that must tell the same. */
class DependencyListTest {
    private static final String ROW = "| Wire `org.wire:wire-core` | 1.2 | Apache-2.0 or MIT | all | why |\n";

    @TempDir
    private Path folder;

    private Path repository;
    private String classPath;

    @BeforeEach
    void aLibraryWhoseParentNamesTheLicences() throws IOException {
        repository = folder.resolve("repository");
        pom("org/wire", "wire-core", "1.2", "<parent>" + coordinates("org.wire", "wire-parent", "7") + "</parent>");
        pom("org/wire", "wire-parent", "7", "<licenses>" + licence("MIT") + licence("Apache-2.0") + "</licenses>");
        classPath = folder.resolve("our/target/our-1.jar") + ":"
                + repository.resolve("org/wire/wire-core/1.2/wire-core-1.2.jar") + ":"
                + repository.resolve("org/wire/wire-core/1.2/wire-core-1.2-linux.jar");
    }

    @Test
    void eachLibraryIsOneLineWithTheLicencesOfItsNearestPom() throws IOException {
        // when
        String said = run(ROW);
        // then
        assertThat(said).isEmpty();
        assertThat(folder.resolve("list")).hasContent("org.wire:wire-core:1.2 Apache-2.0 or MIT\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            1.2           > 1.3             > org.wire:wire-core:1.3
            or MIT        > or BSD-2-Clause > Apache-2.0 or BSD-2-Clause
            :wire-core    > :wire-extra     > wire-core:1.2 Apache-2.0 or MIT], which the first table does not tell
            `org.wire     > `org.gone:gone` `org.wire > it tells [org.gone:gone:1.2
            """)
    void aDocumentThatTellsSomethingElseFailsTheBuild(String words, String others, String expected) throws IOException {
        // when
        String said = run(ROW.replace(words, others));
        // then
        assertThat(said).contains("document.md", expected);
        assertThat(folder.resolve("list")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            MIT              > Beerware              > org.wire:wire-parent:7 names the licence "Beerware"
            licenses         > others                > neither the POM of org.wire:wire-parent:7
            """)
    void aLicenceThatNobodyHasReadFailsTheBuild(String words, String others, String expected) throws IOException {
        // given
        Path parent = repository.resolve("org/wire/wire-parent/7/wire-parent-7.pom");
        Files.writeString(parent, Files.readString(parent).replace(words, others));
        // when, then
        assertThat(run(ROW)).contains(expected);
    }

    @Test
    void aClassPathWithoutLibrariesFailsTheBuild() throws IOException {
        // given
        classPath = folder.resolve("our/target/our-1.jar").toString();
        // when, then
        assertThat(run(ROW)).contains("no library", classPath);
    }

    private String run(String rows) throws IOException {
        Path document = folder.resolve("document.md");
        Files.writeString(document, "| library | version | licence | module | why |\n|---|---|---|---|---|\n" + rows);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = DependencyList.run(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                repository.toString(),
                classPath,
                document.toString(),
                folder.resolve("list").toString());
        assertThat(code).isEqualTo(said.size() == 0 ? 0 : 1);
        return said.toString(StandardCharsets.UTF_8);
    }

    private void pom(String group, String name, String version, String content) throws IOException {
        Path pom = repository.resolve(group).resolve(name).resolve(version).resolve(name + "-" + version + ".pom");
        Files.createDirectories(pom.getParent());
        Files.writeString(pom, "<project>" + content + "</project>");
    }

    private static String coordinates(String group, String name, String version) {
        return "<groupId>" + group + "</groupId><artifactId>" + name + "</artifactId><version>" + version
                + "</version>";
    }

    private static String licence(String name) {
        return "<license><name>" + name + "</name></license>";
    }
}
