package org.imgblstr.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.use.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of inode tables that were never used: known to be zero, where the volume can be believed. */
class ExtInodeTableTest {
    private static final int MIB = 1 << 20;

    /** Groups of 32 MiB with inode tables of 4 MiB each. */
    private static final String SHAPE = " -b 4096 -g 8192 -N 81920 ";

    private static final String LAZY = "-t ext4" + SHAPE + "-E nodiscard,lazy_itable_init=1 ";

    /** Of this, the size of a group counts in clusters. */
    private static final String BIGALLOC =
            "-t ext4 -b 4096 -g 2048 -N 81920 -O bigalloc -C 16384 -E nodiscard,lazy_itable_init=1 ";

    private static final Pattern GROUP = Pattern.compile(
            "Inode table at (\\d+)-(\\d+)[^\\n]*\\n[^\\n]* free inodes,[^\\n]*?(?:, (\\d+) unused inodes)?\\n");

    @TempDir
    static Path folder;

    private static Path files;

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mke2fs", "dumpe2fs", "debugfs", "e2fsck");
        files = FsTools.files(folder, 150, 11);
    }

    /** The options of mke2fs on a volume of noise, and whether descriptors have checksums. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                LAZY + "| true",
                "-t ext4" + SHAPE + "-E nodiscard,lazy_itable_init=0 | true",
                LAZY + "-O ^metadata_csum,uninit_bg | true",
                "-t ext4" + SHAPE + "-O ^metadata_csum,uninit_bg -E nodiscard,lazy_itable_init=0 | true",
                LAZY + "-O ^flex_bg,^64bit | true",
                LAZY + "-O meta_bg,^resize_inode | true",
                BIGALLOC + "| true",
                "-t ext4" + SHAPE + "-O ^metadata_csum,^uninit_bg -E nodiscard | false",
                "-t ext3" + SHAPE + "-E nodiscard | false",
            })
    void whatWasNeverUsedIsNotRead(String options, boolean isLazy) throws Exception {
        // given
        Path volume = make(options);
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        UsedMap stored = requireSameAsDump(found.used(), volume);
        assertThat(found.used().usedBytes() - stored.usedBytes() > 8 * MIB).isEqualTo(isLazy);
        Files.delete(volume);
    }

    /** Quotas that the superblock names, of users, groups and projects, and lost+found: inodes that its groups call never used. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"usr_quota_inum", "grp_quota_inum", "prj_quota_inum", "lpf_ino"})
    void readsAllTablesWhenTheSuperblockNamesAnInodeThatWasNeverUsed(String field) throws Exception {
        // given
        Path volume = make(LAZY);
        UsedMap before = identify(volume).used();
        assertThat(before.stored().usedBytes()).isLessThan(before.usedBytes());
        // when
        FsTools.run("debugfs", "-w", "-R", "set_super_value " + field + " 20000", volume.toString());
        FileSystem found = identify(volume);
        // then
        assertThat(found.used().stored().usedBytes()).isEqualTo(found.used().usedBytes());
        Files.delete(volume);
    }

    /** New files go where the table was never used: what the restored volume has there must do for them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                LAZY,
                LAZY + "-O ^metadata_csum,uninit_bg",
                "-t ext4" + SHAPE + "-E nodiscard,lazy_itable_init=0",
                BIGALLOC,
            })
    void aRestoredVolumeTakesThousandsOfNewFiles(String options) throws Exception {
        FsTools.need("mount", "umount", "losetup");
        FsTools.needRoot();
        FsTools.needKernel("ext4");
        // given a volume on which the kernel has used some more inodes, and has zeroed nothing
        Path volume = make(options);
        Map<String, Integer> before = new TreeMap<>();
        Restored.mounted(volume, "noinit_itable", mount -> {
            Restored.age(mount, 500);
            before.putAll(Restored.contents(mount));
        });
        FileSystem found = identify(volume);
        assertThat(found.whyAll()).isEmpty();
        UsedMap stored = requireSameAsDump(found.used(), volume);
        assertThat(found.used().usedBytes() - stored.usedBytes()).isGreaterThan(6 * MIB);
        // when
        Path restored = Restored.onNoise(volume, found.used());
        // then
        FsTools.run("e2fsck", "-fn", restored.toString());
        Restored.mounted(restored, "noinit_itable", mount -> {
            assertThat(Restored.contents(mount)).isEqualTo(before);
            makeFilesEverywhere(mount);
        });
        FsTools.run("e2fsck", "-fn", restored.toString());
        Restored.mounted(
                restored, "ro", mount -> assertThat(Restored.contents(mount)).containsAllEntriesOf(before));
        Files.delete(restored);
        Files.delete(volume);
    }

    /** Folders go to other groups than their parent, and files to the group of their folder. */
    private static void makeFilesEverywhere(Path mount) throws Exception {
        for (int i = 0; i < 40; i++) {
            Path made = Files.createDirectory(mount.resolve("folder" + i));
            for (int j = 0; j < 150; j++) {
                Files.write(made.resolve("file" + j), new byte[j % 3 * 10]);
            }
        }
    }

    /** What is changed with debugfs, checksums made to hold. The volume is still believed, but every table is read. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "set_bg 0 itable_unused 16384",
        "set_bg 0 itable_unused 16370",
        "set_bg 1 itable_unused 16385",
        "set_bg 1 itable_unused 16383",
        "set_bg 1 free_inodes_count 16383",
        "set_bg 0 free_inodes_count 16000",
        "set_bg 0 flags 1",
        "seti <16000>",
    })
    void oneGroupInDoubtIsEnoughToReadEveryTable(String command) throws Exception {
        // given
        Path volume = make(LAZY);
        assertThat(identify(volume).used().stored().usedBytes())
                .isLessThan(identify(volume).used().usedBytes());
        debugfs(volume, command);
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.used().stored()).isSameAs(found.used());
        Files.delete(volume);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {LAZY, LAZY + "-O ^metadata_csum,uninit_bg"})
    void aDescriptorWithAWrongChecksumIsNotBelieved(String options) throws Exception {
        // given a bit of the count of never used inodes of group 1 flipped
        Path volume = make(options);
        try (RandomAccessFile file = new RandomAccessFile(volume.toFile(), "rw")) {
            file.seek(4096 + 64 + 0x1C);
            int before = file.read();
            file.seek(4096 + 64 + 0x1C);
            file.write(before ^ 1);
        }
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).contains("descriptor checksum");
        assertThat(found.used().stored().usedBytes()).isEqualTo(Files.size(volume));
        Files.delete(volume);
    }

    @Test
    void aTableOverAnotherIsNotBelieved() throws Exception {
        // given group 3, of which no inode was used, with its table where that of group 0 is
        Path volume = make(LAZY);
        String table = FsTools.first(FsTools.run("dumpe2fs", volume.toString()), "Inode table at (\\d+)-");
        debugfs(volume, "set_bg 3 inode_table " + table);
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).contains("overlaps an inode table");
        assertThat(found.used().stored().usedBytes()).isEqualTo(Files.size(volume));
        Files.delete(volume);
    }

    private static void debugfs(Path volume, String command) throws Exception {
        List<String> commands = new ArrayList<>(List.of(command));
        Matcher group = Pattern.compile("set_bg (\\d) .*").matcher(command);
        if (group.matches()) {
            commands.add("set_bg " + group.group(1) + " checksum calc");
        }
        Path script = Files.writeString(folder.resolve("commands"), String.join("\n", commands) + "\n");
        FsTools.run("debugfs", "-w", "-f", script.toString(), volume.toString());
    }

    /** A volume of 160 MiB that held noise before. */
    private static Path make(String options) throws Exception {
        Path volume = folder.resolve("volume" + System.nanoTime());
        byte[] noise = new byte[MIB];
        new Random(5).nextBytes(noise);
        try (RandomAccessFile file = new RandomAccessFile(volume.toFile(), "rw")) {
            for (int i = 0; i < 160; i++) {
                file.write(noise);
            }
        }
        List<String> command = new ArrayList<>(List.of("mke2fs", "-q", "-F", "-d", files.toString()));
        command.addAll(List.of(options.strip().split(" +")));
        command.add(volume.toString());
        FsTools.run(command.toArray(new String[0]));
        return volume;
    }

    /** The reader of e2fsprogs says how many inodes of each group were never used. Returns what must be read. */
    private static UsedMap requireSameAsDump(UsedMap map, Path volume) throws Exception {
        String dump = FsTools.run("dumpe2fs", volume.toString());
        long blockBytes = Long.parseLong(FsTools.first(dump, "Block size: +(\\d+)"));
        long inodeBytes = Long.parseLong(FsTools.first(dump, "Inode size:\\s+(\\d+)"));
        long perGroup = Long.parseLong(FsTools.first(dump, "Inodes per group: +(\\d+)"));
        UsedMapBuilder zeros = new UsedMapBuilder(map.sizeBytes());
        Matcher group = GROUP.matcher(dump);
        while (group.find()) {
            long unused = group.group(3) == null ? 0 : Long.parseLong(group.group(3));
            long blocks = ((perGroup - unused) * inodeBytes + blockBytes - 1) / blockBytes;
            long from = Long.parseLong(group.group(1)) + blocks;
            zeros.use(from * blockBytes, (Long.parseLong(group.group(2)) + 1 - from) * blockBytes);
        }
        UsedMapBuilder known = new UsedMapBuilder(map.sizeBytes());
        map.forEachZero(0, map.sizeBytes(), (from, to) -> known.use(from, to - from));
        UsedMap found = known.build();
        UsedMap expected = zeros.build();
        assertThat(expected.covers(found)).isTrue();
        assertThat(found.usedBytes()).isEqualTo(expected.usedBytes());
        return map.stored();
    }
}
