package org.imgblstr.cli.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.disk.device.DiskIdentity;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class QuestionsTest {
    private static final DiskIdentity DEVICE =
            new DiskIdentity("/dev/sdx", "/dev/sdx", "Fake", "S1", 1 << 20, 512, true, false);
    private static final DiskIdentity FILE =
            new DiskIdentity("a.raw", "/tmp/a.raw", "", "", 1 << 20, 512, false, false);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aChoiceIsAskedAgainUntilItIsOne() throws IOException {
        assertThat(new Questions(typed("x\n0\n4\n 2 \n")).choose("Which", List.of("a", "b", "c")))
                .isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("'x' is not one of them", "'4' is not one of them");
    }

    @Test
    void onlyYesIsYes() throws IOException {
        assertThat(new Questions(typed("maybe\nYES\n")).yes("Sure?")).isTrue();
        assertThat(new Questions(typed("\nn\n")).yes("Sure?")).isFalse();
    }

    @Test
    void anEmptyLineMeansTheDefault() throws IOException {
        assertThat(new Questions(typed("\n")).text("Which", "all")).isEqualTo("all");
        assertThat(new Questions(typed("\n \nmine\n")).text("Which")).isEqualTo("mine");
    }

    @Test
    void aClosedTerminalIsNoYes() {
        assertThatThrownBy(() -> new Questions(typed("")).yes("Sure?"))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(15));
    }

    @Test
    void aDeviceWithoutATerminalNeedsYesOnTheCommandLine() throws IOException {
        Streams nobody = Streams.unattended(stream(), stream());
        assertThatThrownBy(() -> Consent.toOverwrite(DEVICE, "all", options(), nobody))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(15))
                .hasMessageContaining("/dev/sdx")
                .hasMessageContaining("--yes");
        Consent.toOverwrite(DEVICE, "all", options("--yes"), nobody);
        Consent.toOverwrite(FILE, "all", options(), nobody);
        assertThat(said.size()).isZero();
    }

    @Test
    void aDeviceOnATerminalNeedsTheAnswerYes() throws IOException {
        Consent.toOverwrite(DEVICE, "all", options(), typed("yes\n"));
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("Fake", "S1", "1.0 MiB", "Overwrite /dev/sdx?");
        assertThatThrownBy(() -> Consent.toOverwrite(DEVICE, "all", options(), typed("no\n")))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(15));
    }

    private static CommonOptions options(String... args) {
        CommonOptions options = new CommonOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("common", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(args);
        return options;
    }

    private Streams typed(String lines) {
        return new Streams(stream(), stream(), new BufferedReader(new StringReader(lines)), true);
    }

    private PrintStream stream() {
        return new PrintStream(said, true, StandardCharsets.UTF_8);
    }
}
