package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modes 1 and 4 and the commands that read images, on files. */
class LocalModesTest {
    private static final int DISK_BYTES = 8 << 20;

    /** Where the last partition of the sample disk ends. */
    private static final int PARTITIONS_END = 7 << 20;

    @TempDir
    private Path folder;

    private ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, DISK_BYTES, 1);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"rle", "zstd", "zstd:9", "none"})
    void aDiskComesBackFromItsImage(String codec) throws IOException {
        // given
        Path target = full("target.raw", DISK_BYTES);
        // when
        upload("--codec", codec);
        int code = program.run("--yes", "--download", image, "--disk", target);
        // then
        assertThat(code).as(program.err()).isZero();
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
        assertThat(files()).containsExactlyInAnyOrder("disk.raw", "disk.img", "target.raw");
    }

    @Test
    void aPartitionComesBackInAnotherPlace() throws IOException {
        upload("--partition", "random");
        Path target = full("target.raw", 3 << 20);
        assertThat(program.run("--yes", "--download", image, "--disk", target))
                .as(program.err())
                .isZero();
        byte[] partition = Arrays.copyOfRange(Files.readAllBytes(disk), 5 << 20, 7 << 20);
        byte[] restored = Files.readAllBytes(target);
        assertThat(Arrays.copyOf(restored, 2 << 20)).isEqualTo(partition);
        assertThat(Arrays.copyOfRange(restored, 2 << 20, 3 << 20))
                .as("the last MiB, docs/targets.md, section 5")
                .containsOnly(0);
    }

    @Test
    void namesThatNoFileCanHaveAreRefusedBeforeAnythingIsRead() throws IOException {
        upload();
        Path target = full("target.raw", 8 << 20);
        Path name = folder.resolve("\u00fc".repeat(128));
        Path within = disk.resolve("none.img");
        for (Path bad : List.of(name, within)) {
            assertRefused("--plan", "--upload", bad, "--disk", disk);
            assertRefused("--yes", "--upload", bad, "--disk", disk);
            assertRefused("export", image, bad);
            assertRefused("--yes", "--download", bad, "--disk", target);
            assertRefused("--yes", "--download", image, "--disk", bad);
            assertRefused("info", bad);
        }
        assertThat(Files.readAllBytes(target)).containsOnly(Files.readAllBytes(target)[0]);
    }

    private void assertRefused(Object... args) {
        program = new ProgramRunner();
        assertThat(program.run(args)).as(program.err()).isIn(ExitCode.USAGE, ExitCode.REFUSED);
        assertThat(program.err()).doesNotContain("fault of the program").doesNotContain("started");
    }

    @Test
    void aPartitionGoesToTheOneThatIsNamed() throws IOException {
        upload("--partition", "3");
        Path target = folder.resolve("target.raw");
        SampleDisk.create(target, DISK_BYTES, 2);
        byte[] before = Files.readAllBytes(target);
        assertThat(program.run("--yes", "--download", image, "--disk", target, "--partition", "1"))
                .as(program.err())
                .isZero();
        byte[] expected = before.clone();
        System.arraycopy(Files.readAllBytes(disk), 5 << 20, expected, 1 << 20, 2 << 20);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
    }

    @Test
    void exportGivesTheRawBytes() throws IOException {
        upload();
        Path raw = folder.resolve("raw");
        assertThat(program.run("export", image, raw)).as(program.err()).isZero();
        assertThat(Files.mismatch(disk, raw)).isEqualTo(-1);
        assertThat(program.run("export", image, raw)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("export", "--force", image, raw)).isZero();
        assertThat(files()).containsExactlyInAnyOrder("disk.raw", "disk.img", "raw");
        program = new ProgramRunner();
        assertThat(program.run("export", image, "-")).isZero();
        assertThat(program.outBytes()).isEqualTo(Files.readAllBytes(disk));
    }

    @Test
    void infoAndVerifyTellAboutTheImage() {
        upload();
        assertThat(program.run("info", image)).isZero();
        assertThat(program.out())
                .contains("8.0 MiB", " text ", " zeros ", " random ", "codec       zstd", disk.toString());
        assertThat(program.run("verify", image)).isZero();
        assertThat(program.out()).contains(image + ": sound");
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"start", "middle", "end", "cut"})
    void damageIsExitCode11AndNamesThePlace(String where) throws IOException {
        // given
        upload();
        long size = Files.size(image);
        switch (where) {
            case "start" -> flip(20);
            case "middle" -> flip(size / 2);
            case "end" -> flip(size - 10);
            default -> {
                try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
                    channel.truncate(size - 1);
                }
            }
        }
        Path target = full("target.raw", DISK_BYTES);
        // when
        int verified = program.run("verify", image);
        int downloaded = program.run("--yes", "--download", image, "--disk", target);
        // then
        assertThat(List.of(verified, downloaded)).containsOnly(ExitCode.MALFORMED_IMAGE);
        assertThat(program.err().lines()).allMatch(line -> !line.contains("Exception"));
        assertThat(program.err()).contains(image + ": offset ");
    }

    @Test
    void severalImagesAreVerifiedInOneGoAndADamagedOneStopsNothing() throws IOException {
        upload();
        Path damaged = Files.copy(image, image.resolveSibling("damaged.img"));
        Path sound = Files.copy(image, image.resolveSibling("sound.img"));
        try (FileChannel file = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        assertThat(program.run("verify", image, damaged, sound)).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertThat(program.out()).contains(image + ": sound", sound + ": sound").doesNotContain(damaged + ": sound");
        assertThat(program.err()).contains(damaged + ": offset ");
    }

    @Test
    void anExistingImageIsReplacedOnlyByForce() throws IOException {
        Files.writeString(image, "precious");
        assertThat(program.run("--upload", image, "--disk", disk)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.err()).contains(image.toString(), "--force");
        assertThat(image).hasContent("precious");
        upload("--force");
        assertThat(program.run("verify", image)).isZero();
    }

    @Test
    void theDiskItselfIsNoPlaceForItsImage() throws IOException {
        byte[] before = Files.readAllBytes(disk);
        assertThat(program.run("--upload", disk, "--disk", disk, "--force")).isEqualTo(ExitCode.REFUSED);
        assertThat(Files.readAllBytes(disk)).isEqualTo(before);
    }

    @Test
    void anImageIsNotRestoredOverItself() {
        upload();
        assertThat(program.run("--yes", "--download", image, "--disk", image, "--force"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("verify", image)).isZero();
    }

    @Test
    void aTargetThatIsTooSmallIsExitCode10AndStaysAsItWas() throws IOException {
        upload();
        Path target = full("target.raw", PARTITIONS_END);
        assertThat(program.run("--yes", "--download", image, "--disk", target)).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(program.err()).contains("bytes are lacking");
        assertThat(Files.readAllBytes(target)).containsOnly((byte) 0x5A);
    }

    @Test
    void aShorterTargetTakesAllPartitions() throws IOException {
        upload();
        Path target = full("target.raw", DISK_BYTES - 512);
        assertThat(program.run("--yes", "--download", image, "--disk", target))
                .as(program.err())
                .isZero();
        byte[] expected = Files.readAllBytes(disk);
        byte[] found = Files.readAllBytes(target);
        int behindTable = 34 * 512;
        assertThat(Arrays.mismatch(found, behindTable, PARTITIONS_END, expected, behindTable, PARTITIONS_END))
                .isEqualTo(-1);
        assertThat(new String(found, found.length - 512, 8, StandardCharsets.US_ASCII))
                .as("the backup at the end")
                .isEqualTo("EFI PART");
    }

    @Test
    void aPlanWritesNothing() throws IOException {
        assertThat(program.run("--upload", image, "--disk", disk, "--plan")).isZero();
        assertThat(program.out()).contains("mode 1", "read      " + disk, "create    " + image);
        assertThat(image).doesNotExist();
        upload();
        Path target = full("target.raw", DISK_BYTES);
        assertThat(program.run("--yes", "--download", image, "--disk", target, "--broadcast", "--plan"))
                .isZero();
        assertThat(program.out()).contains("mode 5", "overwrite " + target, "239.255.73.77:18765");
        assertThat(program.out().lines().filter(line -> line.contains("overwrite " + target)))
                .singleElement()
                .satisfies(line -> assertThat(line.split(Pattern.quote(target.toString()), -1))
                        .hasSize(2));
        assertThat(Files.readAllBytes(target)).containsOnly((byte) 0x5A);
    }

    /** A plan named the length of the source as what of a shorter disk is written. */
    @Test
    void aPlanSaysWhatAnotherLengthOfTheDiskMeans() throws IOException {
        upload();
        Path longer = full("longer.raw", DISK_BYTES + (4 << 20));
        assertThat(program.run("--download", image, "--disk", longer, "--plan")).isZero();
        assertThat(program.out())
                .contains("overwrite " + longer + ", 8.0 MiB (")
                .contains("; the source has 8.0 MiB, and the other 4.0 MiB stay unused without --grow)");
        program = new ProgramRunner();
        Path shorter = full("shorter.raw", DISK_BYTES - (1 << 19));
        assertThat(program.run("--download", image, "--disk", shorter, "--plan"))
                .as(program.err())
                .isZero();
        assertThat(program.out())
                .contains("overwrite " + shorter + ", 7.5 MiB (")
                .contains("; the source has 8.0 MiB, and what is beyond this disk is not written)");
    }

    @Test
    void aPlanIsRefusedLikeTheRun() throws IOException {
        Files.writeString(image, "precious");
        assertThat(program.run("--upload", image, "--disk", disk, "--plan")).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void aDownloadThatFailsSaysThatTheDiskIsWrittenInPart() throws IOException {
        upload();
        byte[] damaged = Files.readAllBytes(image);
        damaged[damaged.length / 2] ^= 1;
        Files.write(image, damaged);
        Path target = full("target.raw", DISK_BYTES);
        assertThat(program.run("--yes", "--download", image, "--disk", target)).isEqualTo(ExitCode.MALFORMED_IMAGE);
        assertThat(program.err())
                .contains("warning: " + target + " is written in part")
                .contains("take a sound copy of the image")
                .contains("begin again with: imgblstr --yes --download " + image + " --disk " + target);
    }

    @Test
    void anInterruptedDownloadSaysWhatTheDiskIsNowAndHowToGoOn() throws IOException {
        upload();
        Path target = full("target.raw", DISK_BYTES);
        program = new ProgramRunner();
        program.interruption.interrupt();
        assertThat(program.run("--yes", "--json", "--download", image, "--disk", target))
                .isEqualTo(ExitCode.INTERRUPTED);
        assertThat(program.err())
                .contains(target + " is ")
                .contains("begin again with: imgblstr --yes --json --download ");
        SessionModesTest.assertEvents(program.out(), "warning", "summary");
    }

    @Test
    void theEndNamesTheImageItsSizeAndWhetherItWasReadBack() throws IOException {
        upload();
        assertThat(program.out())
                .contains("image: " + image + ", ", "iB, verified\n")
                .endsWith("MB/s\n");
        upload("--force", "--no-verify");
        assertThat(program.out()).contains("iB, not verified\n");
        program = new ProgramRunner();
        upload("--force", "--json");
        SessionModesTest.assertEvents(program.out(), "summary");
        assertThat(program.out())
                .contains(
                        "\"image\":{\"path\":\"" + image + "\",\"bytes\":" + Files.size(image) + ",\"verified\":true}");
        Path target = full("target.raw", DISK_BYTES);
        program = new ProgramRunner();
        assertThat(program.run("--yes", "--json", "--download", image, "--disk", target))
                .isZero();
        assertThat(program.out()).contains("\"image\":{\"path\":\"" + image, "\"verified\":true}");
        program = new ProgramRunner();
        assertThat(program.run("--json", "--upload", folder, "--disk", disk)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.out()).contains("\"image\":null");
    }

    @Test
    void anInterruptedUploadLeavesNothing() throws IOException {
        program.interruption.interrupt();
        assertThat(program.run("--upload", image, "--disk", disk)).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(files()).containsExactly("disk.raw");
    }

    @Test
    void aBroadcastThatNobodyJoinsIsExitCode13AndLeavesNoImage() throws IOException {
        int code = program.run(
                "--upload",
                image,
                "--broadcast",
                "--disk",
                disk,
                "--wait",
                "1s",
                "--interface",
                "lo",
                "--group",
                "239.255.92.18:23918");
        assertThat(code).isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(files()).containsExactly("disk.raw");
    }

    private void upload(String... more) {
        Object[] args = Stream.concat(
                        Stream.of("--upload", image.toString(), "--disk", disk.toString()), Stream.of(more))
                .toArray();
        assertThat(program.run(args)).as(program.err()).isZero();
    }

    private Path full(String name, int bytes) throws IOException {
        byte[] old = new byte[bytes];
        Arrays.fill(old, (byte) 0x5A);
        return Files.write(folder.resolve(name), old);
    }

    private void flip(long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), offset);
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).toList();
        }
    }
}
