package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;
import static org.imgblstr.disk.partition.TableImages.mbr;
import static org.imgblstr.disk.partition.TableImages.sparse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.partition.PartitionTable.Gpt;
import org.imgblstr.disk.partition.PartitionTable.Mbr;
import org.imgblstr.disk.partition.PartitionTable.None;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTableTest {
    private static final String LINUX_2048_4096 = "00202100 83 000000 00080000 00100000";
    private static final String FAT_6144_100 = "80000000 0c 000000 00180000 64000000";

    @TempDir
    Path directory;

    @Test
    void anEmptyDiskHasNoTable() throws Exception {
        assertThat(read(new byte[512])).isEqualTo(new None());
    }

    @Test
    void primariesKeepTheNumberOfTheirSlot() throws Exception {
        Mbr table = (Mbr) read(mbr(LINUX_2048_4096, "", FAT_6144_100));
        assertThat(table.signature()).isEqualTo(0x11223344);
        assertThat(table.partitions())
                .containsExactly(
                        new Partition(1, 2048, 4096, "83", "11223344-01", ""),
                        new Partition(3, 6144, 100, "0c", "11223344-03", ""));
    }

    @Test
    void anEntryOfTypeZeroThatHasSectorsIsAPartition() throws Exception {
        Path file = sparse(
                directory.resolve("disk"),
                1 << 20,
                0,
                mbr("00000000 05 000000 64000000 e8030000", "00000000 00 000000 dc050000 64000000"),
                100,
                mbr("00000000 00 000000 0a000000 14000000"));
        Mbr table = (Mbr) read(file);
        assertThat(table.partitions())
                .containsExactly(
                        new Partition(2, 1500, 100, "00", "11223344-02", ""),
                        new Partition(5, 110, 20, "00", "11223344-05", ""));
    }

    @Test
    void logicalPartitionsCountFromFive() throws Exception {
        Path file = sparse(
                directory.resolve("disk"),
                1 << 20,
                0,
                mbr("00000000 05 000000 64000000 e8030000"),
                100,
                mbr("00000000 83 000000 0a000000 14000000", "00000000 05 000000 c8000000 64000000"),
                300,
                mbr("00000000 82 000000 05000000 1e000000"));
        Mbr table = (Mbr) read(file);
        assertThat(table.partitions())
                .containsExactly(
                        new Partition(5, 110, 20, "83", "11223344-05", ""),
                        new Partition(6, 305, 30, "82", "11223344-06", ""));
        assertThat(table.extended()).containsExactly(new Partition(1, 100, 1000, "05", "11223344-01", ""));
    }

    @ParameterizedTest(name = "link to sector {0} of the extended partition")
    @CsvSource({"00000000, 1", "c8000000, 200", "ffffff0f, beyond", "e9030000, outside"})
    void aChainThatReturnsOrLeavesIsMalformed(String link, String ignoredName) throws Exception {
        Path file = sparse(
                directory.resolve("disk"),
                1 << 20,
                0,
                mbr("00000000 05 000000 64000000 e8030000"),
                100,
                mbr("", "00000000 05 000000 c8000000 64000000"),
                300,
                mbr("00000000 83 000000 05000000 1e000000", "00000000 05 000000 " + link + " 64000000"));
        if ("00000000".equals(link) || "c8000000".equals(link)) {
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(MalformedTableException.class)
                    .hasMessageContaining("comes back");
        } else {
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(MalformedTableException.class)
                    .hasMessageContaining("a link to LBA");
        }
    }

    @Test
    void aChainOfMoreThan128RecordsIsMalformed() throws Exception {
        Object[] records = new Object[2 * 141];
        records[0] = 0;
        records[1] = mbr("00000000 0f 000000 01000000 e8030000");
        for (int i = 0; i < 140; i++) {
            records[2 * i + 2] = 1 + i;
            records[2 * i + 3] = mbr("", String.format("00000000 05 000000 %02x000000 01000000", i + 1));
        }
        Path file = sparse(directory.resolve("disk"), 1 << 20, records);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(MalformedTableException.class)
                .hasMessageContaining("at most 128");
    }

    @ParameterizedTest
    @CsvSource({"3, 'NTFS    '", "3, 'EXFAT   '", "54, FAT16", "82, FAT32"})
    void aFileSystemThatFillsTheDiskIsNoTable(int offset, String name) throws Exception {
        byte[] sector = mbr();
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, sector, offset, bytes.length);
        assertThat(read(sector)).isEqualTo(new None());
        System.arraycopy(mbr(LINUX_2048_4096), 446, sector, 446, 16);
        assertThat(read(sector)).isInstanceOf(Mbr.class);
    }

    @Test
    void bootCodeWhereEntriesWouldBeIsNoTable() throws Exception {
        assertThat(read(mbr("4e544c44522069732020636f6d707265"))).isEqualTo(new None());
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void aGptIsReadWithNamesAndGuids(int sectorBytes) throws Exception {
        byte[] disk = gptDisk(
                sectorBytes, 400, gptEntry(0xAABBCCDD, 100, 199, "EFI"), new byte[128], gptEntry(1, 200, 200, "größe"));
        Gpt table = (Gpt) read(disk);
        String linux = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";
        assertThat(table.partitions())
                .containsExactly(
                        new Partition(1, 100, 100, linux, "AABBCCDD-0000-0000-0000-000000000000", "EFI"),
                        new Partition(3, 200, 1, linux, "00000001-0000-0000-0000-000000000000", "größe"));
        assertThat(table.diskId()).isEqualTo("33221100-5544-7766-8899-AABBCCDDEEFF");
        assertThat(table.isFromBackup()).isFalse();
        assertThat(table.backupLba()).isEqualTo(399);
    }

    @ParameterizedTest(name = "byte {0} of the disk damaged")
    @ValueSource(ints = {512, 512 + 16, 512 + 56, 512 + 88, 1024, 1024 + 60, 1024 + 16383})
    void aDamagedPrimaryIsReplacedByTheBackup(int offset) throws Exception {
        byte[] disk = gptDisk(512, 400, gptEntry(7, 100, 199, "EFI"));
        disk[offset] ^= 0x20;
        Gpt table = (Gpt) read(disk);
        assertThat(table.isFromBackup()).isTrue();
        assertThat(table.partitions()).hasSize(1);
    }

    @Test
    void twoDamagedCopiesAreMalformedAndThePlaceIsNamed() {
        byte[] disk = gptDisk(512, 400, gptEntry(7, 100, 199, "EFI"));
        disk[512 + 60] ^= 1;
        disk[399 * 512] ^= 1;
        assertThatThrownBy(() -> read(disk))
                .isInstanceOfSatisfying(MalformedTableException.class, e -> {
                    assertThat(e.lba()).isEqualTo(1);
                    assertThat(e.offset()).isEqualTo(16);
                })
                .hasMessageContaining("CRC-32");
    }

    @Test
    void aTableOfOtherSectorsIsNamedAsSuch() throws Exception {
        Path file = Files.write(directory.resolve("disk"), gptDisk(512, 400, gptEntry(7, 100, 199, "EFI")));
        try (Disk disk = Disks.openForReading(file.toString(), 4096)) {
            assertThatThrownBy(() -> PartitionTable.read(disk))
                    .isInstanceOf(MalformedTableException.class)
                    .hasMessageContaining("sectors of 512 bytes");
        }
    }

    @ParameterizedTest(name = "{0}-byte field at {1} = {2}")
    @CsvSource({
        "4, 80, 0", "4, 80, -1", "4, 80, 2147483647", "4, 84, 0", "4, 84, 127", "4, 84, 192", "4, 84, -128",
        "8, 72, 0", "8, 72, -1", "8, 72, 9223372036854775807", "8, 72, 399", "8, 24, 2", "4, 12, 91", "4, 12, 513",
        "4, 12, -1", "4, 8, 131072"
    })
    void aHeaderWithRightChecksumAndWrongFieldsIsMalformed(int width, int offset, long value) {
        byte[] disk = gptDisk(512, 400, gptEntry(7, 100, 199, "EFI"));
        var bytes = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
        for (int header : new int[] {512, 399 * 512}) {
            if (width == 4) {
                bytes.putInt(header + offset, (int) value);
            } else {
                bytes.putLong(header + offset, value);
            }
            TableImages.sealHeader(disk, header);
        }
        assertThatThrownBy(() -> read(disk)).isInstanceOf(MalformedTableException.class);
    }

    @ParameterizedTest
    @CsvSource({"200, 199", "-1, 10", "10, -1", "1, 9223372036854775807"})
    void anEntryThatEndsBeforeItBeginsIsMalformed(long first, long last) {
        assertThatThrownBy(() -> read(gptDisk(512, 400, gptEntry(7, first, last, "x"))))
                .isInstanceOf(MalformedTableException.class)
                .hasMessageContaining("partition 1");
    }

    @Test
    void aDiskOfOneSectorThatClaimsAGptIsMalformed() {
        byte[] sector = mbr("00000200 ee ffffff 01000000 ffffffff");
        assertThatThrownBy(() -> read(sector)).isInstanceOf(MalformedTableException.class);
    }

    private PartitionTable read(byte[] disk) throws Exception {
        return read(Files.write(directory.resolve("image"), disk));
    }

    private static PartitionTable read(Path file) throws Exception {
        try (Disk disk = Disks.openForReading(file.toString())) {
            return PartitionTable.read(disk);
        }
    }
}
