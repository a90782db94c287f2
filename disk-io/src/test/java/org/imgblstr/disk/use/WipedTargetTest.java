package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.FalseDisk;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.partition.TargetPlacement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeros behind the image, on devices that hold what they claim and on those that do not. */
class WipedTargetTest {
    private static final int MIB = 1 << 20;
    private static final int IMAGE_BYTES = 4 * MIB;
    private static final int DISK_BYTES = 12 * MIB;

    private final Geometry geometry = Geometry.of(512, IMAGE_BYTES / 512);
    private final TrackSpace space = new TrackSpace(geometry, List.of(new Region(0, 0, IMAGE_BYTES / 512, "")));

    /** The whole image fits, and the last MiB of the claimed size lies on top of some of it. */
    @ParameterizedTest(name = "holds {0} KiB of 12 MiB")
    @ValueSource(ints = {4096, 4100, 4300, 5000, 6000, 7500, 11 * 1024})
    void zerosBehindTheImageNeverDestroyATrackUnseen(int kibibytes) {
        FalseDisk disk = new FalseDisk(DISK_BYTES / 512).wrapsAt(kibibytes * 2L);
        assertThatThrownBy(() -> restore(disk))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("holds less than it claims");
    }

    @Test
    void zerosBehindTheImageOnASoundDiskAreSeen() throws Exception {
        FalseDisk disk = new FalseDisk(DISK_BYTES / 512);
        restore(disk);
        assertThat(holdsTheImage(disk)).isTrue();
    }

    private void restore(FalseDisk disk) throws Exception {
        TargetPlacement placement = TargetPlacement.of(disk, space, IMAGE_BYTES, "");
        WipedTarget target = WipedTarget.on(disk, space, placement, false);
        for (int track = 0; track < space.trackCount(); track++) {
            target.write(track, ByteBuffer.wrap(raw(track)));
        }
        target.sync();
    }

    @Test
    void whatIsZeroBehindTheImageIsNotWritten() throws Exception {
        FalseDisk disk = new FalseDisk(DISK_BYTES / 512);
        disk.write(IMAGE_BYTES, ByteBuffer.allocate(DISK_BYTES - IMAGE_BYTES));
        int writes = disk.writes();
        WipedTarget target = WipedTarget.on(disk, space, TargetPlacement.of(disk, space, IMAGE_BYTES, ""), false);
        target.skip(0, space.trackCount(), TrackKind.ZERO);
        int zeroed = disk.writes();
        target.sync();
        assertThat(zeroed - writes).isEqualTo(1);
        assertThat(disk.writes()).isEqualTo(zeroed);
    }

    private boolean holdsTheImage(FalseDisk disk) {
        for (int track = 0; track < space.trackCount(); track++) {
            ByteBuffer found = ByteBuffer.allocate(space.rawBytes(track));
            disk.read(space.rangeBytes(0, track), found);
            if (!found.flip().equals(ByteBuffer.wrap(raw(track)))) {
                return false;
            }
        }
        return true;
    }

    private byte[] raw(int track) {
        byte[] raw = new byte[space.rawBytes(track)];
        new Random(track).nextBytes(raw);
        return raw;
    }
}
