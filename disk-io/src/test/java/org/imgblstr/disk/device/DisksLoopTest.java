package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.track.DiskTrackSource;
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

    /** Behind a file that became shorter the kernel reports read errors, sector by sector. */
    @ParameterizedTest(name = "sectors of {0}")
    @CsvSource({"512, 601", "4096, 75"})
    void badSectorsAreFoundToTheSectorPastThePageCache(int sectorBytes, int goodSectors) throws Exception {
        int bytes = 1 << 20;
        byte[] content = new byte[bytes];
        new Random(2).nextBytes(content);
        Path file = Files.write(directory.resolve("disk"), content);
        try (var loop = LoopDevice.attach(file, sectorBytes);
                FileChannel backing = FileChannel.open(file, StandardOpenOption.WRITE)) {
            backing.truncate((long) goodSectors * sectorBytes);
            try (Disk disk = Disks.openForReading(loop.node())) {
                int sectors = bytes / sectorBytes;
                TrackSpace space =
                        new TrackSpace(Geometry.of(sectorBytes, sectors), List.of(new Region(0, 0, sectors, "")));
                DiskTrackSource source = new DiskTrackSource(disk, space, 2);
                UnreadableSectors unreadable = new UnreadableSectors(space);
                ByteBuffer raw = AlignedBuffers.allocate(space.geometry().trackBytes());
                for (int track = 0; track < space.trackCount(); track++) {
                    unreadable.add(track, source.read(track, raw.clear()));
                }
                assertThat(unreadable.ranges())
                        .containsExactly(new UnreadableSectors.Range(goodSectors, sectors - goodSectors));
                source.read(1, raw.clear());
                int track1 = space.geometry().trackBytes();
                byte[] expected = Arrays.copyOf(Arrays.copyOfRange(content, track1, goodSectors * sectorBytes), track1);
                byte[] found = new byte[track1];
                raw.flip().get(found);
                assertThat(found).isEqualTo(expected);
            }
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
