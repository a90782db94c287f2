package org.imgblstr.cli.common.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.identity.HiddenSectors;
import org.imgblstr.disk.partition.TargetPlacement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the regions of an image are told where they start. */
class MoveStepTest {
    private static final int SECTOR = 512;
    private static final Region REGION = new Region(2, 206_848, 64, "");
    private static final long FIRST_BYTE = 64L * SECTOR;

    @TempDir
    Path folder;

    private Path file;
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** A disk of 128 sectors with a boot sector of NTFS in the middle, whose copy lies 63 sectors behind it. */
    @BeforeEach
    void make() throws Exception {
        file = folder.resolve("disk");
        byte[] boot = new byte[SECTOR];
        byte[] name = "NTFS    ".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, boot, 3, name.length);
        boot[12] = 2;
        boot[40] = 63;
        boot[510] = 0x55;
        boot[511] = (byte) 0xAA;
        byte[] told = new byte[SECTOR];
        HiddenSectors.with(ByteBuffer.wrap(boot), REGION.firstLba()).get(told);
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(2 * FIRST_BYTE);
            disk.seek(FIRST_BYTE);
            disk.write(told);
            disk.seek(FIRST_BYTE + 63 * SECTOR);
            disk.write(told);
        }
    }

    private static TargetPlacement placement(Region region, int targetPartition) {
        long offset = region.isWholeDisk() ? 0 : FIRST_BYTE;
        return new TargetPlacement(List.of(new TargetPlacement.Place(region, targetPartition, offset, FIRST_BYTE)));
    }

    private long told(long sector) throws Exception {
        try (Disk disk = Disks.openForReading(file.toString(), SECTOR)) {
            ByteBuffer bytes = ByteBuffer.allocate(SECTOR);
            disk.read(FIRST_BYTE + sector * SECTOR, bytes);
            return HiddenSectors.of(bytes.flip()).orElseThrow().count();
        }
    }

    private String run(TargetPlacement placement) throws Exception {
        try (Disk disk = Disks.openForWriting(file.toString(), SECTOR, false)) {
            return new MoveStep(placement.places(), notes::add, warnings::add).whileHeld(disk);
        }
    }

    @Test
    void aPartitionIsToldWhereItStartsNow() throws Exception {
        assertThat(run(placement(REGION, 3))).isEmpty();
        assertThat(notes)
                .containsExactly(
                        "NTFS of partition 3 of " + file + ": starts at sector 64 of the disk now, was 206848");
        assertThat(warnings).isEmpty();
        assertThat(told(0)).isEqualTo(64);
        assertThat(told(63)).isEqualTo(64);
    }

    @Test
    void aTargetWithoutPartitionsIsLeftAlone() throws Exception {
        assertThat(MoveStep.isDueFor(placement(REGION, 0))).isFalse();
        assertThat(MoveStep.isDueFor(placement(new Region(0, 0, 64, ""), 0))).isFalse();
        assertThat(MoveStep.isDueFor(placement(REGION, 1))).isTrue();
        assertThat(run(placement(REGION, 0))).isEmpty();
        assertThat(told(0)).isEqualTo(REGION.firstLba());
        assertThat(notes).isEmpty();
    }
}
