package org.imgblstr.disk.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.FalseDisk;
import org.imgblstr.disk.device.FaultyDisk;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityProbeTest {
    private static final long MIB_SECTORS = 2048;
    private static final long CLAIMED_MIB = 24;
    private static final int EIO = 5;

    private final FalseDisk disk = new FalseDisk(CLAIMED_MIB * MIB_SECTORS);

    @ParameterizedTest(name = "{0} MiB")
    @ValueSource(longs = {1, 2, 4, 8, 16})
    void aDiskThatWrapsAtAPowerOfTwoIsFoundAndPutBack(long mib) throws Exception {
        disk.wrapsAt(mib * MIB_SECTORS);
        byte[] before = content();
        assertThatThrownBy(() -> CapacityProbe.check(disk, 1))
                .isInstanceOf(DeviceException.class)
                .hasMessageContainingAll("/dev/false", "about " + (mib << 20) + " bytes", "false capacity");
        assertThat(content()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} KiB")
    @CsvSource({"1000", "1500", "5001", "12000", "24572"})
    void aDiskThatDropsWhatLiesBehindItsEndIsFoundAndPutBack(long kib) throws Exception {
        // what lies behind the end is all in one sector that nobody looks at
        disk.places(sector -> sector < kib * 2 ? sector : 1);
        byte[] before = content();
        assertThatThrownBy(() -> CapacityProbe.check(disk, 2)).hasMessageContaining("false capacity");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aSoundDiskHasAllItsBytesAfterwards() throws Exception {
        for (long sector = 0; sector < CLAIMED_MIB * MIB_SECTORS; sector += 7) {
            disk.write(
                    sector * FalseDisk.SECTOR_BYTES,
                    ByteBuffer.allocate(FalseDisk.SECTOR_BYTES).putLong(0, sector));
        }
        byte[] before = content();
        CapacityProbe.check(disk, 3);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void writesThatAreLostAtTheSyncAreFound() {
        disk.losesAllAtSync(0);
        assertThatThrownBy(() -> CapacityProbe.check(disk, 4)).hasMessageContaining("does not come back");
    }

    @Test
    void aDiskThatLosesOneMarkHasNoFalseCapacity() {
        disk.loses(2);
        assertThatThrownBy(() -> CapacityProbe.check(disk, 9))
                .hasMessageContaining("does not keep what is written to it");
    }

    @Test
    void aPlaceThatCannotBeReadGetsNoMark() throws Exception {
        long place = CapacityProbe.places(disk.sizeBytes()).get(1);
        FaultyDisk faulty = new FaultyDisk(disk).failReads(place / FalseDisk.SECTOR_BYTES, EIO, FaultyDisk.FOR_EVER);
        byte[] before = content();
        CapacityProbe.check(faulty, 5);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void marksAreFewAndLieBehindTheTables() {
        assertThat(CapacityProbe.places(4L << 40))
                .hasSize(24)
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .allSatisfy(
                        place -> assertThat(place % CapacityProbe.MARK_BYTES).isZero())
                .endsWith(CapacityProbe.LOWEST)
                .startsWith((4L << 40) - CapacityProbe.MARK_BYTES);
        assertThat(CapacityProbe.places(2L << 20)).isEqualTo(List.of((2L << 20) - 4096, CapacityProbe.LOWEST));
        assertThat(CapacityProbe.places(1L << 20)).isEmpty();
    }

    @Test
    void aMarkSaysWhatItIs() {
        ByteBuffer mark = CapacityProbe.markOf(1_044_480, new SplittableRandom(6));
        assertThat(StandardCharsets.ISO_8859_1.decode(mark.duplicate()).toString())
                .hasSize(CapacityProbe.MARK_BYTES)
                .startsWith(CapacityProbe.WORDS + ", at byte 1044480\n")
                .contains(CapacityProbe.WORDS + ", at byte 1048064\n");
        assertThat(CapacityProbe.markOf(1_044_480, new SplittableRandom(7))).isNotEqualTo(mark);
    }

    @Test
    void filesAndPartitionsAreNotMarked() throws Exception {
        assertThat(CapacityProbe.isDueFor(identity(DiskIdentity.Kind.FILE))).isFalse();
        assertThat(CapacityProbe.isDueFor(identity(DiskIdentity.Kind.PARTITION)))
                .isFalse();
    }

    @Test
    void aTargetThatHasFailedTheLookIsNeverWritten() throws Exception {
        // given
        disk.wrapsAt(8 * MIB_SECTORS);
        TrackSpace space = space();
        DiskTrackTarget below = new DiskTrackTarget(disk, space, new long[1], false);
        byte[] before = content();
        try (ProbedTarget target = new ProbedTarget(below, disk, 7)) {
            ByteBuffer track = ByteBuffer.allocate(space.rawBytes(0));
            // then
            assertThatThrownBy(() -> target.write(0, track)).hasMessageContaining("false capacity");
            assertThatThrownBy(() -> target.write(1, track.clear())).hasMessageContaining("false capacity");
            assertThatThrownBy(() -> target.skip(0, 4, TrackKind.ZERO)).hasMessageContaining("false capacity");
            assertThatThrownBy(() -> target.read(0, track.clear())).hasMessageContaining("false capacity");
            assertThatThrownBy(target::sync).hasMessageContaining("false capacity");
        }
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aTargetIsLookedAtOnce() throws Exception {
        TrackSpace space = space();
        DiskTrackTarget below = new DiskTrackTarget(disk, space, new long[1], false);
        try (ProbedTarget target = new ProbedTarget(below, disk, 8)) {
            target.write(0, ByteBuffer.allocate(space.rawBytes(0)));
            int writes = disk.writes();
            target.write(1, ByteBuffer.allocate(space.rawBytes(1)));
            assertThat(disk.writes()).isEqualTo(writes + 1);
            assertThat(writes)
                    .isGreaterThan(2 * CapacityProbe.places(disk.sizeBytes()).size());
        }
    }

    private TrackSpace space() {
        long sectors = CLAIMED_MIB * MIB_SECTORS;
        return new TrackSpace(Geometry.of(FalseDisk.SECTOR_BYTES, sectors), List.of(new Region(0, 0, sectors, "")));
    }

    private static DiskIdentity identity(DiskIdentity.Kind kind) {
        return new DiskIdentity("/dev/x", "/dev/x", "", "", 1 << 30, 512, kind);
    }

    private byte[] content() throws DeviceException {
        ByteBuffer all = ByteBuffer.allocate((int) disk.sizeBytes());
        disk.read(0, all);
        return all.array();
    }
}
