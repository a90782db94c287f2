package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.LoopDevice;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetPlacementTest {
    private static final Region WHOLE = new Region(0, 0, 400, "");
    private static final Region FIRST = new Region(1, 1000, 20, "a");
    private static final Region THIRD = new Region(3, 2000, 30, "c");
    private static final byte[] EMPTY = new byte[400 * 512];
    private static final byte[] DIVIDED =
            gptDisk(512, 400, gptEntry(1, 40, 59, "a"), gptEntry(2, 100, 149, "b"), gptEntry(3, 150, 200, "c"));

    @TempDir
    Path directory;

    @Test
    void aWholeDiskGoesToByteZeroOfATargetThatIsLargeEnough() throws Exception {
        assertThat(place(DIVIDED, 0, "", WHOLE).regionOffsetsBytes()).containsExactly(0);
        assertThat(place(new byte[300 * 512], 300 * 512, "", WHOLE).regionOffsetsBytes())
                .containsExactly(0);
        assertRefused(() -> place(new byte[399 * 512], 0, "", WHOLE), "needs 204800 bytes");
        assertRefused(() -> place(new byte[300 * 512], 300 * 512 + 1, "", WHOLE), "has 153600");
        assertRefused(() -> place(EMPTY, 0, "1", WHOLE), "cannot go to partition 1");
    }

    @Test
    void aFileTakesOnTheSectorSizeOfTheImage() throws Exception {
        TrackSpace large = new TrackSpace(Geometry.of(4096, 50), List.of(new Region(0, 0, 50, "")));
        assertThat(place(EMPTY, 0, "", large).places()).hasSize(1);
    }

    @Test
    void onePartitionGoesToTheStartOfAnUndividedTarget() throws Exception {
        assertThat(place(EMPTY, 0, "", THIRD).regionOffsetsBytes()).containsExactly(0);
        assertRefused(() -> place(new byte[29 * 512], 0, "", THIRD), "partition 3 of the image needs 15360 bytes");
        assertRefused(() -> place(EMPTY, 0, "2", THIRD), "no partition table");
    }

    @Test
    void severalPartitionsNeedATable() {
        assertRefused(() -> place(EMPTY, 0, "", FIRST, THIRD), "this disk has no partition table: divide it first");
    }

    @Test
    void partitionsGoToThoseOfTheSameNumber() throws Exception {
        assertThat(place(DIVIDED, 0, "", THIRD, FIRST).places())
                .containsExactly(
                        new TargetPlacement.Place(THIRD, 3, 150 * 512, 51 * 512),
                        new TargetPlacement.Place(FIRST, 1, 40 * 512, 20 * 512));
        assertRefused(() -> place(DIVIDED, 0, "", new Region(4, 0, 1, "")), "no partition '4'");
        assertRefused(() -> place(DIVIDED, 0, "", new Region(1, 0, 21, "")), "its partition 1 has 10240");
    }

    @Test
    void partitionsGoWhereTheListSays() throws Exception {
        assertThat(place(DIVIDED, 0, "c,2", FIRST, THIRD).regionOffsetsBytes()).containsExactly(150 * 512, 100 * 512);
        assertRefused(() -> place(DIVIDED, 0, "1", FIRST, THIRD), "name one for each");
        assertRefused(() -> place(DIVIDED, 0, "1,2", THIRD, FIRST), "partition 3 of the image needs");
    }

    @Test
    void aDamagedTableIsOverwrittenOnlyByAWholeDisk() throws Exception {
        byte[] damaged = DIVIDED.clone();
        damaged[512] ^= 1;
        damaged[399 * 512] ^= 1;
        assertThat(place(damaged, 0, "", WHOLE).places()).hasSize(1);
        assertRefused(() -> place(damaged, 0, "", FIRST), "needs a sound table");
    }

    @Test
    void aPartitionsDeviceTakesOnePartitionOfAnyNumber() throws Exception {
        Shell.assumeTools("sfdisk");
        Path file = directory.resolve("disk");
        Disks.createSparse(file, 8 << 20);
        Shell.feed("label: gpt\nsize=1MiB\nsize=2MiB\n", "sfdisk", "-q", file.toString());
        try (var loop = LoopDevice.attach(file, 512).addPartitions();
                Disk partition = Disks.openForReading(loop.partition(2))) {
            assertThat(TargetPlacement.of(partition, space(512, FIRST), 0, "").places())
                    .containsExactly(new TargetPlacement.Place(FIRST, 2, 0, 2 << 20));
            assertRefused(() -> TargetPlacement.of(partition, space(512, WHOLE), 0, ""), "name the whole disk");
            assertRefused(
                    () -> TargetPlacement.of(partition, space(512, FIRST, THIRD), 0, ""), "this is one partition");
            assertRefused(() -> TargetPlacement.of(partition, space(4096, FIRST), 0, ""), "sectors of 4096 bytes");
            assertThat(PartitionSelection.whole(partition)).containsExactly(new Region(2, 0, 4096, ""));
        }
    }

    private static void assertRefused(ThrowingCallable plan, String why) {
        assertThatThrownBy(plan)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DOES_NOT_FIT))
                .hasMessageContaining(why);
    }

    private static TrackSpace space(int sectorBytes, Region... regions) {
        return new TrackSpace(Geometry.of(sectorBytes, 100_000), List.of(regions));
    }

    private TargetPlacement place(byte[] target, long requiredBytes, String list, Region... regions) throws Exception {
        return place(target, requiredBytes, list, space(512, regions));
    }

    private TargetPlacement place(byte[] target, long requiredBytes, String list, TrackSpace space) throws Exception {
        Path file = Files.write(directory.resolve("target"), target);
        try (Disk disk = Disks.openForReading(file.toString())) {
            return TargetPlacement.of(disk, space, requiredBytes, list);
        }
    }
}
