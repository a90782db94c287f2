package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.target.Consent;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class QuestionsTest {
    private static final DiskIdentity DEVICE =
            new DiskIdentity("/dev/sdx", "/dev/sdx", "Fake", "S1", 1 << 20, 512, DiskIdentity.Kind.DISK);

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aChoiceIsAskedAgainUntilItIsOne() throws IOException {
        assertThat(new Questions(typed("x\n0\n4\n 2 \n")).choose("Which", List.of("a", "b", "c")))
                .isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains(
                        "'x' is not a choice; type a number from 1 to 3",
                        "'4' is not a choice; type a number from 1 to 3; Ctrl-C leaves");
    }

    @Test
    void onlyYesIsYes() throws IOException {
        assertThat(new Questions(typed("maybe\nYES\n")).yes("Sure?")).isTrue();
        assertThat(new Questions(typed("\nn\n")).yes("Sure?")).isFalse();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("please answer yes or no; Ctrl-C leaves");
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
    void aDeviceWithoutATerminalNeedsYesOnTheCommandLine() throws Exception {
        Setting nobody = Setting.unattended(stream(), stream());
        assertThatThrownBy(() -> Consent.toOverwrite(DEVICE, "all", options(), nobody))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(15))
                .hasMessageContaining("/dev/sdx")
                .hasMessageContaining("--yes");
        Consent.toOverwrite(DEVICE, "all", options("--yes"), nobody);
        assertThat(said.size()).isZero();
    }

    @Test
    void aDeviceOnATerminalNeedsTheAnswerYes() throws Exception {
        Consent.toOverwrite(DEVICE, "all", options(), typed("yes\n"));
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("Fake", "S1", "1.0 MiB", "Overwrite /dev/sdx?");
        assertThatThrownBy(() -> Consent.toOverwrite(DEVICE, "all", options(), typed("no\n")))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(15));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({"0, , 0", "1048576, , 0", "0, 0, 15", "0, 1048575, 15", "134217728, 100000000, 15"})
    void aFileIsAskedAboutAsSoonAsItHoldsAnything(long hole, Long at, int code) throws Exception {
        // given: zeros that are stored, or a hole and a last MiB, and perhaps one byte
        Path file = folder.resolve("disk.raw");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.allocate(1 << 20), hole);
            if (at != null) {
                channel.write(ByteBuffer.wrap(new byte[] {1}), at);
            }
        }
        DiskIdentity identity = Disks.identify(file.toString());
        Setting nobody = Setting.unattended(stream(), stream());
        // then
        assertThat(consent(identity, nobody)).isEqualTo(code);
        assertThat(consent(identity, typed("no\n"))).isEqualTo(code);
        assertThat(consent(identity, typed("yes\n"))).isZero();
        assertThat(consent(identity, nobody, "--yes")).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8).contains("byte " + at + " is not zero"))
                .isEqualTo(code != 0);
    }

    @Test
    void aRefusalSaysWhatTheFileHoldsAndThenWhatToDo() throws Exception {
        Path file = Files.write(folder.resolve("disk.raw"), Arrays.copyOf(new byte[] {0, 1}, 512));
        DiskIdentity identity = Disks.identify(file.toString());
        assertThatThrownBy(
                        () -> Consent.toOverwrite(identity, "all", options(), Setting.unattended(stream(), stream())))
                .hasMessageContaining("(byte 1 is not zero): there is no terminal to ask; say --yes");
    }

    @Test
    @Timeout(20)
    void anInterruptEndsAQuestionThatNobodyAnswers() throws Exception {
        // given: a terminal on which nothing is typed
        try (PipedReader terminal = new PipedReader();
                PipedWriter keyboard = new PipedWriter(terminal)) {
            Setting setting = asked(terminal);
            // when: the prompt is there
            CompletableFuture<Integer> code =
                    CompletableFuture.supplyAsync(() -> code(() -> new Questions(setting).yes("Sure?")));
            while (!said.toString(StandardCharsets.UTF_8).contains("Sure?")) {
                Thread.onSpinWait();
            }
            setting.interruption().interrupt();
            // then
            assertThat(code.get()).isEqualTo(130);
            assertThat(code(() -> new Questions(setting).text("And this?"))).isEqualTo(130);
            keyboard.flush();
        }
    }

    private static int code(Callable<?> question) {
        try {
            question.call();
            return 0;
        } catch (CliException e) {
            return e.exitCode();
        } catch (Exception e) {
            return -1;
        }
    }

    private static int consent(DiskIdentity identity, Setting setting, String... options) {
        return code(() -> {
            Consent.toOverwrite(identity, "all", options(options), setting);
            return null;
        });
    }

    private static CommonOptions options(String... args) {
        CommonOptions options = new CommonOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("common", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(args);
        return options;
    }

    private Setting typed(String lines) {
        return asked(new StringReader(lines));
    }

    private Setting asked(Reader terminal) {
        return new Setting(new Streams(stream(), stream(), new BufferedReader(terminal), true), new Interruption());
    }

    private PrintStream stream() {
        return new PrintStream(said, true, StandardCharsets.UTF_8);
    }
}
