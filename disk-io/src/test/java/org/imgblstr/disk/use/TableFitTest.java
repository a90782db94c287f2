package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.partition.TableImages.crc;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;
import static org.imgblstr.disk.partition.TableImages.mbr;
import static org.imgblstr.disk.partition.TableImages.put;
import static org.imgblstr.disk.partition.TableImages.sealHeader;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.geometry.Region;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks whose table does not tell all: nothing of them may be left out. */
class TableFitTest {
    private static final int MIB = 1 << 20;

    /** A partition of 16 MiB from 1 MiB on. */
    private static final int FIRST = 2048;

    private static final int SECTORS = 32_768;

    /** A part of the ext4 that is free, as its volume begins at 1 MiB. */
    private static final int FREE_LBA = FIRST + 24_000;

    @TempDir
    static Path shared;

    private static byte[] ext4;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeVolume() throws Exception {
        FsTools.need("mkfs.ext4");
        Path volume = FsTools.sparse(shared, "ext4", 16 * MIB);
        FsTools.run("mkfs.ext4", "-q", "-O", "^has_journal", volume.toString());
        ext4 = Files.readAllBytes(volume);
    }

    @Test
    void theVolumeOfTheseTestsIsMappedByItself() throws Exception {
        UsedBlocks use = read(disk(64, 0, mbr(entry("83", FIRST, SECTORS)), FIRST, ext4));
        assertThat(use.whyAll()).isEmpty();
        assertThat(use.volumes().get(0).whyAll()).isEmpty();
        assertThat(use.used().isUsed(FREE_LBA * 512L, 512)).isFalse();
    }

