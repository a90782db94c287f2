package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modes 1 and 4 on file systems: what is free neither travels nor is touched on the target. */
class UsedBlocksTest {
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");
    private static final int MIB = 1 << 20;
    private static final int FILES = 60;

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;
    private Path files;

    @BeforeEach
    void makeFiles() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        files = Files.createDirectory(folder.resolve("files"));
        Random random = new Random(4);
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[random.nextInt(80_000)];
            random.nextBytes(content);
            Files.write(files.resolve("file" + i), content);
        }
    }

    /** How it is made, how it is checked, how its files are taken out of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mke2fs -q -t ext4 -E nodiscard -d FILES DISK | e2fsck -fn DISK | debugfs -R 'rdump / OUT' DISK",
                "mkfs.fat -F 16 DISK && mcopy -i DISK FILES/* :: | fsck.fat -n DISK | mcopy -i DISK '::*' OUT"
            })
    void aRestoredFileSystemIsCleanAndHasItsFiles(String make, String check, String extract) throws Exception {
        // given a volume with stale bytes in its free space, and a target full of other junk
        noise(disk, 64 * MIB, 1);
        shell(make, disk);
        Path target = folder.resolve("target.raw");
        noise(target, 64 * MIB, 2);
        byte[] junk = Files.readAllBytes(target);
        // when
        assertThat(program.run("--upload", image, "--disk", disk))
                .as(program.err())
                .isZero();
        assertThat(program.run("--yes", "--download", image, "--disk", target))
                .as(program.err())
                .isZero();
        // then
        shell(check, target);
        assertSameFiles(extract, target);
        assertThat(Files.size(image)).isLessThan(16L * MIB);
        assertThat(Files.readAllBytes(target)[60 * MIB]).as("free space").isEqualTo(junk[60 * MIB]);
    }

    @Test
    void withAllBlocksEveryByteComesBack() throws Exception {
        noise(disk, 32 * MIB, 1);
        shell("mke2fs -q -t ext4 -E nodiscard -d FILES DISK", disk);
        Path target = folder.resolve("target.raw");
        noise(target, 32 * MIB, 2);
        assertThat(program.run("--upload", image, "--disk", disk, "--all-blocks"))
                .isZero();
        assertThat(program.run("--yes", "--download", image, "--disk", target)).isZero();
        assertThat(Files.mismatch(disk, target)).isEqualTo(-1);
    }

    @Test
    void thePlanTellsWhatIsUsedAndWhyNot() throws Exception {
        noise(disk, 32 * MIB, 1);
        assertThat(program.run("--upload", image, "--disk", disk, "--plan")).isZero();
        assertThat(program.out()).contains("undivided: all of 32.0 MiB is read: no known file system");
        shell("mke2fs -q -t ext4 -E nodiscard -L root -d FILES DISK", disk);
        assertThat(program.run("--upload", image, "--disk", disk, "--plan")).isZero();
        assertThat(program.out()).containsPattern("undivided: ext4 'root', [0-9.]+ MiB of 32.0 MiB used");
        assertThat(program.run("disks", disk)).isZero();
        assertThat(program.out()).containsPattern("32\\.0 MiB +[0-9.]+ MiB +file +ext4 +'root' +no");
        assertThat(program.run("--upload", image, "--disk", disk, "--plan", "--all-blocks"))
                .isZero();
        assertThat(program.out()).contains("32.0 MiB (all of the whole disk", "; all blocks: --all-blocks)");
    }

    @Test
    void aShorterTargetIsTakenWhenItHasRoomForThePartitions() throws Exception {
        // given a disk of 64 MiB whose partition ends after 17 MiB
        divide("label: dos", 64, 16, 2048);
        Path target = folder.resolve("target.raw");
        noise(target, 17 * MIB, 2);
        Path tooShort = folder.resolve("short.raw");
        noise(tooShort, 17 * MIB - 512, 2);
        byte[] before = Files.readAllBytes(tooShort);
        // when
        assertThat(program.run("--upload", image, "--disk", disk))
                .as(program.err())
                .isZero();
        int refused = program.run("--yes", "--download", image, "--disk", tooShort);
        int done = program.run("--yes", "--download", image, "--disk", target);
        // then
        assertThat(refused).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(program.err()).contains("512 bytes are lacking");
        assertThat(Files.readAllBytes(tooShort)).isEqualTo(before);
        assertThat(done).as(program.err()).isZero();
        Path partition = cut(target, MIB, 16 * MIB);
        shell("e2fsck -fn DISK", partition);
        assertSameFiles("debugfs -R 'rdump / OUT' DISK", partition);
    }

    /** Four million tracks: a step for each, or a read, would show. */
    @Test
    void aHugeSparseDiskIsAFewItems() throws Exception {
        // given 1 TiB with an ext4 of 16 MiB
        divide("label: gpt", 1 << 20, 16, 2048);
        Path target = folder.resolve("target.raw");
        sparse(target, 1L << 40);
        // when
        assertThat(program.run("--upload", image, "--disk", disk, "--json"))
                .as(program.err())
                .isZero();
        assertThat(program.run("--yes", "--download", image, "--disk", target))
                .as(program.err())
                .isZero();
        // then: only the partition and what is kept at the ends of the long gap was looked at
        assertThat(number("summary.*\"bytesUsed\":([0-9]+)")).isLessThan(16L * MIB);
        assertThat(number("started.*\"bytesTotal\":([0-9]+)")).isLessThan(90L * MIB);
        shell("sfdisk -q --verify DISK", target);
        Path partition = cut(target, MIB, 16 * MIB);
        shell("e2fsck -fn DISK", partition);
        assertSameFiles("debugfs -R 'rdump / OUT' DISK", partition);
    }

    private long number(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(program.out());
        assertThat(matcher.find()).as(program.out()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** Makes the disk: sparse, one partition with an ext4 in it. */
    /** The plan, the list of disks and the image told three different numbers under one word. */
    @Test
    void usedIsOneNumberWhereverItIsTold() throws Exception {
        divide("label: gpt", 64, 16, 2048);
        assertThat(program.run("--json", "--plan", "--upload", image, "--disk", disk))
                .isZero();
        String used = only("\"volumes\":\\[\\{\"partition\":1,[^}]*\"bytesUsed\":(\\d+)");
        assertThat(program.run("disks", "--json", disk)).isZero();
        assertThat(only("\"number\":1,[^}]*\"bytesUsed\":(\\d+)")).isEqualTo(used);
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        assertThat(program.run("info", "--json", image)).isZero();
        assertThat(only("\"held\":true,[^}]*\"bytesUsed\":(\\d+)")).isEqualTo(used);
        assertThat(program.run("--upload", image, "--disk", disk, "--all-blocks", "--force"))
                .isZero();
        assertThat(program.run("info", "--json", image)).isZero();
        assertThat(only("\"held\":true,[^}]*\"bytesUsed\":(\\d+)")).isEqualTo(used);

        // A person reads the same number, too.
        String read = Units.bytes(Long.parseLong(used));
        assertThat(program.run("info", image)).isZero();
        assertThat(program.out()).containsPattern("  1 +ext4 +16\\.0 MiB +" + read);
        assertThat(program.run("disks", disk)).isZero();
        assertThat(program.out()).containsPattern("  1 +16\\.0 MiB +" + read);
    }

    @Test
    void whatAnUndividedDiskHoldsIsToldOfItsImageToo() throws Exception {
        noise(disk, 32 * MIB, 1);
        shell("mke2fs -q -t ext4 -E nodiscard -L root -d FILES DISK", disk);
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        String used = only("undivided: ext4 'root', ([0-9.]+ MiB of 32.0 MiB used)", program.err());
        assertThat(program.run("info", image)).isZero();
        assertThat(program.out()).contains("content     ext4 'root', " + used);
    }

    /** The hint stood in each plan, and where nothing was restored. */
    @Test
    void whereTheBackupOfTheGptIsToldOnceAndAfterTheRestore() throws Exception {
        divide("label: gpt", 64, 16, 2048);
        Path target = folder.resolve("target.raw");
        sparse(target, 70L * MIB);
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        assertThat(program.run("--plan", "--download", image, "--disk", target)).isZero();
        assertThat(program.run("--download", image, "--disk", disk)).isEqualTo(ExitCode.REFUSED);
        assertThat(program.run("--yes", "--download", image, "--disk", disk)).isZero();
        assertThat(program.err()).doesNotContain("sgdisk");
        assertThat(program.run("--yes", "--download", image, "--disk", target)).isZero();
        assertThat(program.err().split("sgdisk -e " + target, -1)).hasSize(2);
        assertThat(program.err()).contains(target + " is 6.0 MiB longer than the source");
    }

    private String only(String pattern) {
        return only(pattern, program.out());
    }

    private static String only(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }

    private void divide(String label, long mebibytes, int partitionMib, int firstLba) throws Exception {
        sparse(disk, mebibytes * MIB);
        Path script = Files.writeString(
                folder.resolve("table"), label + "\nstart=" + firstLba + ",size=" + partitionMib + "MiB\n");
        shell("sfdisk -q DISK < " + script, disk);
        Path volume = folder.resolve("volume");
        sparse(volume, (long) partitionMib * MIB);
        shell("mke2fs -q -t ext4 -E nodiscard -d FILES DISK", volume);
        try (FileChannel from = FileChannel.open(volume);
                FileChannel to = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            to.position(firstLba * 512L);
            assertThat(from.transferTo(0, from.size(), to)).isEqualTo(from.size());
        }
    }

    private Path cut(Path from, long offset, int bytes) throws IOException {
        Path piece = folder.resolve("piece.raw");
        ByteBuffer content = ByteBuffer.allocate(bytes);
        try (FileChannel channel = FileChannel.open(from)) {
            while (content.hasRemaining() && channel.read(content, offset + content.position()) > 0) {
                // reads on
            }
        }
        return Files.write(piece, content.array());
    }

    private void assertSameFiles(String extract, Path volume) throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        shell(extract.replace("OUT", out.toString()), volume);
        for (int i = 0; i < FILES; i++) {
            String name = "file" + i;
            assertThat(Files.mismatch(files.resolve(name), out.resolve(name)))
                    .as(name)
                    .isEqualTo(-1);
        }
    }

    private static void sparse(Path path, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    private static void noise(Path path, int bytes, int seed) throws IOException {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        Files.write(path, content);
    }

    private void shell(String command, Path on) throws IOException, InterruptedException {
        for (String piece : command.split("&&", -1)) {
            need(piece.strip().split(" ", 2)[0]);
        }
        String line = command.replace("FILES", files.toString()).replace("DISK", on.toString());
        List<String> words = new ArrayList<>(List.of("sh", "-c", line));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PATH", String.join(":", FOLDERS));
        builder.environment().put("MTOOLS_SKIP_CHECK", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(line + ": " + output).isZero();
    }

    private static void need(String program) {
        assumeTrue(
                FOLDERS.stream().anyMatch(place -> Files.isExecutable(Path.of(place, program))),
                program + " is not installed");
    }
}
