package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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

class UsedBlocksTest {
    /** Most of what is kept of the free space of a volume, because signatures may lie there. */
    private static final long LEFTOVER_BYTES = 2L << 20;

    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @BeforeAll
    static void needTools() {
        FsTools.need("sfdisk", "mkfs.ext4", "mkfs.fat", "mkswap");
    }

    @Test
    void mapsTheVolumesOfAGptAndKeepsWhatIsBetween() throws Exception {
        // given
        Path path = divided(
                "label: gpt\nstart=2048,size=32M\nstart=100352,size=64M\nstart=301056,size=16M\nstart=401408,size=8M\n");
        make(path, 1, 32, "mkfs.fat", "-F", "32", "-s", "1", "-n", "EFI");
        make(path, 49, 64, "mkfs.ext4", "-q", "-L", "root");
        make(path, 147, 16, "mkswap");
        noise(path, 196 * MIB, 4096);
        // when
        UsedBlocks use = read(path);
        // then
        assertThat(use.whyAll()).isEmpty();
        assertThat(use.volumes()).extracting(UsedBlocks.Volume::name).containsExactly("vfat", "ext4", "swap", "");
        assertThat(use.volumes()).extracting(UsedBlocks.Volume::label).containsExactly("EFI", "root", "", "");
        assertThat(use.volumes().get(3).usedBytes()).isEqualTo(8 * MIB);
        UsedMap used = use.used();
        assertThat(used.nextFree(0)).as("table and start of the first volume").isGreaterThan(MIB);
        assertGapKept(used, 33 * MIB, 49 * MIB);
        assertGapKept(used, 49 * MIB + 64 * MIB, 147 * MIB);
        assertGapKept(used, 147 * MIB + 16 * MIB, 256 * MIB);
        assertThat(used.nextFree(147 * MIB)).as("start of the swap").isBetween(148 * MIB, 148 * MIB + 4096);
        assertThat(used.nextFree(162 * MIB)).as("its last MiB").isGreaterThanOrEqualTo(163 * MIB);
        long gaps = 256 * MIB - (32 + 64 + 16 + 8) * MIB;
        long volumes =
                use.volumes().stream().mapToLong(UsedBlocks.Volume::usedBytes).sum();
        assertThat(used.usedBytes())
                .as("and the places where signatures may lie, of the disk and of three volumes that have free space")
                .isBetween(gaps + volumes + 3 * MIB, gaps + volumes + 3 * LEFTOVER_BYTES);
        assertThat(use.requiredBytes()).isEqualTo(204 * MIB + 33 * 512);
        assertThat(use.sampledBytes()).as("all gaps are read").isZero();
    }

    @Test
    void needsTheWholeDiskWhenItsGptCannotBeMadeToFit() throws Exception {
        // given something before the backup, a damaged backup's place, a hybrid MBR
        String table = "label: gpt\nstart=2048,size=32M\n";
        Path occupied = divided(table);
        noise(occupied, 256 * MIB - 33 * 512 - 512, 512);
        Path grown = divided(table);
        try (RandomAccessFile longer = new RandomAccessFile(grown.toFile(), "rw")) {
            longer.setLength(257 * MIB);
        }
        Path hybrid = divided(table);
        poke(hybrid, 446 + 16 + 4, 0x0C);
        // then
        assertThat(read(occupied).requiredBytes()).isEqualTo(256 * MIB);
        assertGapKept(read(occupied).used(), 256 * MIB - UsedBlocks.KEPT_AT_GAP_ENDS, 256 * MIB);
        assertThat(read(grown).requiredBytes()).isEqualTo(257 * MIB);
        assertThat(read(hybrid).requiredBytes()).isEqualTo(256 * MIB);
    }