    @Test
    void bootRecordsWithinALogicalPartitionAreUsed() throws Exception {
        // given an extended partition from sector 1024 on, whose second record lies in free space of the first logical
        // partition
        Path path = disk(
                64,
                0,
                mbr(entry("05", 1024, 120_000)),
                1024,
                mbr(entry("83", FIRST - 1024, SECTORS), entry("05", FREE_LBA - 1024, 60_000)),
                FREE_LBA,
                mbr(entry("83", 20_480, SECTORS)),
                FIRST,
                ext4,
                FREE_LBA + 20_480,
                ext4);
        write(path, FREE_LBA, mbr(entry("83", 20_480, SECTORS)));
        // then
        UsedBlocks use = read(path);
        assertThat(use.volumes()).extracting(volume -> volume.region().number()).containsExactly(5, 6);
        assertThat(use.volumes()).extracting(UsedBlocks.Volume::whyAll).containsOnly("");
        assertThat(use.used().isUsed(FREE_LBA * 512L, 512)).isTrue();
        assertThat(use.used().isUsed(FREE_LBA * 512L + 512, 512)).isFalse();
        try (Disk disk = Disks.openForReading(path.toString())) {
            Region region = new Region(5, FIRST, SECTORS, "");
            UsedMap used =
                    UsedBlocks.of(disk, List.of(region), FileSystems.standard()).used();
            assertThat(used.isUsed(FREE_LBA * 512L, 512))
                    .as("of the partition alone")
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "link in slot {0}")
    @ValueSource(ints = {2, 3})
    void aLinkInAnySlotOfABootRecordIsFollowed(int slot) throws Exception {
        // given a first record whose link Linux follows, though it is the third or fourth entry
        String[] entries = {entry("83", FIRST - 1024, SECTORS), "", "", ""};
        entries[slot] = entry("05", FREE_LBA - 1024, 60_000);
        byte[] second = mbr(entry("83", 20_480, SECTORS));
        Path path = disk(64, 0, mbr(entry("05", 1024, 120_000)), 1024, mbr(entries), FIRST, ext4);
        write(path, FREE_LBA + 20_480, ext4);
        write(path, FREE_LBA, second);
        // then
        UsedBlocks use = read(path);
        assertThat(use.volumes()).extracting(volume -> volume.region().number()).containsExactly(5, 6);
        assertThat(use.used().isUsed(FREE_LBA * 512L, 512)).isTrue();
    }

    @Test
    void aBackupGptWithinAPartitionIsUsed() throws Exception {
        // given a GPT whose backup was left where a smaller disk ended
        byte[] gpt = gptDisk(512, 131_072, gptEntry(1, FIRST, FIRST + SECTORS - 1L, "root"));
        byte[] head = Arrays.copyOf(gpt, 34 * 512);
        byte[] backup = Arrays.copyOfRange(gpt, gpt.length - 33 * 512, gpt.length);
        little(head).putLong(512 + 32, FREE_LBA + 32);
        sealHeader(head, 512);
        little(backup).putLong(32 * 512 + 24, FREE_LBA + 32).putLong(32 * 512 + 72, FREE_LBA);
        sealHeader(backup, 32 * 512);
        // when
        UsedBlocks use = read(disk(64, 0, head, FIRST, ext4, FREE_LBA, backup));
        // then
        assertThat(use.volumes()).extracting(UsedBlocks.Volume::whyAll).containsExactly("");
        assertThat(use.used().nextFree(FREE_LBA * 512L)).isEqualTo((FREE_LBA + 33) * 512L);
    }

    @Test
    void aTableCountedInLargeSectorsIsTakenForWhatItIs() throws Exception {
        // given an MBR of sectors of 4096 bytes on a file that seems to have 512
        Path path = disk(64, 0, mbr(entry("83", FIRST / 8, SECTORS / 8)), FIRST, ext4);
        // then
        assertAll(read(path), 64, "where it starts when the table counts in sectors of 4096 bytes");
        assertThat(read(path).whyAll()).contains("--sector-size 4096");
        try (Disk disk = Disks.openForReading(path.toString(), 4096)) {
            UsedBlocks use = UsedBlocks.of(disk, List.of(new Region(0, 0, 64 * 256, "")), FileSystems.standard());
            assertThat(use.volumes()).extracting(UsedBlocks.Volume::whyAll).containsExactly("");
        }
    }

    @Test
    void aTableCountedInSmallSectorsIsTakenForWhatItIs() throws Exception {
        Path path = disk(512, 0, mbr(entry("83", FIRST, SECTORS - 8)), FIRST, ext4);
        try (Disk disk = Disks.openForReading(path.toString(), 4096)) {
            UsedBlocks use = UsedBlocks.of(disk, List.of(new Region(0, 0, 512 * 256, "")), FileSystems.standard());
            assertAll(use, 512, "counts in sectors of 512 bytes");
        }
    }

    @ParameterizedTest(name = "{2} at byte {0}")
    @CsvSource({
        "512, 4546492050415254, GPT",
        "4096, 4546492050415254, ends behind the disk",
        "67108352, 4546492050415254, GPT",
        "67104768, 4546492050415254, GPT",
        "67108352, 5052495648454144, dynamic disks",
        "3072, 5052495648454144, dynamic disks",
        "0, 0be5a941, SGI",
        "0, c9c2d4c1, AIX",
        "512, 504d0000, Apple",
        "2048, 504d0000, Apple",
        "512, 594c46c4, DragonFly",
        "524, eede0d60, Solaris",
        "14852, 0d605eca, UnixWare",
        "4, 49504c31, PC-98",
        "248, 4d4f544f524f4c41, SYSV68",
        "1536, 42524652, Xbox",
        "0, 4e655854, NeXT",
        "16312, 57290300, Ultrix",
        "512, 5244534b, Amiga",
        "7680, 5244534b, Amiga",
    })
    void anMbrBesideAnotherTableLeavesNothingOut(int offset, String hex, String name) throws Exception {
        Path path = disk(64, 0, mbr(entry("83", FIRST, SECTORS)), FIRST, ext4);
        byte[] bytes = new byte[hex.length() / 2];
        put(bytes, 0, hex);
        writeBytes(path, offset, bytes);
        assertAll(read(path), 64, name);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 512, 1024, 4096})
    void anMbrBesideABsdLabelLeavesNothingOut(int offset) throws Exception {
        Path path = disk(64, 0, mbr(entry("83", FIRST, SECTORS)), FIRST, ext4);
        byte[] label = new byte[136];
        put(label, 0, "57455682");
        put(label, 132, "57455682");
        writeBytes(path, offset, label);
        assertAll(read(path), 64, "BSD disklabel");
    }

    @Test
    void aSunLabelIsATable() throws Exception {
        byte[] sector = new byte[512];
        put(sector, 0, "53756e");
        put(sector, 508, "dabe");
        int sum = 0;
        for (int at = 0; at < 510; at += 2) {
            sum ^= ByteBuffer.wrap(sector).getShort(at);
        }
        ByteBuffer.wrap(sector).putShort(510, (short) sum);
        assertAll(read(disk(64, 0, sector)), 64, "Sun disk label");
    }

