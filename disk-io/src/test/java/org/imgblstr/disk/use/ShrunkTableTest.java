package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableShrink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last partition ends earlier for a shorter disk, with sgdisk and sfdisk as judges. */
class ShrunkTableTest {
    private static final long MIB = 1 << 20;
    private static final long SOURCE_BYTES = 64 * MIB;
    private static final String LOGICAL = """
            label: dos
            start=2048, size=8M
            start=20480, size=44M, type=5
            start=22528, size=4M
            start=32768, size=38M
            """;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} on a disk of {1} bytes")
    @CsvSource({"gpt, 41943040, 39", "gpt, 40911360, 39", "gpt, 40910848, 38", "dos, 41943040, 40", "dos, 41942528, 39"
    })
    void theTableIsSoundAndTheShorterDiskHasRoom(String label, long targetBytes, long endMib) throws Exception {
        Path file = divided("label: " + label + "\nstart=2048,size=4M\nstart=10240,size=58M\n");
        TableShrink shrink = shrink(file, targetBytes);
        assertThat(shrink.partition().number()).isEqualTo(2);
        assertThat(shrink.endLba()).isEqualTo(endMib * 2048);
        try (Disk disk = Disks.openForReading(file.toString())) {
            PartitionTable table = PartitionTable.read(disk);
            assertThat(table.partition(2).orElseThrow().endLba()).isEqualTo(endMib * 2048);
            assertThat(table.partition(1).orElseThrow().endLba()).isEqualTo(5 * 2048);
            assertThat(DiskEnd.of(disk, table).requiredBytes()).isLessThanOrEqualTo(targetBytes);
        }
        assertThat(Shell.run("sfdisk", "--verify", file.toString())).contains("No errors detected");
        if (label.equals("gpt")) {
            assertThat(Shell.run("sgdisk", "-v", file.toString())).contains("No problems found");
        }
    }

    @Test
    void anExtendedPartitionEndsWithItsLastLogicalOne() throws Exception {
        Path file = divided(LOGICAL);
        shrink(file, 30 * MIB);
        try (Disk disk = Disks.openForReading(file.toString())) {
            PartitionTable.Mbr table = (PartitionTable.Mbr) PartitionTable.read(disk);
            assertThat(table.partitions()).extracting(Partition::number).containsExactly(1, 5, 6);
            assertThat(table.partition(6).orElseThrow().endLba()).isEqualTo(30 * 2048);
            assertThat(table.extended().get(0).endLba()).isEqualTo(30 * 2048);
        }
        assertThat(Shell.run("sfdisk", "--verify", file.toString())).contains("No errors detected");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "'label: gpt\nstart=2048,size=4M\nstart=10240,size=58M\n', 6291456, 'partition 2 would have no room at all,"
                + " and only the last one is made smaller: 16896 bytes'",
        "'label: dos\nstart=2048,size=4M\nstart=10240,size=58M\n', 4194304, 'partition 1 would have to become smaller too,"
                + " and only the last one is made smaller: 1048576 bytes'",
        "'label: dos\nstart=2048,size=4M\nstart=10240,size=8M\nstart=26624,type=5\n', 12582912, 'partition 3 would have to become smaller too'",
        "'label: gpt\n', 4194304, 'the image has no partition'"
    })
    void whatCannotBecomeSmallerIsRefusedWithItsReason(String script, long targetBytes, String reason)
            throws Exception {
        Path file = divided(script);
        assertThatThrownBy(() -> shrink(file, targetBytes))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void somethingBehindTheLastPartitionAndADamagedTableAreRefused() throws Exception {
        Path file = divided("label: gpt\nstart=2048,size=4M\nstart=10240,size=40M\n");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(60 * MIB);
            out.write(1);
        }
        assertThatThrownBy(() -> shrink(file, 30 * MIB))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("other than zero behind its last partition");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(1024 + 56);
            out.write(0xFF);
        }
        assertThatThrownBy(() -> shrink(file, 30 * MIB)).isInstanceOf(RefusedException.class);
    }

    private Path divided(String script) throws IOException {
        Shell.assumeTools("sfdisk", "sgdisk");
        Path file = folder.resolve("disk");
        Disks.createSparse(file, SOURCE_BYTES);
        Shell.feed(script, "sfdisk", "-q", file.toString());
        return file;
    }

    private static TableShrink shrink(Path file, long targetBytes) throws Exception {
        try (Disk disk = Disks.openForWriting(file.toString(), 512, false)) {
            long required = UsedBlocks.of(disk, List.of(whole(disk)), FileSystems.standard())
                    .requiredBytes();
            TableShrink shrink = TableShrink.of(disk, required, targetBytes);
            TablePatches.write(disk, shrink.patches());
            return shrink;
        }
    }

    private static Region whole(Disk disk) {
        return new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
    }
}
