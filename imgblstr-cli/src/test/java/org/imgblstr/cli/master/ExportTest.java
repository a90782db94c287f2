package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code export}: which bytes, what it tells, and that no exit code 0 stands for less than all of them. */
class ExportTest {
    @TempDir
    private Path folder;

    private ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;
    private Path raw;

    @BeforeEach
    void makeImage() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        raw = folder.resolve("raw");
        SampleDisk.create(disk, 8 << 20, 1);
        upload();
    }

    @Test
    void theLastLineNamesTheFileItsSizeAndThatItWasReadBack() {
        assertThat(program.run("export", image, raw)).isZero();
        assertThat(program.out()).matches("done: \\Q" + raw + "\\E has 8\\.0 MiB of the image, verified, in 0:0\\d\n");
        assertThat(program.err()).contains("exporting 100.0%");
        program = new ProgramRunner();
        assertThat(program.run("export", "--force", "--no-verify", "--quiet", image, raw))
                .isZero();
        assertThat(program.out()).contains(", not verified, ");
        assertThat(program.err()).isEmpty();
    }

    @ParameterizedTest(name = "--partition {0}")
    @CsvSource({"3, 5", "text, 1", "'1,3', 1 5", "'random,1', 5 1", "2, 3"})
    void partitionsComeInTheOrderInWhichTheyAreNamed(String list, String mebibytes) throws IOException {
        assertThat(program.run("export", "--partition", list, image, raw))
                .as(program.err())
                .isZero();
        byte[] all = Files.readAllBytes(disk);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (String start : mebibytes.split(" ", -1)) {
            int from = Integer.parseInt(start) << 20;
            expected.write(all, from, 2 << 20);
        }
        assertThat(Files.readAllBytes(raw)).isEqualTo(expected.toByteArray());
    }

    @Test
    void aPartitionThatBeginsWithinATrackIsCutOutToTheSector() throws Exception {
        // given: a table of the old kind whose partition begins at sector 63 and ends in the middle of a track
        byte[] bytes = new byte[4 << 20];
        new Random(7).nextBytes(bytes);
        Arrays.fill(bytes, 446, 510, (byte) 0);
        bytes[446 + 4] = (byte) 0x83;
        bytes[446 + 8] = 63;
        bytes[446 + 12] = (byte) (3000 & 0xFF);
        bytes[446 + 13] = (byte) (3000 >> 8);
        bytes[510] = 0x55;
        bytes[511] = (byte) 0xAA;
        Files.write(disk, bytes);
        Files.delete(image);
        upload("--all-blocks");
        // when
        assertThat(program.run("export", "--partition", "1", image, raw))
                .as(program.err())
                .isZero();
        // then
        assertThat(Files.readAllBytes(raw)).isEqualTo(Arrays.copyOfRange(bytes, 63 * 512, 3063 * 512));
    }

    @ParameterizedTest(name = "--partition {0}")
    @CsvSource({
        "9, it does not hold a partition '9'; it holds 1 'text'",
        "'3,random', partition 3 is named twice",
        "none, it does not hold a partition 'none'",
        "'1,', it does not hold a partition ''"
    })
    void aPartitionThatIsNotThereIsRefused(String list, String message) {
        assertThat(program.run("export", "--partition", list, image, raw)).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(program.err()).contains(message);
        assertThat(raw).doesNotExist();
    }

    @Test
    void anImageOfOnePartitionHoldsNoOther() throws IOException {
        Files.delete(image);
        upload("--partition", "3");
        assertThat(program.run("export", "--partition", "1", image, raw)).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(program.err()).contains("it holds 3 'random'");
        assertThat(program.run("export", "--partition", "random", image, raw)).isZero();
        assertThat(Files.readAllBytes(raw)).isEqualTo(Arrays.copyOfRange(Files.readAllBytes(disk), 5 << 20, 7 << 20));
    }

    @Test
    void aProgramGetsResultAndSummary() throws IOException {
        assertThat(program.run("export", "--json", image, raw)).isZero();
        SessionModesTest.assertEvents(program.out(), "image-result", "summary");
        assertThat(program.out()).contains("\"result\":\"sound\"", "\"verified\":true");
        program = new ProgramRunner();
        assertThat(program.run("export", "--json", image, "-")).isEqualTo(ExitCode.USAGE);
        assertThat(program.out()).isEmpty();
    }

    @Test
    void placesThatAreNoFileHaveTheirExitCodes() throws IOException {
        assertThat(program.run("export", image, "/")).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("export", image, "/dev/full")).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("export", image, folder)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("export", image, image)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("export", image, "/sys/raw")).isNotZero();
        assertThat(program.run("export", image, folder.resolve("none/raw"))).isEqualTo(ExitCode.USAGE);
        for (String command : new String[] {"info", "verify"}) {
            assertThat(program.run(command, "/")).as(command).isEqualTo(ExitCode.USAGE);
        }
        assertThat(program.run("export", "/", raw)).isEqualTo(ExitCode.USAGE);
        assertThat(program.out()).isEmpty();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({"'export,IMAGE,-'", "'export,--partition,3,IMAGE,-'", "'export,IMAGE,RAW'", "'export,--json,IMAGE,RAW'"
    })
    void aFullStandardOutputIsADeviceThatFailed(String line) throws IOException {
        String[] args = line.replace("IMAGE", image.toString())
                .replace("RAW", raw.toString())
                .split(",", -1);
        try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"));
                PrintStream out = new PrintStream(full, true, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(ImgblstrMain.run(Setting.unattended(out, err), args)).isEqualTo(ExitCode.DEVICE_FAILED);
        }
    }

    private void upload(String... more) {
        Object[] args = Stream.concat(
                        Stream.of("--upload", image.toString(), "--disk", disk.toString()), Stream.of(more))
                .toArray();
        ProgramRunner uploading = new ProgramRunner();
        assertThat(uploading.run(args)).as(uploading.err()).isZero();
    }
}
