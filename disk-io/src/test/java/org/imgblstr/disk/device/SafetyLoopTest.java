package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.safety.SourceHold;
import org.imgblstr.disk.safety.SourceSafety;
import org.imgblstr.disk.safety.TargetSafety;
import org.imgblstr.disk.track.DiskTrackSource;
import org.imgblstr.disk.track.DiskTrackTarget;
import org.imgblstr.disk.track.TrackTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refusals as the kernel itself gives cause for them: needs root and loop devices. */
class SafetyLoopTest {
    @TempDir
    Path directory;

    @Test
    void aMountedDeviceIsRefusedByNameAndMayBeForced() throws Exception {
        Shell.assumeTools("mkfs.ext4", "mount");
        try (var loop = LoopDevice.attach(disk(8), 512)) {
            Shell.run("mkfs.ext4", "-q", loop.node());
            Path mountPoint = mount(loop.node(), "rw");
            try {
                assertUnsafe(
                        () -> TargetSafety.check(loop.node(), false), loop.node() + " is mounted on " + mountPoint);
                assertThat(TargetSafety.check(loop.node(), true)).hasSize(1);
                assertUnsafe(() -> SourceHold.take(loop.node(), false), "may change meanwhile");
                try (SourceHold forced = SourceHold.take(loop.node(), true)) {
                    assertThat(forced.warnings()).hasSize(1);
                }
            } finally {
                Shell.run("umount", mountPoint.toString());
            }
            assertThat(TargetSafety.check(loop.node(), false)).isEmpty();
            SourceHold.take(loop.node(), false).close();
        }
    }

    @Test
    void aDiskWithAMountedPartitionIsRefusedAndItsNeighbourIsNot() throws Exception {
        Shell.assumeTools("mkfs.ext4", "mount", "sfdisk");
        Path file = disk(20);
        Shell.feed("label: gpt\nsize=8MiB\nsize=8MiB\n", "sfdisk", "-q", file.toString());
        try (var loop = LoopDevice.attach(file, 512).addPartitions()) {
            Shell.run("mkfs.ext4", "-q", loop.partition(1));
            Path mountPoint = mount(loop.partition(1), "ro");
            try {
                assertUnsafe(() -> TargetSafety.check(loop.node(), false), loop.partition(1) + " is mounted on");
                assertUnsafe(() -> TargetSafety.check(loop.partition(1), false), "read-only");
                assertThat(TargetSafety.check(loop.partition(2), false)).isEmpty();
                try (SourceHold hold = SourceHold.take(loop.node(), false)) {
                    assertThat(hold.warnings()).isEmpty();
                    assertThat(Libc.isHeld(loop.partition(2)))
                            .as("the free partition is held")
                            .isTrue();
                }
                assertUnsafe(() -> SourceSafety.checkApart(loop.node(), loop.partition(2)), "they share sectors");
                assertUnsafe(() -> SourceSafety.checkApart(loop.partition(1), loop.node()), "they share sectors");
                SourceSafety.checkApart(loop.partition(1), loop.partition(2));
                Path image = mountPoint.resolve("lost+found");
                assertUnsafe(() -> SourceSafety.checkApart(image.toString(), loop.node()), "lies on that disk");
            } finally {
                Shell.run("umount", mountPoint.toString());
            }
        }
    }

    @Test
    void swapIsRefused() throws Exception {
        Shell.assumeTools("mkswap", "swapon");
        try (var loop = LoopDevice.attach(disk(8), 512)) {
            Shell.run("mkswap", "-q", loop.node());
            Shell.run("swapon", loop.node());
            try {
                assertUnsafe(() -> TargetSafety.check(loop.node(), false), loop.node() + " is swap");
            } finally {
                Shell.run("swapoff", loop.node());
            }
        }
    }

    @Test
    void theFileOfALoopDeviceIsRefusedEvenWhenForced() throws Exception {
        Path file = disk(1);
        try (var loop = LoopDevice.attach(file, 512)) {
            assertUnsafe(() -> TargetSafety.check(file.toString(), true), loop.node());
            assertUnsafe(() -> SourceSafety.checkApart(file.toString(), loop.node()), "both are the file");
            assertUnsafe(() -> SourceSafety.checkApart(loop.node(), file.toString()), "both are the file");
        }
        assertThat(TargetSafety.check(file.toString(), false)).isEmpty();
    }

