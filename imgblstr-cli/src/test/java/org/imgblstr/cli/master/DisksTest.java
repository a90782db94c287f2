package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code disks} tells, of a file that stands for a disk and of the disks of this machine. */
class DisksTest {
    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        SampleDisk.create(disk, 8 << 20, 1);
    }

    @Test
    void aDiskIsARowAndSoIsEachOfItsPartitions() {
        assertThat(program.run("disks", "--no-used", disk)).isZero();
        List<String> lines = program.out().lines().toList();
        assertThat(lines.get(0)).startsWith("  disk ").contains("size", "bus", "content", "in use");
        assertThat(lines.get(1)).startsWith("  " + disk).contains("8.0 MiB", "file", "gpt");
        assertThat(lines).anyMatch(line -> line.matches(" {4}1 +2\\.0 MiB +unknown +text +no"));
    }

    @Test
    void aColumnForWhatIsUsedIsThereWhenSomebodyHasLooked() {
        assertThat(program.run("disks", "--no-used", disk)).isZero();
        assertThat(program.out()).doesNotContain("used");
        assertThat(program.run("disks", disk)).isZero();
        assertThat(program.out()).contains(" used ");
    }

    @Test
    void aProgramGetsTheSame() throws IOException {
        assertThat(program.run("disks", "--json", disk)).isZero();
        SessionModesTest.assertEvents(program.out());
        assertThat(program.out())
                .hasLineCount(1)
                .contains("\"bus\":\"file\"", "\"table\":\"gpt\"", "\"name\":\"text\"", "\"number\":3", "\"uses\":[]");
    }

    /** Each disk without a file system brought a line of its own below the table. */
    @Test
    void whatHoldsForSeveralDisksIsToldOnce() throws IOException {
        List<Object> args = new ArrayList<>(List.of("disks"));
        for (int i = 0; i < 5; i++) {
            args.add(Files.write(folder.resolve("empty" + i), new byte[1 << 20]));
            Path odd = folder.resolve("odd" + i);
            Files.write(odd, new byte[1 << 20]);
            write(odd, 512, "EFI PART".getBytes(StandardCharsets.US_ASCII));
            args.add(odd);
        }
        assertThat(program.run(args.toArray())).isZero();
        assertThat(program.err()).isEmpty();
        assertThat(program.out().lines().filter(line -> line.contains("empty")))
                .hasSize(5)
                .allMatch(line -> line.matches(".*1\\.0 MiB +all +file +unknown +no"));
        assertThat(program.out().lines().skip(11)).hasSize(1).allMatch(line -> line.contains(" and 2 more: "));
        args.add("-v");
        assertThat(program.run(args.toArray())).isZero();
        assertThat(program.out().lines().filter(line -> line.contains("empty") && line.contains("all blocks count")))
                .hasSize(5);
    }

    private static void write(Path file, int at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    @Test
    void theDisksOfThisMachineFitTheSchema() throws IOException {
        assertThat(program.run("disks", "--json", "--no-used")).isZero();
        SessionModesTest.assertEvents(program.out());
    }

    @Test
    void aDiskThatIsNotThereIsWrongUsageAndAFolderIsNone() {
        assertThat(program.run("disks", folder.resolve("none"))).isEqualTo(ExitCode.USAGE);
        assertThat(program.run("disks", "/")).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(program.out()).isEmpty();
    }

    @Test
    void aStandardOutputThatTakesNothingIsNoSuccess() throws IOException {
        for (List<String> args : List.of(
                List.of("disks", disk.toString()),
                List.of("disks", "--json", disk.toString()),
                List.of("--version"),
                List.of("--help"),
                List.of("--plan", "--upload", folder.resolve("a.img").toString(), "--disk", disk.toString()))) {
            assertThat(withFullOutput(args)).as(args.toString()).isEqualTo(ExitCode.DEVICE_FAILED);
        }
        assertThat(program.run("--upload", folder.resolve("a.img"), "--disk", disk))
                .isZero();
        for (String command : List.of("info", "verify")) {
            assertThat(withFullOutput(List.of(command, folder.resolve("a.img").toString())))
                    .isEqualTo(ExitCode.DEVICE_FAILED);
        }
    }

    @Test
    void aStandardErrorThatTakesNothingIsNoSuccessWhenSomethingIsSaidThere() throws IOException {
        String image = folder.resolve("a.img").toString();
        assertThat(withFullErrors(List.of("--upload", image, "--disk", disk.toString())))
                .as("the plan is not heard")
                .isEqualTo(ExitCode.DEVICE_FAILED);
        assertThat(program.run("verify", image)).isZero();
        assertThat(withFullErrors(List.of("info", image))).isZero();
        assertThat(withFullErrors(List.of("info", image + "x")))
                .as("a failure keeps its code")
                .isEqualTo(ExitCode.USAGE);
    }

    private static int withFullOutput(List<String> args) throws IOException {
        return run("/dev/full", "/dev/null", args);
    }

    private static int withFullErrors(List<String> args) throws IOException {
        return run("/dev/null", "/dev/full", args);
    }

    private static int run(String output, String errors, List<String> args) throws IOException {
        try (OutputStream toOutput = Files.newOutputStream(Path.of(output));
                OutputStream toErrors = Files.newOutputStream(Path.of(errors));
                PrintStream out = new PrintStream(toOutput, true, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(toErrors, true, StandardCharsets.UTF_8)) {
            return ImgblstrMain.run(Setting.unattended(out, err), args.toArray(String[]::new));
        }
    }
}
