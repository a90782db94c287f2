package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of units for systemd, and the line for cron. */
class UnitsTest {
    private static final Path UNITS = Path.of("../dist/src/units");

    @TempDir
    private Path folder;

    /** With programs that are there, and a disk in the place of the instance. */
    @Test
    void systemdTakesEachUnit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
        List<String> command = new ArrayList<>(List.of("/usr/bin/systemd-analyze", "verify", "--man=no"));
        for (Path unit : units()) {
            String name = unit.getFileName().toString().replace("@.", "@dev-sdz.");
            String text = Files.readString(unit).replaceAll("/usr/bin/img(blstr|slave)", "/bin/true");
            command.add(Files.writeString(folder.resolve(name), text).toString());
        }
        assertThat(command).hasSize(6);

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.contains(folder.toString()) || line.contains("img")))
                .isEmpty();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({"imgslave@.service", "imgblstr-night.service"})
    void theProgramsTakeTheCommandsOfTheUnits(String unit) throws IOException {
        assertAccepted(Files.readString(UNITS.resolve(unit)), "/usr/bin/img");
    }

    @Test
    void theProgramTakesTheCommandForCron() throws IOException {
        assertAccepted(Files.readString(Path.of("../docs/room.md")), "root /usr/bin/imgblstr");
    }

    private static void assertAccepted(String text, String mark) {
        String line =
                text.lines().filter(each -> each.contains(mark)).findFirst().orElseThrow();
        String words = line.substring(line.indexOf("/usr/bin/img") + "/usr/bin/".length())
                .replaceAll("\\$\\(date [^)]*\\)", "today")
                .replace("'", "")
                .replaceAll(" >.*", "");
        List<String> command = new ArrayList<>(List.of(words.split(" ")));
        command.add("--help");
        BothPrograms.Said said = BothPrograms.run(command);
        assertThat(said.code()).as(said.err()).isZero();
    }

    private static List<Path> units() throws IOException {
        try (Stream<Path> files = Files.list(UNITS)) {
            return files.sorted().toList();
        }
    }
}