    @Test
    void twoLoopDevicesOnOneFileAreTheSameDisk() throws Exception {
        Path file = disk(1);
        try (var one = LoopDevice.attach(file, 512);
                var other = LoopDevice.attach(file, 512)) {
            assertUnsafe(() -> SourceSafety.checkApart(one.node(), other.node()), "both are the file");
        }
    }

    @Test
    void aDeviceThatSomeoneHoldsIsRefused() throws Exception {
        try (var loop = LoopDevice.attach(disk(1), 512);
                Disk holder = Disks.openForWriting(loop.node())) {
            assertThat(holder.sizeBytes()).isEqualTo(1 << 20);
            assertUnsafe(() -> TargetSafety.check(loop.node(), false), "held by another program");
        }
    }

    @Test
    @SuppressWarnings("try") // The other programs only have to be closed.
    void aDeviceThatAProcessHasOpenForWritingIsRefusedByTheNameOfTheProcess() throws Exception {
        try (var loop = LoopDevice.attach(disk(1), 512)) {
            try (OtherProgram writer = OtherProgram.python(loop.node(), "f=os.open(path,os.O_RDWR)")) {
                assertUnsafe(() -> TargetSafety.check(loop.node(), false), "is open for writing in process");
                assertThat(TargetSafety.check(loop.node(), true)).hasSize(1);
            }
            try (OtherProgram reader = OtherProgram.python(loop.node(), "f=os.open(path,os.O_RDONLY)")) {
                assertThat(TargetSafety.check(loop.node(), false)).isEmpty();
            }
        }
    }

    @Test
    void aReadOnlyDeviceIsRefusedEvenWhenForced() throws Exception {
        try (var loop = LoopDevice.attach(disk(1), 512, "-r")) {
            assertUnsafe(() -> TargetSafety.check(loop.node(), true), "read-only");
        }
    }

    @Test
    void linksAndHardLinksAreTheSameDisk() throws Exception {
        Path file = disk(1);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path hardLink = Files.createLink(directory.resolve("hard"), file);
        assertUnsafe(() -> SourceSafety.checkApart(file.toString(), link.toString()), "the same");
        assertUnsafe(() -> SourceSafety.checkApart(hardLink.toString(), link.toString()), "the same");
        SourceSafety.checkApart(file.toString(), disk(1).toString());
    }

    @Test
    void theKernelForgetsThePartitionsThatWereOverwritten() throws Exception {
        Shell.assumeTools("sfdisk");
        Path divided = disk(8);
        Shell.feed("label: gpt\nsize=2MiB\n", "sfdisk", "-q", divided.toString());
        try (var loop = LoopDevice.attach(divided, 512).addPartitions()) {
            DiskIdentity identity = Disks.identify(loop.node());
            assertThat(DiskList.partitions(identity))
                    .extracting(DiskIdentity::path)
                    .containsExactly(loop.partition(1));
            copy(disk(8), loop.node());
            assertThat(DiskList.partitions(identity)).isEmpty();
        }
    }

    private static void copy(Path image, String node) throws Exception {
        var space = new TrackSpace(Geometry.of(512, 16384), List.of(new Region(0, 0, 16384, "")));
        try (Disk source = Disks.openForReading(image.toString());
                TrackTarget target = new DiskTrackTarget(Disks.openForWriting(node), space, new long[] {0}, false)) {
            var buffer = AlignedBuffers.allocate(space.geometry().trackBytes());
            var tracks = new DiskTrackSource(source, space, 5);
            for (int track = 0; track < space.trackCount(); track++) {
                tracks.read(track, buffer.clear());
                target.write(track, buffer.flip());
            }
            target.sync();
        }
    }

    private static void assertUnsafe(ThrowingCallable check, String why) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE))
                .hasMessageContaining(why);
    }

    private Path mount(String node, String mode) throws IOException {
        Path mountPoint = Files.createTempDirectory(directory, "mounted");
        Shell.run("mount", "-o", mode, node, mountPoint.toString());
        return mountPoint;
    }

    private Path disk(int mebibytes) throws IOException {
        return Files.write(Files.createTempFile(directory, "disk", ".img"), new byte[mebibytes << 20]);
    }
}
