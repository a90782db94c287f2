package org.imgblstr.disk.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.imgblstr.disk.device.FileNames;
import org.imgblstr.disk.device.LoopDevice;
import org.imgblstr.disk.device.OtherProgram;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds a block device in the eyes of the kernel: needs root and loop devices. */
@SuppressWarnings("try") // Some resources only have to be closed.
class SourceHoldLoopTest {
    @TempDir
    private Path folder;

    @Test
    void aMountThatOnlyAContainerSeesIsRefusedLikeAVisibleOne() throws Exception {
        Shell.assumeTools("mkfs.ext4", "sfdisk");
        Path file = disk(20);
        Shell.feed("label: gpt\nsize=8MiB\nsize=8MiB\n", "sfdisk", "-q", file.toString());
        try (LoopDevice loop = LoopDevice.attach(file, 512).addPartitions()) {
            Shell.run("mkfs.ext4", "-q", loop.partition(2));
            Path mountPoint = Files.createDirectory(folder.resolve("mounted"));
            try (OtherProgram container = OtherProgram.mount(loop.partition(2), mountPoint.toString())) {
                assertRefused(loop.node(), loop.partition(2) + " is held by another program");
                assertRefused(loop.partition(2), "in a container");
                SourceHold.take(loop.partition(1), false).close();
            }
            SourceHold.take(loop.node(), false).close();
        }
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"f=os.open(path,os.O_RDONLY|os.O_EXCL)", "f=open(path,'r+b')"})
    void aProgramThatHoldsOrWritesADeviceIsRefused(String lines) throws Exception {
        try (LoopDevice loop = LoopDevice.attach(disk(4), 512)) {
            try (OtherProgram other = OtherProgram.python(loop.node(), lines)) {
                assertRefused(loop.node(), loop.node() + " is ");
            }
            SourceHold.take(loop.node(), false).close();
        }
    }

    @Test
    void nobodyMountsWhatIsHeldAndAWriteShows() throws Exception {
        Shell.assumeTools("mkfs.ext4", "mount");
        try (LoopDevice loop = LoopDevice.attach(disk(8), 512)) {
            Shell.run("mkfs.ext4", "-q", loop.node());
            Path mountPoint = Files.createDirectory(folder.resolve("mounted"));
            try (SourceHold hold = SourceHold.take(loop.node(), false)) {
                assertThatThrownBy(() -> Shell.run("mount", loop.node(), mountPoint.toString()))
                        .isInstanceOf(IOException.class);
                assertThat(hold.change()).isEmpty();
                try (FileChannel writer = FileChannel.open(Path.of(loop.node()), StandardOpenOption.WRITE)) {
                    writer.write(ByteBuffer.allocate(4096), 1 << 20);
                    writer.force(true);
                }
                assertThat(hold.change()).contains(loop.node() + " was written while it was read");
            }
        }
    }

    @ParameterizedTest(name = "[{index}]")
    @ValueSource(strings = {"plain", "\u00fcml\u00e4ut \u65e5", " blank \n", "LATIN"})
    void aFileBehindALoopDeviceIsKnownWhateverItIsCalled(String name) throws Exception {
        byte[] bytes = (folder + "/" + name.replace("LATIN", "")).getBytes(StandardCharsets.UTF_8);
        if (name.equals("LATIN")) {
            bytes = (folder + "/\u00fc").getBytes(StandardCharsets.ISO_8859_1);
        }
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, FileNames.path(bytes));
        Files.write(link, new byte[1 << 20]);
        try (LoopDevice loop = LoopDevice.attach(link, 512)) {
            assertThatThrownBy(() -> TargetSafety.check(link.toString(), true))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("is the content of the loop device " + loop.node());
            assertRefused(link.toString(), "is the content of the loop device " + loop.node());
        }
    }

    @ParameterizedTest(name = "on a partition: {0}")
    @ValueSource(booleans = {false, true})
    void aDeviceBehindALoopDeviceIsRefusedAsSourceAndAsTarget(boolean isPartition) throws Exception {
        Shell.assumeTools("sfdisk");
        Path file = disk(4);
        Shell.feed("label: gpt\nsize=1MiB\n", "sfdisk", "-q", file.toString());
        try (LoopDevice below = LoopDevice.attach(file, 512).addPartitions()) {
            String node = isPartition ? below.partition(1) : below.node();
            try (LoopDevice above = LoopDevice.attach(Path.of(node), 512)) {
                assertRefused(below.node(), node + " is the content of the loop device " + above.node());
                assertThatThrownBy(() -> TargetSafety.check(below.node(), true))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("is the content of the loop device " + above.node());
                assertThatThrownBy(() -> SourceSafety.checkApart(above.node(), below.node()))
                        .isInstanceOf(RefusedException.class);
                assertThatThrownBy(() -> SourceSafety.checkApart(below.node(), above.node()))
                        .isInstanceOf(RefusedException.class);
            }
            SourceHold.take(below.node(), false).close();
        }
    }

    private static void assertRefused(String source, String why) {
        assertThatThrownBy(() -> SourceHold.take(source, false))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }

    private Path disk(int mebibytes) throws IOException {
        return Files.write(folder.resolve("disk.img"), new byte[mebibytes << 20]);
    }
}
