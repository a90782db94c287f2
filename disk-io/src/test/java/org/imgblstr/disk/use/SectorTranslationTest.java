package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;
import static org.imgblstr.disk.partition.TableImages.mbr;
import static org.imgblstr.disk.partition.TableImages.put;
import static org.imgblstr.disk.partition.TableImages.sealHeader;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.filesystem.VolumePatch;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableGrowth.Patch;
import org.imgblstr.disk.partition.TableTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk as one with sectors of another size; fsck.fat and ntfsfix judge the file systems. */
class SectorTranslationTest {
    private static final int SMALL = 512;
    private static final int LARGE = 4096;
    private static final int SECTORS = 1024;

    @TempDir
    Path folder;

    private Path disk() {
        return folder.resolve("disk");
    }

    private SectorTranslation translate(int from, int to) throws Exception {
        SectorTranslation translation;
        try (Disk disk = Disks.openForReading(disk().toString(), from)) {
            translation = SectorTranslation.of(disk, to);
        }
        resize(Math.max(Files.size(disk()), translation.sizeBytes()));
        try (Disk disk = Disks.openForWriting(disk().toString(), VolumePatch.UNIT_BYTES, false)) {
            TablePatches.write(
                    disk,
                    translation.patches().stream()
                            .map(patch -> new Patch(patch.offset() / VolumePatch.UNIT_BYTES, patch.bytes()))
                            .toList());
        }
        resize(translation.sizeBytes());
        return translation;
    }