    @Test
    void copiesOfAGptThatDifferLeaveNothingOut() throws Exception {
        byte[] gpt = gptDisk(512, 131_072, gptEntry(1, FIRST, FIRST + SECTORS - 1L, "root"));
        byte[] old = gptDisk(512, 131_072, gptEntry(1, FIRST, FIRST + 60_000, "old"));
        System.arraycopy(old, old.length - 33 * 512, gpt, gpt.length - 33 * 512, 33 * 512);
        assertAll(read(disk(64, 0, gpt, FIRST, ext4)), 64, "two copies of the GPT");
    }

    @ParameterizedTest(name = "GPT in sectors of {0} bytes at byte {1}")
    @CsvSource({"4096, 4096", "4096, 67104768"})
    void aGptInSectorsOfBothSizesLeavesNothingOut(int other, int offset) throws Exception {
        // given a GPT whose entries leave room for the header of another one
        byte[] gpt = gptDisk(512, 131_072, gptEntry(1, FIRST, FIRST + SECTORS - 1L, "root"));
        byte[] head = Arrays.copyOf(gpt, 128 * 512);
        System.arraycopy(head, 1024, head, 64 * 512, 128 * 128);
        Arrays.fill(head, 1024, 1024 + 128 * 128, (byte) 0);
        little(head).putLong(512 + 72, 64);
        sealHeader(head, 512);
        Path path = disk(64, 0, head, FIRST, ext4);
        assertThat(read(path).whyAll()).isEmpty();
        // when
        writeBytes(path, offset, "EFI PART".getBytes(StandardCharsets.US_ASCII));
        // then
        assertAll(read(path), 64, "GPT in sectors of " + other + " bytes");
    }

    @Test
    void aPartitionOfADiskThatIsAVolumeItselfIsReadInFull() throws Exception {
        // given the signature of a RAID over the whole disk
        Path path = disk(64, 0, mbr(entry("83", FIRST, SECTORS)), FIRST, ext4);
        writeBytes(path, 64 * MIB - 512, new byte[] {(byte) 0xDE, 0x11, (byte) 0xDE, 0x11});
        // then
        try (Disk disk = Disks.openForReading(path.toString())) {
            UsedBlocks use = UsedBlocks.of(disk, List.of(new Region(1, FIRST, SECTORS, "")), FileSystems.standard());
            assertThat(use.volumes().get(0).whyAll()).contains("ddf_raid_member on the whole disk");
            assertThat(use.used().usedBytes()).isEqualTo(SECTORS * 512L);
        }
    }

    @Test
    void aHybridMbrThatNamesMoreThanTheGptLeavesNothingOut() throws Exception {
        byte[] gpt = gptDisk(512, 131_072, gptEntry(1, FIRST, FIRST + SECTORS - 1L, "root"));
        put(gpt, 446 + 16, entry("83", 60_000, 1000).replace(" ", ""));
        assertAll(read(disk(64, 0, gpt, FIRST, ext4)), 64, "hybrid MBR");
        put(gpt, 446 + 16, entry("83", FIRST, SECTORS).replace(" ", ""));
        assertThat(read(disk(64, 0, gpt, FIRST, ext4)).whyAll()).isEmpty();
    }