    @Test
    void mapsLogicalPartitionsAndKeepsTheirTables() throws Exception {
        // given
        Path path = divided(
                "label: dos\nstart=2048,size=32M\nstart=100352,size=90M,type=5\nstart=102400,size=40M\nstart=190464,size=20M\n");
        make(path, 1, 32, "mkfs.ext4", "-q");
        make(path, 50, 40, "mkfs.ext4", "-q");
        make(path, 93, 20, "mkfs.ext4", "-q");
        // when
        UsedBlocks use = read(path);
        // then
        assertThat(use.volumes()).extracting(volume -> volume.region().number()).containsExactly(1, 5, 6);
        assertThat(use.volumes())
                .allSatisfy(volume -> assertThat(volume.whyAll()).isEmpty());
        assertGapKept(use.used(), 0, MIB);
        assertGapKept(use.used(), 33 * MIB, 50 * MIB);
        assertGapKept(use.used(), 90 * MIB, 93 * MIB);
        assertGapKept(use.used(), 93 * MIB + 20 * MIB, 139 * MIB);
        assertThat(use.used().nextUsed(139 * MIB))
                .as("nothing lies behind the partitions")
                .isEqualTo(256 * MIB);
        assertThat(use.used().usedBytes()).isLessThan(256 * MIB - 70 * MIB);
        assertThat(use.requiredBytes()).isEqualTo(49 * MIB + 90 * MIB);
        assertThat(use.sampledBytes()).as("what lies behind them").isEqualTo((256 - 139) * MIB);
    }

    @Test
    void needsTheWholeDiskWhenSomethingLiesAtItsEnd() throws Exception {
        Path path = divided("label: dos\nstart=2048,size=32M\n");
        make(path, 1, 32, "mkfs.ext4", "-q");
        noise(path, 256 * MIB - 8192, 512);
        UsedBlocks use = read(path);
        assertThat(use.requiredBytes()).isEqualTo(256 * MIB);
        assertGapKept(use.used(), 33 * MIB, 33 * MIB + UsedBlocks.KEPT_AT_GAP_ENDS);
        assertGapKept(use.used(), 256 * MIB - UsedBlocks.KEPT_AT_GAP_ENDS, 256 * MIB);
        assertThat(use.used().isUsed(100 * MIB, MIB)).as("middle of a long gap").isFalse();
        assertThat(use.sampledBytes()).isEqualTo((256 - 33) * MIB - 2 * UsedBlocks.KEPT_AT_GAP_ENDS);
    }

    /** Cylinders of 255 heads and 63 sectors: partitions of older systems begin at one, or one head behind. */
    @ParameterizedTest(name = "cylinder {0}, sector {1}")
    @CsvSource({"13, 0", "14, 63", "20, 63", "29, 0"})
    void keepsAllOfADiskWithDataAtACylinderInNoPartition(int cylinder, int sector) throws Exception {
        Path path = divided("label: dos\nstart=2048,size=32M\n");
        make(path, 1, 32, "mkfs.ext4", "-q");
        noise(path, (cylinder * 255L * 63 + sector) * 512, 512);
        assertAllKept(read(path), "data at LBA " + cylinder * 255 * 63 + ", where no partition is");
    }

    @Test
    void keepsAllOfADiskWhoseTableIsEmpty() throws Exception {
        Path path = divided("label: dos\n");
        assertAllKept(read(path), "no partitions");
    }

    @Test
    void mapsAVolumeWithoutATable() throws Exception {
        Path path = FsTools.sparse(folder, "disk", 64 * MIB);
        FsTools.run("mkfs.ext4", "-q", "-L", "bare", path.toString());
        UsedBlocks use = read(path);
        assertThat(use.volumes()).extracting(UsedBlocks.Volume::label).containsExactly("bare");
        assertThat(use.used().usedBytes()).isLessThan(16 * MIB);
        assertThat(use.requiredBytes()).isEqualTo(64 * MIB);
    }

