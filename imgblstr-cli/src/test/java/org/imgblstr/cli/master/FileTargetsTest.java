package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.job.ImageFileSource;
import org.imgblstr.cli.master.job.Source;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.disk.safety.SourceHold;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular files as targets: they have no sectors of their own, and are no targets while a session reads them. */
@Timeout(120)
class FileTargetsTest {
    private static final int MIB = 1 << 20;
    private static final int LARGE_SECTOR = 4096;

    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path image;
    private String group;

    /** A slave that has ended. */
    private record Ended(int exitCode, String err) {}

    /** A disk of 4096-byte sectors in a file: an MBR that counts in these says nothing about that. */
    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        Random random = new Random(1);
        byte[] content = new byte[4 * MIB];
        random.nextBytes(content);
        Arrays.fill(content, 0, LARGE_SECTOR, (byte) 0);
        writeMbr(content, MIB / LARGE_SECTOR, 3 * MIB / LARGE_SECTOR);
        Files.write(disk, content);
        group = ProgramRunner.newGroup();
        // Logging is set up before two programs in one JVM race for it.
        assertThat(program.run("info", disk)).isPositive();
    }

    @ParameterizedTest(name = "mode {0}")
    @ValueSource(ints = {2, 3, 4, 5, 6})
    void aFileTakesOnTheSectorsOfTheImage(int mode) throws Exception {
        // given
        Path own = blank("own.raw", 4 * MIB);
        Path slaves = blank("slave.raw", 4 * MIB);
        Object[] source = mode <= 3 ? args("--disk", disk, "--sector-size", LARGE_SECTOR) : args("--download", image);
        if (mode > 3) {
            assertThat(program.run("--upload", image, "--disk", disk, "--sector-size", LARGE_SECTOR))
                    .as(program.err())
                    .isZero();
        }
        // when
        Object[] own4And5 = mode == 4 || mode == 5 ? args("--disk", own, "--yes") : args();
        Object[] upload = mode == 2 ? args("--upload", image) : args();
        if (mode == 4) {
            assertThat(program.run(join(source, own4And5))).as(program.err()).isZero();
        } else {
            CompletableFuture<Ended> slave = slave(slaves);
            int code = program.run(join(source, own4And5, upload, broadcast("--slaves", 1, "--wait", "30s")));
            assertThat(slave.get().exitCode()).as(slave.get().err()).isZero();
            assertThat(code).as(program.err()).isZero();
            assertThat(Files.mismatch(disk, slaves)).isEqualTo(-1);
        }
        // then
        if (mode == 4 || mode == 5) {
            assertThat(Files.mismatch(disk, own)).isEqualTo(-1);
        }
        if (mode != 3) {
            assertThat(program.run("info", image)).isZero();
            assertThat(program.out()).contains("4096");
        }
    }

    @Test
    void aPartitionOfLargeSectorsGoesToThePartitionOfAFile() throws Exception {
        // given: the target has the same table, and other content
        Path target = blank("slave.raw", 4 * MIB);
        byte[] content = Files.readAllBytes(disk);
        Files.write(target, Arrays.copyOf(Arrays.copyOf(content, LARGE_SECTOR), content.length));
        CompletableFuture<Ended> slave = slave(target);
        // when
        int code = program.run(join(
                args("--disk", disk, "--sector-size", LARGE_SECTOR, "--partition", 1),
                broadcast("--slaves", 1, "--wait", "30s")));
        // then
        assertThat(slave.get().exitCode()).as(slave.get().err()).isZero();
        assertThat(code).as(program.err()).isZero();
        assertThat(Arrays.mismatch(
                        Arrays.copyOfRange(Files.readAllBytes(target), MIB, 4 * MIB),
                        Arrays.copyOfRange(content, MIB, 4 * MIB)))
                .isEqualTo(-1);
    }

    @Test
    void aFileThatIsNoMultipleOfTheSectorsDoesNotFitAndTheMasterKnows() throws Exception {
        // given
        Path target = blank("slave.raw", 4 * MIB + 512);
        CompletableFuture<Ended> slave = slave(target);
        // when
        int code = program.run(
                join(args("--disk", disk, "--sector-size", LARGE_SECTOR), broadcast("--slaves", 1, "--wait", "3s")));
        // then
        assertThat(slave.get().exitCode()).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(code).isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(program.err()).contains("cannot take part").contains("no multiple of the sector size, 4096");
        assertThat(Files.readAllBytes(target)).containsOnly(0);
    }

    @Test
    void aFileThatASessionReadsIsRefusedBeforeTheSlaveListens() throws Exception {
        // given
        byte[] before = Files.readAllBytes(disk);
        // when
        Ended ended;
        try (SourceHold hold = SourceHold.take(disk.toString(), false)) {
            assertThat(hold.warnings()).isEmpty();
            ended = slave(disk).get();
        }
        // then
        assertRefused(ended);
        assertThat(Files.readAllBytes(disk)).isEqualTo(before);
    }

    @Test
    void anImageThatASessionReadsIsNoTarget() throws Exception {
        // given
        assertThat(program.run("--upload", image, "--disk", disk)).isZero();
        // then
        try (Source source = ImageFileSource.open(image, ImageAccess.NONE)) {
            assertThat(source.usedBytes()).isPositive();
            assertThatThrownBy(() -> Disks.openForWriting(image.toString()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("in use");
        }
    }

    private static void assertRefused(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(ExitCode.REFUSED);
        assertThat(ended.err()).contains("in use").doesNotContain("listening");
    }

    private CompletableFuture<Ended> slave(Path target) {
        return CompletableFuture.supplyAsync(() -> {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
            return new Ended(
                    ImgslaveMain.run(Setting.unattended(stream, stream), Sealed.slaveOn(group, target.toString())),
                    err.toString(StandardCharsets.UTF_8));
        });
    }

    private Object[] broadcast(Object... more) {
        return join(args("--broadcast", "--interface", "lo", "--group", group), more);
    }

    private static Object[] args(Object... args) {
        return args;
    }

    private static Object[] join(Object[]... parts) {
        List<Object> all = new ArrayList<>();
        for (Object[] part : parts) {
            all.addAll(List.of(part));
        }
        return all.toArray();
    }

    private Path blank(String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }

    /** One partition of type Linux. */
    private static void writeMbr(byte[] disk, int firstSector, int sectors) {
        int entry = 446;
        disk[entry + 4] = (byte) 0x83;
        put32(disk, entry + 8, firstSector);
        put32(disk, entry + 12, sectors);
        disk[510] = 0x55;
        disk[511] = (byte) 0xAA;
    }

    private static void put32(byte[] into, int offset, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            into[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
