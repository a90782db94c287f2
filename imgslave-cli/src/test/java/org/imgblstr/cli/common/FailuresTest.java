package org.imgblstr.cli.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.MalformedImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

    @Test
    void eachKindOfFailureHasItsExitCode() {
        assertThat(Failures.exitCode(new RefusedException(Reason.DOES_NOT_FIT, "x")))
                .isEqualTo(10);
        assertThat(Failures.exitCode(new MalformedImageException("a.img", 5, "this", "that")))
                .isEqualTo(11);
        assertThat(Failures.exitCode(new DeviceException("x", 5, null))).isEqualTo(12);
        assertThat(Failures.exitCode(new DeviceException("no such device", 2, null)))
                .isEqualTo(2);
        assertThat(Failures.exitCode(new RefusedException(Reason.UNSAFE, "x"))).isEqualTo(15);
        assertThat(Failures.exitCode(new NoSuchFileException("a.img"))).isEqualTo(2);
        assertThat(Failures.exitCode(new IOException("no space left"))).isEqualTo(12);
        assertThat(Failures.exitCode(new IllegalStateException("x"))).isEqualTo(1);
        assertThat(Failures.exitCode(new CliException(13, "nobody"))).isEqualTo(13);
    }

    @Test
    void aFileThatIsNoImageComesWithTheNextStep(@TempDir Path folder) throws IOException {
        for (String content : List.of("", "short", "root:x:0:0:root:/root:/bin/bash\n".repeat(20))) {
            Path file = Files.writeString(folder.resolve("passwd"), content);
            assertThatThrownBy(() -> ImageReader.open(file)).satisfies(e -> assertThat(Failures.message(e))
                    .contains("offset 0: expected an image")
                    .contains("name a file that 'imgblstr --upload' has made"));
        }
        assertThatThrownBy(() -> ImageReader.open(folder)).satisfies(e -> {
            assertThat(Failures.message(e)).isEqualTo(folder + ": Is a directory; name an image file");
            assertThat(Failures.exitCode(e)).isEqualTo(ExitCode.USAGE);
        });
        assertThat(Failures.message(new MalformedImageException("a.img", 9, "this", "that")))
                .endsWith("; take another copy of the image, or make it again");
    }

    @Test
    void anErrorIsOneLine() {
        int code = Failures.report("imgslave", new CliException(15, "one\n  two"), false, err);
        assertThat(code).isEqualTo(15);
        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("imgslave: one two" + System.lineSeparator());
    }

    @Test
    void theTraceComesWhenAskedFor() {
        Failures.report("imgslave", new CliException(15, "no"), true, err);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("imgslave: no")
                .contains("FailuresTest.java");
    }

    @Test
    void aFaultOfTheProgramSaysThatItIsOne() {
        Failures.report("imgslave", new IllegalStateException("off by one"), false, err);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("IllegalStateException: off by one")
                .contains("fault of the program");
    }
}