    private void resize(long bytes) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(disk().toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    private PartitionTable table(int sectorBytes) throws Exception {
        try (Disk disk = Disks.openForReading(disk().toString(), sectorBytes)) {
            return PartitionTable.read(disk);
        }
    }

    private static List<List<Long>> places(PartitionTable table, int sectorBytes) {
        return table.partitions().stream()
                .map(each -> List.of(each.firstLba() * sectorBytes, each.endLba() * sectorBytes))
                .toList();
    }

    private void refuses(byte[] disk, int from, int to, String why) throws Exception {
        Files.write(disk(), disk);
        assertThatThrownBy(() -> translate(from, to))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
        assertThat(Arrays.equals(Files.readAllBytes(disk()), disk)).isTrue();
    }

    private static byte[] gpt(int sectorBytes, long first, long last) {
        return gptDisk(sectorBytes, 4 * SECTORS * SMALL / sectorBytes, gptEntry(1, first, last, "a"));
    }

    @Test
    void aGptKeepsItsPartitionsAndIdentifiersThereAndBack() throws Exception {
        byte[] small = gptDisk(SMALL, SECTORS, gptEntry(1, 64, 127, "one"), gptEntry(2, 256, 807, "two"));
        Files.write(disk(), small);
        PartitionTable.Gpt before = (PartitionTable.Gpt) table(SMALL);

        assertThat(translate(SMALL, LARGE).changed()).containsExactly("GPT");
        PartitionTable.Gpt after = (PartitionTable.Gpt) table(LARGE);
        assertThat(after.isFromBackup()).isFalse();
        assertThat(after.diskId()).isEqualTo(before.diskId());
        assertThat(after.backupLba()).isEqualTo(SECTORS / 8 - 1);
        assertThat(places(after, LARGE)).isEqualTo(places(before, SMALL));
        assertThat(after.partitions().stream().map(Partition::uniqueId))
                .isEqualTo(before.partitions().stream().map(Partition::uniqueId).toList());

        translate(LARGE, SMALL);
        byte[] back = Files.readAllBytes(disk());
        // The first usable sector stays where the longer sectors have moved it, so headers differ in it and in their
        // checksum.
        assertThat(((PartitionTable.Gpt) table(SMALL)).partitions()).isEqualTo(before.partitions());
        assertThat(Arrays.copyOfRange(back, 1024, 64 * SMALL)).isEqualTo(Arrays.copyOfRange(small, 1024, 64 * SMALL));
    }

    @Test
    void theBackupIsSoundAndNoOldCopyIsLeft() throws Exception {
        Files.write(disk(), gpt(LARGE, 16, 400));
        translate(LARGE, SMALL);
        byte[] bytes = Files.readAllBytes(disk());
        assertThat(Arrays.copyOfRange(bytes, LARGE, LARGE + 8))
                .isNotEqualTo(new byte[] {'E', 'F', 'I', ' ', 'P', 'A', 'R', 'T'});
        Arrays.fill(bytes, SMALL, 2 * SMALL, (byte) 0);
        Files.write(disk(), bytes);
        assertThat(((PartitionTable.Gpt) table(SMALL)).isFromBackup()).isTrue();
        assertThat(places(table(SMALL), SMALL)).containsExactly(List.of(16L * LARGE, 401L * LARGE));
    }

    @Test
    void aDiskWithoutRoomForTheLongerBackupBecomesLonger() throws Exception {
        int last = SECTORS - 33 - 8;
        Files.write(disk(), gptDisk(SMALL, SECTORS, gptEntry(1, 64, last - last % 8 + 7, "")));
        long end = places(table(SMALL), SMALL).get(0).get(1);
        SectorTranslation translation = translate(SMALL, LARGE);
        assertThat(translation.sizeBytes()).isEqualTo(Math.max(SECTORS * SMALL, end + 5 * LARGE));
        assertThat(places(table(LARGE), LARGE)).containsExactly(List.of(64L * SMALL, end));
    }

    @Test
    void theDiskEndsAtAWholeSector() throws Exception {
        Files.write(disk(), gptDisk(SMALL, SECTORS + 3, gptEntry(1, 64, 127, "")));
        assertThat(translate(SMALL, LARGE).sizeBytes()).isEqualTo(SECTORS * SMALL);
        assertThat(((PartitionTable.Gpt) table(LARGE)).backupLba()).isEqualTo(SECTORS / 8 - 1);
    }

    @Test
    void recordsOfAnMbrAreTranslatedWhereverTheyLie() throws Exception {
        byte[] disk = new byte[SECTORS * SMALL];
        System.arraycopy(
                mbr("00000000830000000800000010000000", "0000000005000000" + "40000000" + "80010000"),
                0,
                disk,
                0,
                SMALL);
        System.arraycopy(
                mbr("00000000830000000800000040000000", "0000000005000000" + "80000000" + "80000000"),
                0,
                disk,
                64 * SMALL,
                SMALL);
        System.arraycopy(mbr("00000000830000001000000040000000"), 0, disk, 192 * SMALL, SMALL);
        Files.write(disk(), disk);
        PartitionTable before = table(SMALL);
        assertThat(before.partitions()).hasSize(3);

        translate(SMALL, LARGE);

        assertThat(places(table(LARGE), LARGE)).isEqualTo(places(before, SMALL));
        assertThat(((PartitionTable.Mbr) table(LARGE)).signature())
                .isEqualTo(((PartitionTable.Mbr) before).signature());
        translate(LARGE, SMALL);
        assertThat(places(table(SMALL), SMALL)).isEqualTo(places(before, SMALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-F 12 -S 4096",
                "-F 16 -S 4096 -s 1",
                "-F 32 -S 4096 -s 1",
                "-F 12 -s 64 -r 512",
                "-F 16 -s 8",
                "-F 32 -s 8"
            })
    void aFatIsSoundInOtherSectors(String options) throws Exception {
        Shell.assumeTools("mkfs.fat", "fsck.fat");
        resize(96 << 20);
        Shell.run(("mkfs.fat -i 12345678 " + options + " " + disk()).split(" "));
        byte[] before = withoutTotals();
        int from = options.contains("4096") ? LARGE : SMALL;
        int to = LARGE + SMALL - from;

        assertThat(translate(from, to).changed()).containsExactly("vfat of the undivided disk");

        Shell.run("fsck.fat", "-n", disk().toString());
        assertThat(Files.readAllBytes(disk())[11 + 1] & 0xFF).isEqualTo(to >> 8);
        try (Disk disk = Disks.openForReading(disk().toString(), to)) {
            FileSystem found = FileSystems.standard().identify(VolumeSlice.whole(disk));
            assertThat(found.whyAll()).isEmpty();
        }
        translate(to, from);
        assertThat(Arrays.equals(withoutTotals(), before)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4096, 4096", "65536, 4096", "4096, 512"})
    void anNtfsOfLongSectorsIsSoundInShortOnes(int cluster, int to) throws Exception {
        Shell.assumeTools("mkntfs", "ntfsfix");
        resize(24 << 20);
        Shell.run(
                "mkntfs",
                "-q",
                "-Q",
                "-F",
                "-s",
                "4096",
                "-c",
                String.valueOf(cluster),
                "-p",
                "256",
                disk().toString());
        byte[] before = Files.readAllBytes(disk());
        int other = to == LARGE ? SMALL : to;

        translate(LARGE, other);

        byte[] after = Files.readAllBytes(disk());
        Shell.run("ntfsfix", "-n", disk().toString());
        assertThat(Arrays.copyOfRange(after, after.length - SMALL, after.length))
                .isEqualTo(Arrays.copyOf(after, SMALL));
        translate(other, LARGE);
        assertThat(Arrays.equals(Files.readAllBytes(disk()), before)).isTrue();
    }

    @Test
    void whatWouldNotBeRightIsNamed() throws Exception {
        refuses(gpt(SMALL, 41, 120), SMALL, LARGE, "partition 1 starts at byte 20992, which is no multiple of 4096");
        refuses(gpt(SMALL, 64, 120), SMALL, LARGE, "partition 1 ends at byte 61952, which is no multiple of 4096");
        refuses(gpt(SMALL, 40, 127), SMALL, LARGE, "starts at byte 20480, and the new GPT needs the first 24576 bytes");
        byte[] gap = gpt(SMALL, 64, 127);
        gap[35 * SMALL] = 1;
        refuses(gap, SMALL, LARGE, "something lies at byte 17920");
        byte[] unknown = gpt(SMALL, 64, 127);
        unknown[100 * SMALL] = 1;
        refuses(unknown, SMALL, LARGE, "partition 1 holds nothing that is known");
        byte[] hybrid = gpt(SMALL, 64, 127);
        put(hybrid, 446 + 16, "00000000830000004000000040000000");
        refuses(hybrid, SMALL, LARGE, "its MBR names partitions too");
        byte[] damaged = gpt(SMALL, 64, 127);
        damaged[SMALL + 16]++;
        refuses(damaged, SMALL, LARGE, "its first GPT is damaged");
    }

    @Test
    void whatLiesAtTheEndAndIsNoBackupIsNotOverwritten() throws Exception {
        byte[] disk = gpt(LARGE, 16, 400);
        disk[disk.length - LARGE - 1] = 1;
        disk[LARGE + 32] = 90;
        disk[LARGE + 33] = 1;
        sealHeader(disk, LARGE);
        refuses(disk, LARGE, SMALL, "something lies at byte " + (disk.length - LARGE - 1));
    }

    /** As `sgdisk --move-main-table` leaves room for the loader of a board that starts at a fixed sector. */
    @Test
    void whatLiesBetweenTheHeaderAndTheEntriesIsNotOverwritten() throws Exception {
        byte[] disk = gpt(SMALL, 256, 511);
        System.arraycopy(disk, 2 * SMALL, disk, 200 * SMALL, 32 * SMALL);
        Arrays.fill(disk, 2 * SMALL, 34 * SMALL, (byte) 0);
        ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN).putLong(SMALL + 72, 200);
        sealHeader(disk, SMALL);
        byte[] loader = disk.clone();
        loader[64 * SMALL] = 1;
        refuses(loader, SMALL, LARGE, "something lies at byte 32768, between the header of its GPT and the entries");

        Files.write(disk(), disk);
        translate(SMALL, LARGE);
        assertThat(places(table(LARGE), LARGE)).containsExactly(List.of(256L * SMALL, 512L * SMALL));
    }

    @Test
    void whatLiesBehindTheLastWholeSectorIsNotCutOff() throws Exception {
        byte[] mbr = Arrays.copyOf(mbr("00000000830000000800000010000000"), (SECTORS + 3) * SMALL);
        mbr[mbr.length - 1] = 1;
        refuses(mbr, SMALL, LARGE, "something lies at byte " + (mbr.length - 1) + ", behind the last whole sector");
        byte[] gpt = Arrays.copyOf(gptDisk(SMALL, SECTORS, gptEntry(1, 64, 127, "")), (SECTORS + 8 + 3) * SMALL);
        gpt[gpt.length - 1] = 1;
        refuses(gpt, SMALL, LARGE, "something lies at byte " + (gpt.length - 1) + ", where the new GPT needs room");
    }

    /** The boot sector of a file system on the whole disk may carry the mark of an MBR, and no name that tells them apart. */
    @Test
    void anMbrWithoutPartitionsHidesNoFileSystem() throws Exception {
        Shell.assumeTools("mkfs.ext4");
        resize(8 << 20);
        Shell.run("mkfs.ext4", "-q", "-F", "-b", "1024", disk().toString());
        byte[] fine = Files.readAllBytes(disk());
        put(fine, 510, "55aa");
        refuses(fine, SMALL, LARGE, "the undivided disk (ext4): it counts in blocks of 1024 bytes");
        byte[] unknown = Arrays.copyOf(mbr(), SECTORS * SMALL);
        unknown[100 * SMALL] = 1;
        refuses(unknown, SMALL, LARGE, "the undivided disk holds nothing that is known");
        unknown[100 * SMALL] = 0;
        unknown[0] = 1;
        Files.write(disk(), unknown);
        assertThat(translate(SMALL, LARGE).changed()).containsExactly("MBR");
    }

    @Test
    void aLostBackupWhoseEntriesStayIsCountedAsNeeded() throws Exception {
        byte[] disk = gpt(LARGE, 16, 400);
        Arrays.fill(disk, disk.length - LARGE, disk.length, (byte) 0);
        Files.write(disk(), disk);
        assertThat(translate(LARGE, SMALL).moreBytes()).isEqualTo(disk.length);
    }

    /** mkfs.fat makes an MBR of the boot sector of a disk without a table. */
    @Test
    void aFatThatIsItsOwnPartitionStaysThat() throws Exception {
        Shell.assumeTools("mkfs.fat", "fsck.fat");
        resize(96 << 20);
        Shell.run(("mkfs.fat --mbr=y -i 12345678 -F 32 -s 8 " + disk()).split(" "));
        byte[] before = withoutTotals();
        assertThat(totalOfEntry(before)).isEqualTo((96 << 20) / SMALL);

        translate(SMALL, LARGE);

        Shell.run("fsck.fat", "-n", disk().toString());
        assertThat(totalOfEntry(Files.readAllBytes(disk()))).isEqualTo((96 << 20) / LARGE);
        translate(LARGE, SMALL);
        assertThat(Arrays.equals(withoutTotals(), before)).isTrue();
    }

    private static int totalOfEntry(byte[] disk) {
        return ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN).getInt(446 + 12);
    }

    /** A place of the backup that an overflow would lead into the partition. */
    @ParameterizedTest
    @ValueSource(longs = {100, -1, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 52) + 100, (1L << 55) + 100})
    void aPlaceOfTheBackupThatIsNoneChangesNoPartition(long backupLba) throws Exception {
        byte[] disk = gpt(LARGE, 16, 400);
        Arrays.fill(disk, disk.length - 5 * LARGE, disk.length, (byte) 0);
        ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN).putLong(LARGE + 32, backupLba);
        sealHeader(disk, LARGE);
        put(disk, 100 * LARGE, "4546492050415254");
        Files.write(disk(), disk);
        // The partition holds something unknown, so only its table is translated here.
        try (Disk open = Disks.openForReading(disk().toString(), LARGE)) {
            for (VolumePatch patch :
                    TableTranslation.of(open, PartitionTable.read(open), SMALL).patches()) {
                long end = patch.offset() + patch.bytes().remaining();
                assertThat(end <= 16 * LARGE || patch.offset() >= 401 * LARGE).isTrue();
            }
        }
    }

