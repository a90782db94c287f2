package org.imgblstr.cli.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.image.MalformedImageException;
import org.junit.jupiter.api.Test;

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
