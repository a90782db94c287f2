package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Block devices: needs root and loop devices. */
class DisksLoopTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0} bytes of {1}-byte sectors")
    @CsvSource({"1048576, 512", "1049088, 512", "3584, 512", "1052672, 4096"})
    void everyShapeOfTransferMovesTheRightBytes(int bytes, int sectorBytes) throws Exception {
        try (var loop = LoopDevice.attach(zeros(bytes), sectorBytes);
                Disk disk = Disks.openForWriting(loop.node())) {
            assertThat(disk.sizeBytes()).isEqualTo(bytes);
            assertThat(disk.sectorBytes()).isEqualTo(sectorBytes);
            DiskExercise.run(disk, new Random(bytes), 150, new byte[bytes]);
        }
    }

    @Test
    void threadsThatWriteIntoTheSamePageDoNotDisturbEachOther() throws Exception {
        try (var loop = LoopDevice.attach(zeros(4 << 20), 512);
                Disk disk = Disks.openForWriting(loop.node())) {
            assertThat(disk).isInstanceOfSatisfying(ChannelDisk.class, channels -> assertThat(channels.isDirect())
                    .isTrue());
            DiskExercise.runParallel(disk, 1100);
        }
    }

    @Test
    void aDiscardIsTaken() throws Exception {
        try (var loop = LoopDevice.attach(zeros(1 << 20), 512);
                Disk disk = Disks.openForWriting(loop.node())) {
            disk.discard(0, 1 << 20);
            disk.sync();
            assertThat(disk.identity().isBlockDevice()).isTrue();
        }
    }

    @Test
    void theDeviceIsHeldSoThatNobodyElseMayUseIt() throws Exception {
        Shell.assumeTools("mkfs.ext4", "mount");
        try (var loop = LoopDevice.attach(zeros(8 << 20), 512)) {
            Shell.run("mkfs.ext4", "-q", loop.node());
            try (Disk disk = Disks.openForWriting(loop.node())) {
                assertThat(disk.sizeBytes()).isEqualTo(8 << 20);
                assertThatThrownBy(() -> Shell.run("mount", loop.node(), directory.toString()))
                        .hasMessageContaining("busy");
                assertThatThrownBy(() -> Disks.openForWriting(loop.node())).isInstanceOf(RefusedException.class);
            }
        }
    }

    @Test
    void aMountedDeviceIsRefusedUnlessForced() throws Exception {
        Shell.assumeTools("mkfs.ext4", "mount");
        Path mountPoint = Files.createDirectory(directory.resolve("mounted"));
        try (var loop = LoopDevice.attach(zeros(8 << 20), 512)) {
            Shell.run("mkfs.ext4", "-q", loop.node());
            Shell.run("mount", loop.node(), mountPoint.toString());
            try {
                assertThatThrownBy(() -> Disks.openForWriting(loop.node()))
                        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.reason())
                                .isEqualTo(Reason.UNSAFE))
                        .hasMessageContaining(loop.node())
                        .hasMessageContaining("--force");
                Disks.openForWriting(loop.node(), Disks.DETECT_SECTOR_BYTES, true)
                        .close();
            } finally {
                Shell.run("umount", mountPoint.toString());
            }
        }
    }

    @Test
    void aReadOnlyDeviceIsRefusedEvenWhenForced() throws Exception {
        try (var loop = LoopDevice.attach(zeros(1 << 20), 512, "-r")) {
            assertThatThrownBy(() -> Disks.openForWriting(loop.node(), Disks.DETECT_SECTOR_BYTES, true))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("read-only");
            Disks.openForReading(loop.node()).close();
        }
    }

    private Path zeros(int bytes) throws Exception {
        return Files.write(Files.createTempFile(directory, "disk", ".img"), new byte[bytes]);
    }
}