    @Test
    void whatLiesInNoPartitionLeavesNothingOut() throws Exception {
        byte[] table = mbr(entry("83", FIRST, SECTORS), entry("83", 600_000, SECTORS));
        assertThat(read(disk(400, 0, table, FIRST, ext4)).whyAll()).isEmpty();
        assertAll(read(disk(400, 0, table, FIRST, ext4, 150 * 2048, new byte[] {1})), 400, "data at LBA 307200");
        assertAll(read(disk(400, 0, table, FIRST, ext4, 18 * 2048, ext4)), 400, "ext4 starts at LBA 36864");
        assertAll(read(disk(400, 0, table, FIRST, ext4, 360 * 2048, new byte[] {1})), 400, "data at LBA 737280");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd", "8e", "a5", "a6", "a9", "bf", "e7", "fb", "ab", "41", "84", "86"})
    void aTypeOfAVolumeManagerIsReadInFull(String type) throws Exception {
        UsedBlocks use = read(disk(64, 0, mbr(entry(type, FIRST, SECTORS)), FIRST, ext4));
        assertThat(use.volumes().get(0).whyAll()).startsWith("its partition type is that of ");
        assertThat(use.used().nextFree(0)).isGreaterThanOrEqualTo((FIRST + SECTORS) * 512L);
    }

    @Test
    void aDynamicDiskIsReadInFull() throws Exception {
        assertAll(read(disk(64, 0, mbr(entry("42", FIRST, SECTORS)), FIRST, ext4)), 64, "dynamic disk");
        byte[] gpt = gptDisk(512, 131_072, gptEntry(1, FIRST, FIRST + SECTORS - 1L, "data"));
        // A new type needs new checksums of entries and headers.
        for (int entries : new int[] {1024, gpt.length - 33 * 512}) {
            put(gpt, entries, "a0609baf3114624fbc683311714a69ad");
            int header = entries == 1024 ? 512 : gpt.length - 512;
            int checksum = crc(gpt, entries, 128 * 128);
            little(gpt).putInt(header + 88, checksum);
            sealHeader(gpt, header);
        }
        assertAll(read(disk(64, 0, gpt, FIRST, ext4)), 64, "AF9B60A0-1431-4F62-BC68-3311714A69AD");
    }

    @Test
    void aPartitionThatIsDividedItselfIsReadInFull() throws Exception {
        byte[] nested = ext4.clone();
        System.arraycopy(mbr(entry("83", 8192, 1000)), 0, nested, 0, 512);
        assertDivided(nested, "dos");
        byte[] slices = ext4.clone();
        put(slices, 512, "57455682");
        put(slices, 512 + 132, "57455682");
        assertDivided(slices, "bsd");
        byte[] booted = ext4.clone();
        System.arraycopy(mbr(), 0, booted, 0, 512);
        UsedBlocks use = read(disk(64, 0, mbr(entry("83", FIRST, SECTORS)), FIRST, booted));
        assertThat(use.volumes().get(0).whyAll()).as("a boot loader alone").isEmpty();
    }

    @Test
    void subpartitionsOfMinixCountFromTheStartOfTheDisk() throws Exception {
        // given a partition that begins farther on the disk than it is long
        int first = 40_960;
        byte[] minix = ext4.clone();
        System.arraycopy(mbr(entry("81", first + 8192, SECTORS - 8192)), 0, minix, 0, 512);
        // then
        UsedBlocks use = read(disk(64, 0, mbr(entry("81", first, SECTORS)), first, minix));
        assertThat(use.volumes().get(0).whyAll()).contains("divided by a table of its own: MBR");
        assertThat(use.volumes().get(0).usedBytes()).isEqualTo(SECTORS * 512L);
    }

    private void assertDivided(byte[] volume, String by) throws Exception {
        UsedBlocks use = read(disk(64, 0, mbr(entry("83", FIRST, SECTORS)), FIRST, volume));
        assertThat(use.volumes().get(0).whyAll()).containsIgnoringCase(by);
        assertThat(use.volumes().get(0).usedBytes()).isEqualTo(SECTORS * 512L);
    }

    private static void assertAll(UsedBlocks use, int mebibytes, String why) {
        assertThat(use.whyAll()).contains(why);
        assertThat(use.used().usedBytes()).isEqualTo((long) mebibytes * MIB);
    }

    private static String entry(String type, int firstLba, int sectors) {
        return String.format(
                Locale.ROOT,
                "00000000 %s 000000 %08x %08x",
                type,
                Integer.reverseBytes(firstLba),
                Integer.reverseBytes(sectors));
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static UsedBlocks read(Path path) throws Exception {
        try (Disk disk = Disks.openForReading(path.toString())) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            return UsedBlocks.of(disk, List.of(whole), FileSystems.standard());
        }
    }

    private Path disk(int mebibytes, Object... lbasAndBytes) throws Exception {
        Path path = FsTools.sparse(folder, "disk" + System.nanoTime(), (long) mebibytes * MIB);
        for (int i = 0; i < lbasAndBytes.length; i += 2) {
            write(path, (int) lbasAndBytes[i], (byte[]) lbasAndBytes[i + 1]);
        }
        return path;
    }

    private static void write(Path path, int lba, byte[] bytes) throws Exception {
        writeBytes(path, lba * 512L, bytes);
    }

    private static void writeBytes(Path path, long offset, byte[] bytes) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }
}
