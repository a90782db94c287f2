package org.imgblstr.cli.master.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDiskTest {
    @TempDir
    private Path folder;

    @Test
    void itHasASoundTableAndThreePartitions() throws Exception {
        Path path = folder.resolve("disk.raw");
        SampleDisk.create(path, 8 << 20, 5);
        assertThat(Files.size(path)).isEqualTo(8 << 20);
        try (Disk disk = Disks.openForReading(path.toString())) {
            PartitionTable table = PartitionTable.read(disk);
            assertThat(table).isInstanceOfSatisfying(PartitionTable.Gpt.class, gpt -> {
                assertThat(gpt.isFromBackup()).isFalse();
                assertThat(gpt.backupLba()).isEqualTo((8 << 20) / 512 - 1);
            });
            assertThat(table.partitions()).extracting(Partition::name).containsExactly("text", "zeros", "random");
            assertThat(table.partitions()).extracting(Partition::sectorCount).containsOnly(4096L);
        }
    }

    @Test
    void theBackupTableIsSoundToo() throws Exception {
        Path path = folder.resolve("disk.raw");
        SampleDisk.create(path, 8 << 20, 5);
        byte[] bytes = Files.readAllBytes(path);
        bytes[512 + 60] ^= 1;
        Files.write(path, bytes);
        try (Disk disk = Disks.openForReading(path.toString())) {
            assertThat(PartitionTable.read(disk)).isInstanceOfSatisfying(PartitionTable.Gpt.class, gpt -> {
                assertThat(gpt.isFromBackup()).isTrue();
                assertThat(gpt.partitions()).hasSize(3);
            });
        }
    }
}
