package org.imgblstr.disk.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FatReaderTest extends FileSystemReaderContract {
    private static final Pattern USED_OF_ALL = Pattern.compile("files, (\\d+)/(\\d+) clusters");
    private static final Pattern CLUSTER_BYTES = Pattern.compile("(\\d+) bytes per cluster");

    @TempDir
    static Path folder;

    private static Path files;

    @Override
    protected FileSystemReader reader() {
        return new FatReader();
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkfs.fat", "mcopy", "mdel");
        String copy = " VOLUME && mcopy -i VOLUME FILES/* :: && mdel -i VOLUME ::file2";
        return List.of(
                made(folder, "FAT12", "vfat", 512, "mkfs.fat -F 12" + copy),
                made(folder, "FAT16", "vfat", 3072, "mkfs.fat -F 16 -s 1" + copy),
                made(folder, "FAT32", "vfat", 34_816, "mkfs.fat -F 32 -s 1" + copy));
    }

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mkfs.fat", "fsck.fat", "mcopy", "mdel");
        files = FsTools.files(folder, 150, 2);
    }

    /** A file of one cluster, or a directory, is still read although its entry in the FAT says that it is free. */
    @ParameterizedTest(name = "{0} KiB {1}: {2}")
    @CsvSource({
        "1440, -F 12, ::small",
        "20000, -F 16 -s 1, ::small",
        "40000, -F 32 -s 1, ::small",
        "40000, -F 32 -s 1, ::folder",
        "40000, -F 32 -s 1, ::folder/inner/small"
    })
    void readsAllWhenAFileBeginsInAFreeCluster(long kibibytes, String options, String name) throws Exception {
        FsTools.need("mshowfat", "mmd");
        // given
        Path path = FsTools.sparse(folder, "begins", kibibytes << 10);
        Path small = Files.writeString(folder.resolve("small"), "small");
        FsTools.run("sh", "-c", "mkfs.fat " + options + " " + path);
        FsTools.run("mmd", "-i", path.toString(), "::folder", "::folder/inner");
        for (String copy : List.of("::small", "::folder/inner/small")) {
            FsTools.run("mcopy", "-i", path.toString(), small.toString(), copy);
        }
        Matcher cluster = Pattern.compile("<(\\d+)").matcher(FsTools.run("mshowfat", "-i", path.toString(), name));
        assertThat(cluster.find()).isTrue();
        byte[] content = Files.readAllBytes(path);
        assertThat(identify(content).isMapped()).isTrue();
        // when
        free(content, Integer.parseInt(cluster.group(1)));
        FileSystem found = identify(content);
        // then
        assertThat(found.whyAll()).contains("begins in the free cluster " + cluster.group(1));
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
        Files.delete(path);
    }

    private static void free(byte[] content, int cluster) throws Exception {
        FatBootSector boot = FatBootSector.readUnchecked(new MemoryVolume(content, content.length));
        for (int number = 0; number < boot.fatCount(); number++) {
            for (int bit = cluster * boot.entryBits(); bit < (cluster + 1) * boot.entryBits(); bit++) {
                content[(int) boot.fatOffset(number) + bit / 8] &= (byte) ~(1 << bit % 8);
            }
        }
    }

    /** KiB of the volume, options of mkfs.fat. */
    @ParameterizedTest(name = "{0} KiB {1}")
    @CsvSource({
        "1440, -F 12",
        "8000, -F 12 -s 8",
        "2880, -F 12 -f 1",
        "20000, -F 16 -s 1",
        "200003, -F 16 -s 16",
        "40000, -F 32 -s 1",
        "300000, -F 32 -s 8",
        "80000, -F 32 -f 1 -R 64",
        "600000, -F 32 -S 4096",
        "66000, -F 32 -s 1"
    })
    void keepsExactlyTheClustersInUse(long kibibytes, String options) throws Exception {
        // given
        Path path = aged(kibibytes, options);
        // when
        FileSystem found = identify(path);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo("vfat");
        assertThat(found.label()).isEqualTo("LABEL");
        String check = FsTools.run("fsck.fat", "-n", "-v", path.toString());
        long clusterBytes = number(CLUSTER_BYTES, check, 1);
        long free = (number(USED_OF_ALL, check, 2) - number(USED_OF_ALL, check, 1)) * clusterBytes;
        assertThat(found.used().sizeBytes() - found.used().usedBytes()).isEqualTo(free);
        Files.delete(path);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"-F 16", "-F 32"})
    void agreesWithPartclone(String options) throws Exception {
        FsTools.need("partclone.fat");
        // given
        Path path = aged(60_000, options);
        // when
        FileSystem found = identify(path);
        // then
        assertThat(found.whyAll()).isEmpty();
        long partcloneBytes = FsTools.requireKept(found.used(), FsTools.partcloneDomain("partclone.fat", path));
        assertThat(found.used().usedBytes() - partcloneBytes).isBetween(0L, 1L << 20);
    }

    @Test
    void keepsEveryClusterOfEveryFileOfAFat12() throws Exception {
        // given: partclone 0.3.23 reads FAT12 as if entries had 16 bits, so another reader says which clusters a file
        // has
        FsTools.need("mshowfat");
        Path path = aged(6000, "-F 12");
        String clusters = FsTools.run("sh", "-c", "mdir -b -i " + path + " :: | xargs mshowfat -i " + path);
        String check = FsTools.run("fsck.fat", "-n", "-v", path.toString());
        long clusterBytes = number(CLUSTER_BYTES, check, 1);
        long dataOffset = number(Pattern.compile("Data area starts at byte (\\d+)"), check, 1);
        // when
        FileSystem found = identify(path);
        // then
        List<long[]> kept = new ArrayList<>();
        Matcher run = Pattern.compile("<(\\d+)(?:-(\\d+))?>").matcher(clusters);
        while (run.find()) {
            long first = Long.parseLong(run.group(1));
            long last = run.group(2) == null ? first : Long.parseLong(run.group(2));
            kept.add(new long[] {dataOffset + (first - 2) * clusterBytes, dataOffset + (last - 1) * clusterBytes});
        }
        assertThat(kept).hasSizeGreaterThan(50);
        assertThat(FsTools.requireKept(found.used(), kept)).isEqualTo(number(USED_OF_ALL, check, 1) * clusterBytes);
    }

    /** Type, byte, what is written there, why that is not trusted. */
    @ParameterizedTest(name = "FAT{0} byte {1} = {2}")
    @CsvSource({
        "16, 0x25, 1, not cleanly",
        "32, 0x41, 1, not cleanly",
        "16, 0x203, 0x7F, differ",
        "16, 0x0D, 3, sectors per cluster",
        "16, 0x0C, 0, sectors of",
        "16, 0x10, 3, FATs",
        "32, 0x0E, 40, media byte",
        "16, 0x15, 0xF0, media byte",
        "16, 0x11, 16, root directory of 528 entries",
        "32, 0x28, 0x80, not mirrored",
        "32, 0x2D, 0x7F, root directory",
        "32, 0x2A, 1, version",
        "32, 0x23, 0x55, in a volume"
    })
    void isUnsureOfWhatItShouldNotTrust(int type, String offset, String value, String why) throws Exception {
        // given
        Path path = make(60_000, "-F " + type + " -R 32");
        byte[] content = Files.readAllBytes(path);
        int at = Integer.decode(offset) == 0x203 ? 32 * 512 + 3 : Integer.decode(offset);
        content[at] = (byte) (int) Integer.decode(value);
        // when
        FileSystem found = identify(content);
        // then
        assertThat(found.whyAll()).contains(why);
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
        Files.delete(path);
    }

    /** A volume to which files were copied, some deleted, and others copied, three times. */
    private static Path aged(long kibibytes, String options) throws Exception {
        Path path = make(kibibytes, options);
        Random random = new Random(9);
        int room = (int) Math.min(150, kibibytes / 25);
        for (int round = 0; round < 3; round++) {
            List<String> copy = new ArrayList<>(List.of("mcopy", "-o", "-i", path.toString()));
            List<String> delete = new ArrayList<>(List.of("mdel", "-i", path.toString()));
            for (int i = 0; i < room; i++) {
                copy.add(files.resolve("file" + i).toString());
                if (random.nextInt(3) == 0) {
                    delete.add("::file" + i);
                }
            }
            copy.add("::");
            FsTools.run(copy.toArray(new String[0]));
            FsTools.run(delete.toArray(new String[0]));
        }
        return path;
    }

    private static Path make(long kibibytes, String options) throws Exception {
        return FsTools.mkfs(folder, kibibytes << 10, "mkfs.fat -n LABEL " + options);
    }

    private static long number(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(pattern.pattern()).isTrue();
        return Long.parseLong(matcher.group(group));
    }
}
