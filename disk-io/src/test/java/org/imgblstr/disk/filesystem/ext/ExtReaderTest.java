package org.imgblstr.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FreeLists;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtReaderTest extends FileSystemReaderContract {
    @TempDir
    static Path folder;

    private static Path files;

    @Override
    protected FileSystemReader reader() {
        return new ExtReader();
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mke2fs", "debugfs");
        String delete = " -d FILES VOLUME && debugfs -w -R 'rm file2' VOLUME";
        return List.of(
                made(folder, "ext2", "ext2", 512, "mke2fs -q -t ext2 -b 1024" + delete),
                made(folder, "ext4", "ext4", 3072, "mke2fs -q -t ext4 -b 1024 -J size=1" + delete));
    }

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mkfs.ext4", "dumpe2fs", "debugfs");
        files = FsTools.files(folder, 150, 1);
    }

    /** Name, MiB, and the options of mkfs. */
    @ParameterizedTest(name = "{0} of {1} MiB: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ext2 |    8 | -t ext2 -b 1024",
                "ext2 |   64 | -t ext2 -b 4096",
                "ext2 |   64 | -t ext2 -b 2048 -O ^sparse_super,^resize_inode",
                "ext2 |   40 | -t ext2 -r 0 -b 1024 -O none",
                "ext3 |   48 | -t ext3 -b 1024",
                "ext3 |  300 | -t ext3 -b 4096",
                "ext4 |   48 | -t ext4 -b 1024",
                "ext4 |  300 | -t ext4 -b 4096",
                "ext4 |  300 | -t ext4 -b 4096 -g 1024 -O ^flex_bg",
                "ext4 |  300 | -t ext4 -b 4096 -O ^flex_bg,^64bit",
                "ext4 |  300 | -t ext4 -b 2048 -O ^metadata_csum,uninit_bg",
                "ext4 |  300 | -t ext4 -b 1024 -O ^metadata_csum,uninit_bg,^64bit,^flex_bg",
                "ext4 |  300 | -t ext4 -b 4096 -O ^metadata_csum,^uninit_bg,^has_journal",
                "ext4 |  300 | -t ext4 -b 1024 -O meta_bg,^resize_inode",
                "ext4 |  300 | -t ext4 -b 1024 -O meta_bg,^resize_inode,^64bit,^flex_bg,^metadata_csum",
                "ext4 |  300 | -t ext4 -b 4096 -O bigalloc -C 65536",
                "ext4 |  300 | -t ext4 -b 1024 -O bigalloc -C 16384",
                "ext4 |  300 | -t ext4 -b 4096 -O sparse_super2 -E num_backup_sb=2",
                "ext4 |  300 | -t ext4 -b 4096 -O sparse_super2,^resize_inode -E num_backup_sb=0",
                "ext4 |  300 | -t ext4 -b 4096 -O quota,project,inline_data,mmp,metadata_csum_seed,orphan_file,ea_inode,encrypt",
                "ext4 |  300 | -t ext4 -b 4096 -O casefold,verity,large_dir,fast_commit",
                "ext4 |  300 | -t ext4 -b 4096 -G 4 -i 4096 -I 512",
                "ext4 | 1000 | -t ext4 -b 65536 -F",
                "ext4 | 3000 | -t ext4 -b 8192 -F",
                "ext4 | 1048576 | -t ext4 -b 4096 -N 20000 -E lazy_itable_init=1",
            })
    void keepsExactlyTheBlocksThatAreNotFree(String name, long mebibytes, String options) throws Exception {
        // given
        Path volume = make(mebibytes, options + " -L a_label -d " + files);
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo(name);
        assertThat(found.label()).isEqualTo("a_label");
        requireSameAsFreeList(found.used(), volume);
        Files.delete(volume);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "-t ext2 -b 1024",
                "-t ext3 -b 1024",
                "-t ext4 -b 4096",
                "-t ext4 -b 1024 -O ^metadata_csum,uninit_bg",
                "-t ext4 -b 1024 -O bigalloc -C 8192"
            })
    void followsAgedVolumes(String options) throws Exception {
        // given a volume on which files were made and deleted in turn, so that free space is in pieces
        Path volume = make(40, options);
        Random random = new Random(7);
        StringBuilder commands = new StringBuilder();
        List<Integer> living = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            if (living.size() > 120 || (!living.isEmpty() && random.nextInt(3) == 0)) {
                commands.append("rm f")
                        .append(living.remove(random.nextInt(living.size())))
                        .append('\n');
            } else {
                commands.append("write ")
                        .append(files)
                        .append("/file")
                        .append(random.nextInt(150))
                        .append(" f")
                        .append(i)
                        .append('\n');
                living.add(i);
            }
        }
        Path script = Files.writeString(folder.resolve("age"), commands);
        FsTools.run("debugfs", "-w", "-f", script.toString(), volume.toString());
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        requireSameAsFreeList(found.used(), volume);
        Files.delete(volume);
    }

    @Test
    void agreesWithPartcloneOnAVolumeThatTheKernelAged() throws Exception {
        FsTools.need("partclone.extfs", "mount", "umount", "losetup");
        FsTools.needRoot();
        // given
        Path volume = make(200, "-t ext4 -b 1024 -d " + files);
        Restored.mounted(volume, "rw", mount -> {
            age(mount);
            assertThat(identify(volume).whyAll()).as("mounted").contains("journal");
        });
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        requireSameAsFreeList(found.used(), volume);
        long partcloneBytes = FsTools.requireKept(found.used(), FsTools.partcloneDomain("partclone.extfs", volume));
        assertThat(found.used().usedBytes() - partcloneBytes).isBetween(0L, 1L << 20);
    }

    private static void age(Path mount) throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 4000; i++) {
            byte[] content = new byte[random.nextInt(20_000)];
            random.nextBytes(content);
            Files.write(mount.resolve("aged" + i), content);
            if (i > 200 && random.nextInt(8) != 0) {
                Files.deleteIfExists(mount.resolve("aged" + (i - random.nextInt(200))));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "set_super_value state 0 | not cleanly unmounted",
                "set_super_value state 3 | not cleanly unmounted",
                "feature needs_recovery | replayed",
                "feature FEATURE_I30 | unknown incompatible",
                "feature FEATURE_R28 | unknown read-only",
                "set_super_value free_blocks_count 77 | free blocks",
                "set_block_group 0 free_blocks_count 5 | free clusters",
                "freeb 1 1 | free",
                "set_super_value blocks_count 900000000 | blocks of",
                "set_super_value journal_dev 0x801 | another device",
            })
    void isUnsureOfWhatItShouldNotTrust(String command, String why) throws Exception {
        // given a volume without checksums, so that the values themselves must be looked at
        Path volume = make(16, "-t ext3 -b 1024 -d " + files);
        FsTools.run("debugfs", "-w", "-R", command, volume.toString());
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.name()).startsWith("ext");
        assertThat(found.whyAll()).contains(why);
        assertThat(found.used().usedBytes()).isEqualTo(Files.size(volume));
        Files.delete(volume);
    }

    @Test
    void keepsWhatLiesBehindTheFileSystem() throws Exception {
        // given a file system of 20 MiB in a volume of 32 MiB
        Path volume = FsTools.sparse(folder, "short", 32 << 20);
        FsTools.run("mkfs.ext4", "-q", "-F", volume.toString(), "20M");
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.isMapped()).isTrue();
        assertThat(found.used().nextFree(20 << 20)).isEqualTo(32 << 20);
    }

    private static Path make(long mebibytes, String options) throws Exception {
        return FsTools.mkfs(folder, mebibytes << 20, "mke2fs -q " + options);
    }

    /** The reader of e2fsprogs lists the free blocks of each group; all others must be kept, and nothing else. */
    private static void requireSameAsFreeList(UsedMap map, Path volume) throws Exception {
        UsedMap truth = FreeLists.usedOfExt(volume, map.sizeBytes());
        truth.forEachUsed(0, map.sizeBytes(), (from, to) -> assertThat(map.nextFree(from))
                .as("used from %s", from)
                .isGreaterThanOrEqualTo(to));
        assertThat(map.usedBytes()).isEqualTo(truth.usedBytes());
    }
}
