package org.imgblstr.cli.master.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectFileTest {
    @TempDir
    private Path folder;

    @Test
    void namesAreTakenAsTheyAreAndTheRestIsLeftOut() throws IOException {
        String text = "\uFEFF# room 7\r\n\n  lab-07 \r\nlab 8\t# at the window\n52-54-00-AB-CD-01\n \nBüro#1\nlast";
        assertThat(ExpectFile.read(file(text)))
                .containsExactly("lab-07", "lab 8", "52-54-00-AB-CD-01", "Büro#1", "last");
    }

    @ParameterizedTest(name = "[{index}] {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the file names no slave; write",
                "'# nobody\n\n' | the file names no slave; write",
                "'a\nb\n\nA\n' | line 4: 'A' stands in line 1 already",
                "'52:54:00:12:34:56\n52-54-00-12-34-56' | line 2: '52-54-00-12-34-56' stands in line 1 already",
                "'a\n52:54:00:12:34' | line 2: expected a hardware address like 52:54:00:12:34:56, found '52:54:00:12:34'",
                "'52:54:00:12:34:5' | line 1: expected a hardware address",
                "'a\u202Eb' | line 1: expected a label of at most 64 bytes of printable UTF-8, found 'a\uFFFDb'",
                "'a\u001Bb' | line 1: expected a label of at most 64 bytes of printable UTF-8, found 'a\uFFFDb'"
            })
    void aFileThatIsNoListIsWrongUsageAndTheMessageNamesTheLine(String text, String message) throws IOException {
        assertRefused(file(text == null ? "" : text.replace("\\n", "\n")), message);
    }

    @Test
    void soAreOtherBytesThanUtf8AndTooLongNamesAndLists() throws IOException {
        Path latin = Files.write(folder.resolve("latin"), "a\nB\u00fcro\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(latin, "line 2: expected UTF-8");
        assertRefused(file("ok\n" + "x".repeat(65)), "line 2: expected a label of at most 64 bytes");
        assertRefused(file("#\n".repeat(10_001)), "expected at most 10000 lines");
        assertRefused(file("x".repeat(5 << 20)), "expected at most 10000 lines");
        assertThat(ExpectFile.read(file("#\n".repeat(9_999) + "a"))).containsExactly("a");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("list"), text);
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> ExpectFile.read(file))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith("--expect " + file)
                .hasMessageContaining(message);
    }
}