    @Test
    void hostileNumbersOfATableAreRefused() throws Exception {
        refuses(gpt(LARGE, 16, Long.MAX_VALUE / LARGE), LARGE, SMALL, "");
        refuses(gpt(LARGE, 16, 4000), LARGE, SMALL, "partition 1 ends behind its disk");
        byte[] mbr = new byte[SECTORS * LARGE];
        System.arraycopy(mbr("000000008300000008000000f0ffffff"), 0, mbr, 0, SMALL);
        refuses(mbr, LARGE, SMALL, "partition 1 ends behind its disk");
    }

    @ParameterizedTest
    @CsvSource({
        "-a -R 3 -s 8, its reserved area of 1536 bytes",
        "-a -R 8 -s 4, its cluster of 2048 bytes",
        "-a -R 8 -s 8, its FAT of"
    })
    void aFatWhoseAreasAreNoMultiplesIsRefused(String options, String area) throws Exception {
        Shell.assumeTools("mkfs.fat");
        resize(20 << 20);
        Shell.run(("mkfs.fat -F 16 " + options + " " + disk()).split(" "));
        refuses(Files.readAllBytes(disk()), SMALL, LARGE, area);
    }

    /** Without the total, which mkfs.fat keeps in 16 bits in a FAT32 too, where that is not right. */
    private byte[] withoutTotals() throws Exception {
        byte[] bytes = Files.readAllBytes(disk());
        for (int boot : new int[] {0, 6 * LARGE}) {
            if (bytes[boot + 510] == 0x55) {
                Arrays.fill(bytes, boot + 0x13, boot + 0x15, (byte) 0);
                Arrays.fill(bytes, boot + 0x20, boot + 0x24, (byte) 0);
            }
        }
        return bytes;
    }
}
