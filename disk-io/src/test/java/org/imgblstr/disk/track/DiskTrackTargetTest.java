package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.device.FaultyDisk;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTrackTargetTest {
    private static final TrackSpace TWO_REGIONS = new TrackSpace(
            new Geometry(512, 2, 8, 100), List.of(new Region(1, 3, 10, "one"), new Region(2, 20, 20, "two")));
    private static final long[] OFFSETS = {50 * 512, 2 * 512};

    @TempDir
    Path directory;

    @Test
    void everyTrackGoesWhereItsRegionWasPutAndNothingElseChanges() throws Exception {
        byte[] before = randomBytes(70 * 512);
        Path file = Files.write(directory.resolve("disk"), before);
        byte[] expected = before.clone();
        try (TrackTarget target =
                new DiskTrackTarget(Disks.openForWriting(file.toString()), TWO_REGIONS, OFFSETS, false)) {
            int[] places = {50, 58, 2, 10, 18};
            for (int track = 0; track < TWO_REGIONS.trackCount(); track++) {
                byte[] raw = randomBytes(TWO_REGIONS.rawBytes(track));
                target.write(track, ByteBuffer.wrap(raw));
                System.arraycopy(raw, 0, expected, places[track] * 512, raw.length);
                ByteBuffer into = ByteBuffer.allocate(raw.length + 3);
                target.read(track, into);
                assertThat(Arrays.copyOf(into.array(), into.position())).isEqualTo(raw);
            }
            target.sync();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }

    @Test
    void skipRangesAreMergedWithinARegionAndCutBetweenRegions() throws Exception {
        FaultyDisk disk = new FaultyDisk(openZeros(70));
        try (TrackTarget target = new DiskTrackTarget(disk, TWO_REGIONS, OFFSETS, false)) {
            target.skip(0, 5, TrackKind.ZERO);
            target.skip(1, 3, TrackKind.UNUSED);
            target.skip(1, 3, TrackKind.UNREADABLE);
        }
        assertThat(disk.calls())
                .containsExactly("zero 25600 5120", "zero 1024 10240", "zero 29696 1024", "zero 1024 8192");
    }

    @Test
    void unusedTracksAreDiscardedOnlyWhenAskedFor() throws Exception {
        FaultyDisk disk = new FaultyDisk(openZeros(70));
        try (TrackTarget target = new DiskTrackTarget(disk, TWO_REGIONS, OFFSETS, true)) {
            target.skip(1, 1, TrackKind.UNUSED);
            target.skip(2, 3, TrackKind.UNREADABLE);
        }
        assertThat(disk.calls()).containsExactly("discard 29696 1024", "zero 1024 10240");
    }

    @Test
    void aWriteIsTriedThreeTimesWithTheSameBytes() throws Exception {
        FaultyDisk disk = new FaultyDisk(openZeros(70)).failWrites(53, Errno.EIO, 2);
        byte[] raw = randomBytes(4096);
        try (TrackTarget target = new DiskTrackTarget(disk, TWO_REGIONS, OFFSETS, false)) {
            target.write(0, ByteBuffer.wrap(raw));
            ByteBuffer into = ByteBuffer.allocate(4096);
            target.read(0, into);
            assertThat(into.array()).isEqualTo(raw);
        }
    }

    @Test
    void aWriteThatFailsThreeTimesIsADeviceException() throws Exception {
        FaultyDisk disk = new FaultyDisk(openZeros(70)).failWrites(53, Errno.EIO, FaultyDisk.FOR_EVER);
        try (TrackTarget target = new DiskTrackTarget(disk, TWO_REGIONS, OFFSETS, false)) {
            assertThatThrownBy(() -> target.write(0, ByteBuffer.allocate(4096)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("LBA 53")
                    .hasMessageContaining("3 attempts");
        }
        assertThat(disk.calls()).hasSize(3);
    }

    /** A slave that was removed before the start said that the kernel had an old partition table. */
    @Test
    void theKernelReadsThePartitionTableAgainOnlyWhenSomethingWasWritten() throws Exception {
        TrackSpace whole = new TrackSpace(Geometry.of(512, 60), List.of(new Region(0, 0, 60, "")));
        FaultyDisk untouched = new FaultyDisk(openZeros(70));
        FaultyDisk written = new FaultyDisk(openZeros(70));
        FaultyDisk partitions = new FaultyDisk(openZeros(70));
        try (TrackTarget one = new DiskTrackTarget(untouched, whole, new long[] {0}, false);
                TrackTarget two = new DiskTrackTarget(written, whole, new long[] {0}, false);
                TrackTarget three = new DiskTrackTarget(partitions, TWO_REGIONS, OFFSETS, false)) {
            one.skip(0, 1, TrackKind.UNUSED);
            two.skip(0, 1, TrackKind.ZERO);
            three.skip(0, 1, TrackKind.ZERO);
        }
        assertThat(untouched.calls()).isEmpty();
        assertThat(written.calls()).containsExactly("zero 0 30720", "reread");
        assertThat(partitions.calls()).containsExactly("zero 25600 4096");
    }

    private Disk openZeros(int sectors) throws Exception {
        Path file = Files.write(Files.createTempFile(directory, "zeros", ""), new byte[sectors * 512]);
        return Disks.openForWriting(file.toString());
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
