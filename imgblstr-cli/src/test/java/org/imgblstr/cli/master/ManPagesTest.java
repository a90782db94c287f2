package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPagesTest {
    private static final Pattern OPTION = Pattern.compile("(?<![a-z-])--[a-z][a-z-]+");

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();

    @BeforeEach
    void write() {
        assertThat(program.run("generate-man-pages", folder)).isZero();
    }

    @Test
    void theProgramAndEachCommandHaveAPage() {
        assertThat(folder.toFile().list())
                .contains("imgblstr.1", "imgblstr-disks.1", "imgblstr-info.1", "imgblstr-verify.1", "imgblstr-demo.1");
    }

    @Test
    void thePageNamesWhatHelpNames() throws IOException {
        assertThat(program.run("--help")).isZero();
        String page = Files.readString(folder.resolve("imgblstr.1")).replace("\\-", "-");
        List<String> options = OPTION.matcher(program.out())
                .results()
                .map(match -> match.group())
                .toList();
        assertThat(options).contains("--broadcast", "--delta");
        assertThat(page).contains(options).contains("130\ninterrupted", "imgblstr-disks\\fR(1)");
        assertThat(page)
                .contains(
                        ".SH DESCRIPTION",
                        ".SS Slaves",
                        ".SH EXAMPLES",
                        ".SH EXIT STATUS",
                        ".SH START RULES",
                        ".SH FILES",
                        ".SH ENVIRONMENT",
                        "imgslave\\fR(1)");
    }

    @Test
    void eachPageHasExamplesAndExitStatus() throws IOException {
        assertThat(pages()).hasSizeGreaterThan(14).allSatisfy(page -> assertThat(page)
                .content()
                .contains(".SH DESCRIPTION", ".SH OPTIONS", ".SH EXAMPLES", ".SH EXIT STATUS", ".SH SEE ALSO"));
    }

    @Test
    void onlyWhatIsMeantAsARequestIsOne() throws IOException {
        for (Path page : pages()) {
            assertThat(Files.readAllLines(page))
                    .filteredOn(line -> line.startsWith(".") || line.startsWith("'"))
                    .allMatch(line -> line.matches("\\.(TH|SH|SS|TP|PP|nf|fi)( .*)?"));
        }
    }

    @Test
    void groffFindsNothingToWarnOf() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "needs groff");
        List<String> command = new ArrayList<>(List.of("/usr/bin/groff", "-man", "-ww", "-z", "-Tutf8"));
        pages().forEach(page -> command.add(page.toString()));
        Process groff = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(groff.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(folder)) {
            return pages.toList();
        }
    }
}
