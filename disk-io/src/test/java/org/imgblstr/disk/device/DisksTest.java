package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisksTest {
    @TempDir
    Path directory;

    @Test
    void aFileReadsAsADiskOf512ByteSectors() throws Exception {
        Path file = randomFile(3 * 4096 + 512);
        try (Disk disk = Disks.openForReading(file.toString())) {
            assertThat(disk.sizeBytes()).isEqualTo(3 * 4096 + 512);
            assertThat(disk.sectorBytes()).isEqualTo(512);
            assertThat(disk.identity().isBlockDevice()).isFalse();
            assertThat(read(disk, 512, 1024)).isEqualTo(Arrays.copyOfRange(Files.readAllBytes(file), 512, 1536));
        }
    }

    @Test
    void aLinkIsFollowedAndBothNamesAreKept() throws Exception {
        Path file = randomFile(512);
        Path link = Files.createSymbolicLink(directory.resolve("by-id"), file);
        assertThat(Disks.identify(link.toString()).path()).isEqualTo(link.toString());
        assertThat(Disks.identify(link.toString()).device())
                .isEqualTo(file.toRealPath().toString());
    }

    @Test
    void aGptAtByte4096MakesTheSectors4096Bytes() throws Exception {
        Path file = directory.resolve("large");
        byte[] bytes = new byte[8 * 4096];
        System.arraycopy("EFI PART".getBytes(StandardCharsets.US_ASCII), 0, bytes, 4096, 8);
        Files.write(file, bytes);
        assertThat(Disks.identify(file.toString()).sectorBytes()).isEqualTo(4096);
        try (Disk disk = Disks.openForReading(file.toString(), 512)) {
            assertThat(disk.sectorBytes()).isEqualTo(512);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 513, 1000})
    void aSizeThatIsNoMultipleOfTheSectorSizeDoesNotFit(int bytes) throws Exception {
        Path file = randomFile(bytes);
        assertThatThrownBy(() -> Disks.openForReading(file.toString()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DOES_NOT_FIT))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> Disks.openForWriting(file.toString())).isInstanceOf(RefusedException.class);
    }

    @Test
    void whatIsMissingIsNotCreated() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> Disks.openForWriting(missing.toString()))
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining("must exist");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aNameThatNoFileCanHaveIsADeviceException() {
        assertThatThrownBy(() -> Disks.openForReading("a\0b")).isInstanceOf(DeviceException.class);
        assertThatThrownBy(() -> SystemUses.of("a\0b")).isInstanceOf(DeviceException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/"})
    void whatIsNoDiskIsRefused(String path) {
        assertThatThrownBy(() -> Disks.openForReading(path)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Disks.openForWriting(path)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aFileIsOpenForWritingOnlyOnce() throws Exception {
        Path file = randomFile(4096);
        try (Disk disk = Disks.openForWriting(file.toString())) {
            assertThat(disk.sizeBytes()).isEqualTo(4096);
            assertThatThrownBy(() -> Disks.openForWriting(file.toString()))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE));
        }
        Disks.openForWriting(file.toString()).close();
    }

    @Test
    void misuseAndTheEndOfTheDiskAreToldApart() throws Exception {
        Path file = randomFile(4096);
        try (Disk disk = Disks.openForReading(file.toString())) {
            assertThatThrownBy(() -> disk.read(1, ByteBuffer.allocate(512)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(100)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> disk.write(0, ByteBuffer.allocate(512))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> disk.read(3584, ByteBuffer.allocate(1024)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("LBA 7")
                    .hasMessageContaining("past the end");
        }
    }

    @Test
    void aReadAfterCloseIsADeviceException() throws Exception {
        Disk disk = Disks.openForReading(randomFile(4096).toString());
        disk.close();
        assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(512)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest(name = "seed {0}, {1} bytes")
    @CsvSource({"1, 1049088", "2, 1048576", "3, 4096", "4, 512", "5, 3584"})
    void everyShapeOfTransferMovesTheRightBytes(long seed, int size) throws Exception {
        Path file = randomFile(size);
        try (Disk disk = Disks.openForWriting(file.toString())) {
            DiskExercise.run(disk, new Random(seed), 150, Files.readAllBytes(file));
        }
    }

    @Test
    void threadsThatWriteIntoTheSamePageDoNotDisturbEachOther() throws Exception {
        try (Disk disk = Disks.openForWriting(randomFile(4 << 20).toString())) {
            DiskExercise.runParallel(disk, 1100);
        }
    }

    @Test
    void aSparseFileReadsAsZerosAndIsNotOverwritten() throws Exception {
        Path file = directory.resolve("sparse");
        Disks.createSparse(file, 1L << 40);
        assertThat(Files.size(file)).isEqualTo(1L << 40);
        try (Disk disk = Disks.openForReading(file.toString())) {
            assertThat(read(disk, 1L << 39, 4096)).containsOnly(0);
        }
        assertThatThrownBy(() -> Disks.createSparse(file, 512)).isInstanceOf(DeviceException.class);
    }

    @Test
    void zeroingAFileFreesItsRoom() throws Exception {
        Path file = randomFile(1 << 20);
        try (Disk disk = Disks.openForWriting(file.toString())) {
            disk.zero(512, (1 << 20) - 1024);
            disk.sync();
        }
        byte[] bytes = Files.readAllBytes(file);
        assertThat(Arrays.copyOfRange(bytes, 512, bytes.length - 512)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 0, 512)).isNotEqualTo(new byte[512]);
        assertThat(bytes).hasSize(1 << 20);
    }

    @Test
    void aFileThatWasCutWhileItIsReadIsNamedWithTheSizeItHad() throws Exception {
        Path file = randomFile(1 << 20);
        try (Disk disk = Disks.openForReading(file.toString())) {
            Files.write(file, new byte[4096]);
            assertThatThrownBy(() -> read(disk, 0, 8192))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage(file
                            + " (file, 1.0 MiB): read of 4096 bytes at LBA 8: the device ends here, expected 1048576"
                            + " bytes as when it was opened; see whether it was cut or removed, or take another");
        }
    }

    private Path randomFile(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(Files.createTempFile(directory, "disk", ".img"), content);
    }

    private static byte[] read(Disk disk, long offset, int bytes) throws DeviceException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        disk.read(offset, buffer);
        return buffer.array();
    }
}
