package org.imgblstr.cli.slave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of {@code --log}. */
class LogFileTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) ";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path disk;
    private Path log;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        log = folder.resolve("night.log");
        Files.write(disk, new byte[1 << 20]);
    }

    /** Nothing of a test stays open in this process. */
    @AfterEach
    void endLog() {
        run("--plan", disk);
    }

    @Test
    void aQuietRunIsToldInFullWithTimesBehindWhatIsThere() throws IOException {
        Files.writeString(log, "yesterday\n");
        assertThat(run(
                        "--interface",
                        "lo",
                        "--group",
                        "239.255.91.18:23918",
                        "--wait",
                        "1s",
                        "--quiet",
                        "--open",
                        "--log",
                        log,
                        disk))
                .isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(Files.readAllLines(log))
                .hasSizeGreaterThan(3)
                .startsWith("yesterday")
                .anyMatch(line -> line.matches(TIME + "listening on lo for .*"))
                .anyMatch(line -> line.matches(TIME + "not complete: .*nothing was written"))
                .last()
                .matches(line -> line.matches(TIME + "exit code 13"));
    }

    @Test
    void aPlanAndTheErrorThatEndedTheRunAreInTheLog() throws IOException {
        assertThat(run("--plan", "--log", log, disk)).isZero();
        assertThat(run("--interface", "nosuch0", "--open", "--wait", "1s", "--log", log, disk))
                .isEqualTo(ExitCode.NETWORK);
        assertThat(log)
                .content()
                .contains("overwrite " + disk)
                .containsPattern("(?m)^" + TIME + "imgslave: .*nosuch0")
                .doesNotContain("DEBUG");
    }

    @Test
    void aRunBeginsWithItsCommandAndWhoRunsWhichVersionWhere() throws IOException {
        assertThat(run("--plan", "--log", log, "--label", "two words", disk)).isZero();
        assertThat(run("--plan", "--log", log, disk)).isZero();
        String who = "; imgslave \\S+, host \\S+, user \\S+, time zone \\S+";
        assertThat(Files.readAllLines(log))
                .first()
                .asString()
                .matches(TIME + "run: imgslave --plan --log " + log + " --label 'two words' " + disk + who);
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.matches(TIME + "run: imgslave .*" + who))
                .hasSize(2);
    }

    @Test
    void aPasswordInAnAddressIsNotInTheLog() throws IOException {
        String then = "curl https://lab:hunter2@host.example/done";
        assertThat(run("--plan", "--log", log, "--then", then, disk)).isZero();
        assertThat(log).content().contains("https://lab:***@host.example/done").doesNotContain("hunter2");
    }

    @Test
    void aNextRunWithoutTheOptionLeavesTheFileAlone() throws IOException {
        assertThat(run("--plan", "--log", log, disk)).isZero();
        byte[] before = Files.readAllBytes(log);
        assertThat(run("--plan", disk)).isZero();
        assertThat(Files.readAllBytes(log)).isEqualTo(before);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({
        "FOLDER/none/a.log, 2, no such file",
        "FOLDER, 2, Is a directory",
        "/, 2, Is a directory",
        "FOLDER/disk.raw, 2, is a file that this run uses",
        "FOLDER/../FOLDER_NAME/disk.raw, 2, is a file that this run uses",
        "/dev/zero, 15, is not a regular file"
    })
    void aPlaceThatCannotBeTheLogIsRefusedBeforeAnythingStarts(String place, int code, String message)
            throws IOException {
        String file =
                place.replace("FOLDER_NAME", folder.getFileName().toString()).replace("FOLDER", folder.toString());
        assertThat(run("--interface", "lo", "--wait", "1s", "--log", file, disk))
                .isEqualTo(code);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("imgslave: --log ")
                .contains(message)
                .hasLineCount(1);
        assertThat(Files.readAllBytes(disk)).hasSize(1 << 20).containsOnly(0);
    }

    private int run(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        PrintStream to = new PrintStream(err, true, StandardCharsets.UTF_8);
        return ImgslaveMain.run(Setting.unattended(to, to), words);
    }
}