    @Test
    void mapsOnlyTheRegionsThatAreImaged() throws Exception {
        // given
        Path path = divided("label: gpt\nstart=2048,size=32M\nstart=100352,size=64M\n");
        make(path, 49, 64, "mkfs.ext4", "-q");
        // when
        try (Disk disk = Disks.openForReading(path.toString())) {
            UsedBlocks use = UsedBlocks.of(disk, List.of(new Region(2, 100_352, 131_072, "")), FileSystems.standard());
            // then
            assertThat(use.used().nextUsed(0)).isEqualTo(49 * MIB);
            long volume = use.volumes().get(0).usedBytes();
            assertThat(volume).isLessThan(15 * MIB);
            assertThat(use.used().usedBytes()).isBetween(volume + MIB, volume + LEFTOVER_BYTES);
            assertThat(use.requiredBytes()).isZero();
        }
    }

    @Test
    void keepsAllOfADiskWhoseTableCannotBeTrusted() throws Exception {
        // given partitions that overlap, one that leaves the disk, a file system around the table
        Path overlap = divided("label: dos\nstart=2048,size=32M\nstart=100352,size=64M\n");
        poke(overlap, 446 + 16 + 8, 40_000);
        Path outside = divided("label: dos\nstart=2048,size=32M\nstart=100352,size=64M\n");
        poke(outside, 446 + 16 + 12, 900_000);
        Path both = divided("label: dos\nstart=2048,size=32M\n");
        text(both, 32_769, "CD001");
        // then
        assertAllKept(read(overlap), "overlaps");
        assertAllKept(read(outside), "behind the disk");
        assertAllKept(read(both), "iso9660");
    }

    @Test
    void keepsEncryptedVolumesAndMembersInFull() throws Exception {
        Path path = divided("label: gpt\nstart=2048,size=32M\nstart=100352,size=64M\n");
        text(path, MIB, "LUKS\u00BA\u00BE");
        text(path, 49 * MIB + 512, "LABELONE");
        text(path, 49 * MIB + 512 + 24, "LVM2 001");
        UsedBlocks use = read(path);
        assertThat(use.volumes()).extracting(UsedBlocks.Volume::name).containsExactly("crypto_LUKS", "LVM2_member");
        assertThat(use.volumes())
                .extracting(UsedBlocks.Volume::whyAll)
                .satisfiesExactly(
                        why -> assertThat(why).isEqualTo("encrypted; --unlock reads only what is used of it"),
                        why -> assertThat(why).startsWith("LVM2"));
        assertGapKept(use.used(), 0, 113 * MIB);
    }

    private static void assertAllKept(UsedBlocks use, String why) {
        assertThat(use.whyAll()).contains(why);
        assertThat(use.used().usedBytes()).isEqualTo(256 * MIB);
    }

    private static void assertGapKept(UsedMap used, long from, long to) {
        assertThat(used.nextFree(from)).as("gap from %s", from).isGreaterThanOrEqualTo(to);
    }

    private static UsedBlocks read(Path path) throws Exception {
        try (Disk disk = Disks.openForReading(path.toString())) {
            Region whole = new Region(0, 0, disk.sizeBytes() / disk.sectorBytes(), "");
            return UsedBlocks.of(disk, List.of(whole), FileSystems.standard());
        }
    }

    private Path divided(String table) throws Exception {
        Path path = FsTools.sparse(folder, "disk" + System.nanoTime(), 256 * MIB);
        Path script = Files.writeString(folder.resolve("table"), table);
        FsTools.run("sh", "-c", "sfdisk -q " + path + " < " + script);
        return path;
    }

    /** Makes a volume in a file of its own and copies it to its place, counted in MiB. */
    private void make(Path disk, int firstMib, int mebibytes, String... command) throws Exception {
        Path volume = FsTools.sparse(folder, "volume", mebibytes * MIB);
        String[] full = Arrays.copyOf(command, command.length + 1);
        full[command.length] = volume.toString();
        FsTools.run(full);
        write(disk, firstMib * MIB, Files.readAllBytes(volume));
        Files.delete(volume);
    }

    private static void noise(Path disk, long offset, int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        write(disk, offset, bytes);
    }

    private static void text(Path disk, long offset, String text) throws Exception {
        write(disk, offset, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes a little-endian number. */
    private static void poke(Path disk, long offset, int value) throws Exception {
        write(disk, offset, new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)});
    }

    private static void write(Path disk, long offset, byte[] bytes) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }
}
