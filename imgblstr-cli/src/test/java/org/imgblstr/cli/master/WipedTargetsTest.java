package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the master writes itself and what slaves write shows nothing of what was there before. */
@Timeout(120)
class WipedTargetsTest {
    private static final int MIB = 1 << 20;
    private static final int DISK_BYTES = 12 * MIB;
    private static final byte OLD = 0x5A;
    private static final byte[] RAID_MARK = "Intel Raid ISM Cfg Sig. 1.0.00".getBytes(StandardCharsets.ISO_8859_1);
    private static final int MARK_FROM_END = 1024;

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;
    private String group;

    /** An ext4 on an undivided disk, which uses nothing of its last MiB. */
    @BeforeEach
    void makeDisk() throws Exception {
        disk = file("disk.raw", DISK_BYTES, (byte) 0);
        image = folder.resolve("disk.img");
        shell("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", disk.toString());
        group = ProgramRunner.newGroup();
        // Logging is set up before two programs in one JVM race for it.
        assertThat(program.run("info", disk)).isPositive();
    }

    @ParameterizedTest(name = "mode {0}, {1} MiB")
    @CsvSource({"4,12", "4,15", "5,12", "5,15"})
    void theMastersDiskAndASlavesAreWhatTheSourceIs(int mode, int mebibytes) throws Exception {
        // given
        Path own = marked("own.raw", mebibytes * MIB);
        Path slaves = marked("slave.raw", mebibytes * MIB);
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        // when
        if (mode == 4) {
            assertThat(program.run("--download", image, "--disk", own, "--yes"))
                    .as(program.err())
                    .isZero();
        } else {
            transfer(slaves, "--download", image, "--disk", own, "--yes");
            assertWiped(slaves);
        }
        // then
        assertWiped(own);
    }

    @ParameterizedTest(name = "{0} MiB")
    @ValueSource(ints = {12, 15})
    void aSlaveThatHasAllTheRestIsWipedToo(int mebibytes) throws Exception {
        // given a disk that only lacks the wiping
        Path target = marked("slave.raw", mebibytes * MIB);
        transfer(target, "--disk", disk);
        assertWiped(target);
        mark(target);
        // when
        transfer(target, "--disk", disk, "--delta");
        // then
        assertWiped(target);
    }

    /** Two of three partitions go to longer ones, by an image or to a slave: nothing outside of these changes. */
    @ParameterizedTest(name = "mode {0}")
    @ValueSource(ints = {3, 4})
    void aPartitionIsWipedToItsEndAndNoFurther(int mode) throws Exception {
        // given
        Path source = divided("source.raw", 6, 6, 6);
        Path small = file("small.raw", 6 * MIB, (byte) 0);
        shell("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", small.toString());
        write(source, MIB, Files.readAllBytes(small));
        write(source, 13 * MIB, Files.readAllBytes(small));
        Path target = divided("target.raw", 8, 8, 8);
        for (int end : new int[] {9 * MIB, 17 * MIB, 25 * MIB}) {
            write(target, end - MARK_FROM_END, RAID_MARK);
        }
        byte[] before = Files.readAllBytes(target);
        // when
        if (mode == 3) {
            transfer(target, "--disk", source, "--partition", "1,3");
        } else {
            assertThat(program.run("--upload", image, "--disk", source, "--partition", "1,3"))
                    .as(program.err())
                    .isZero();
            assertThat(program.run("--download", image, "--disk", target, "--yes"))
                    .as(program.err())
                    .isZero();
        }
        // then
        byte[] after = Files.readAllBytes(target);
        for (int[] same : new int[][] {{0, MIB}, {9 * MIB, 17 * MIB}, {25 * MIB, after.length}}) {
            assertThat(Arrays.mismatch(before, same[0], same[1], after, same[0], same[1]))
                    .isEqualTo(-1);
        }
        for (int end : new int[] {9 * MIB, 25 * MIB}) {
            assertThat(Arrays.copyOfRange(after, end - MIB, end)).containsOnly(0);
            assertThat(after[end - MIB - 1]).as("not more than needed").isEqualTo(OLD);
        }
    }

    @Test
    void thePlanSaysSo() throws Exception {
        Path target = marked("own.raw", 15 * MIB);
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        assertThat(program.run("--download", image, "--disk", target, "--plan")).isZero();
        assertThat(program.out()).contains("old signatures in unused space are overwritten with zeros");
        assertThat(Files.readAllBytes(target)[15 * MIB - 1]).isEqualTo(OLD);
    }

    private void assertWiped(Path target) throws Exception {
        byte[] bytes = Files.readAllBytes(target);
        assertThat(bytes[10 * MIB]).as("unused, and no place of signatures").isEqualTo(OLD);
        assertThat(Arrays.copyOfRange(bytes, bytes.length - MIB, bytes.length)).containsOnly(0);
        assertThat(shell("wipefs", "-n", "-p", target.toString()))
                .isEqualTo(shell("wipefs", "-n", "-p", disk.toString()));
    }

    private void transfer(Path slavesDisk, Object... mode) throws Exception {
        CompletableFuture<String> slave = CompletableFuture.supplyAsync(() -> slave(slavesDisk));
        List<Object> all = new ArrayList<>(List.of(mode));
        all.addAll(List.of("--broadcast", "--slaves", 1, "--wait", "30s", "--interface", "lo", "--group", group));
        int code = program.run(all.toArray());
        assertThat(slave.get()).isEqualTo("0");
        assertThat(code).as(program.err()).isZero();
    }

    private String slave(Path target) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = ImgslaveMain.run(Setting.unattended(stream, stream), Sealed.slaveOn(group, target.toString()));
        return code == 0 ? "0" : code + ": " + err.toString(StandardCharsets.UTF_8);
    }

    private Path divided(String name, int... mebibytes) throws Exception {
        Path path = file(name, 27 * MIB, OLD);
        StringBuilder table = new StringBuilder("label: gpt\n");
        for (int size : mebibytes) {
            table.append("size=").append(size).append("MiB\n");
        }
        Path script = Files.writeString(folder.resolve("table"), table.toString());
        shell("sh", "-c", "sfdisk -q --wipe never --wipe-partitions never " + path + " < " + script);
        return path;
    }

    /** Full of old bytes, with the mark of a RAID at its end. */
    private Path marked(String name, int bytes) throws Exception {
        Path path = file(name, bytes, OLD);
        mark(path);
        assertThat(shell("wipefs", "-n", "-p", path.toString())).contains("isw_raid_member");
        return path;
    }

    private static void mark(Path path) throws IOException {
        write(path, (int) Files.size(path) - MARK_FROM_END, RAID_MARK);
    }

    private Path file(String name, int bytes, byte content) throws IOException {
        byte[] all = new byte[bytes];
        Arrays.fill(all, content);
        return Files.write(folder.resolve(name), all);
    }

    private static void write(Path path, int offset, byte[] bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }

    private static String shell(String... command) throws Exception {
        assumeTrue(
                List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
                        .anyMatch(place -> Files.isExecutable(Path.of(place, command[0]))),
                command[0] + " is not installed");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
