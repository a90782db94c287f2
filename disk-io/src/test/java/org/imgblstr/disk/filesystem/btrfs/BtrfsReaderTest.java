package org.imgblstr.disk.filesystem.btrfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FreeLists;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.imgblstr.disk.use.FileSystems;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BtrfsReaderTest extends FileSystemReaderContract {
    private static final Pattern CHUNK = Pattern.compile("CHUNK_ITEM (\\d+)\\)[^\n]*\n\\s+length (\\d+)");
    private static final Pattern STRIPE = Pattern.compile("stripe \\d+ devid 1 offset (\\d+)");

    @TempDir
    static Path folder;

    private static Path files;

    @Override
    protected FileSystemReader reader() {
        return new BtrfsReader();
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkfs.btrfs");
        return List.of(
                made(folder, "Btrfs", "btrfs", 32_768, "mkfs.btrfs -q -m single -n 4096 --rootdir FILES VOLUME"),
                made(folder, "Btrfs, mixed", "btrfs", 16_384, "mkfs.btrfs -q --mixed --rootdir FILES VOLUME"));
    }

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mkfs.btrfs", "btrfs");
        files = FsTools.files(folder, 150, 9);
    }

    /** MiB and the options of mkfs. */
    @ParameterizedTest(name = "{0} MiB: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                " 130 | -m dup",
                " 130 | -m single",
                " 200 | -m dup -d dup",
                "  48 | --mixed",
                " 130 | -n 4096",
                " 130 | -n 65536 -O ^no-holes",
                " 130 | -R ^free-space-tree",
                " 130 | -O ^extref,^skinny-metadata",
                " 130 | --csum sha256",
                "1048576 | -m dup",
            })
    void keepsExactlyTheExtents(long mebibytes, String options) throws Exception {
        // given
        Path volume = make(mebibytes, options);
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo("btrfs");
        assertThat(found.label()).isEqualTo("a_label");
        requireSameAsExtentTree(found.used(), volume);
        Files.delete(volume);
    }

    /** The options of mkfs and of mount. */
    @ParameterizedTest(name = "{0}, mounted with {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "-m dup | compress=zstd",
                "-m single -n 4096 | space_cache=v2",
                "-R ^free-space-tree | space_cache=v1"
            })
    void anAgedVolumeIsWholeAfterItIsRestoredOntoNoise(String options, String mountOptions) throws Exception {
        FsTools.need("mount", "umount", "losetup");
        FsTools.needRoot();
        FsTools.needKernel("btrfs");
        // given
        Path volume = make(160, options);
        Map<String, Integer> before = new TreeMap<>();
        Restored.mounted(volume, mountOptions, mount -> {
            Restored.age(mount, 600);
            FsTools.run(
                    "btrfs",
                    "subvolume",
                    "snapshot",
                    mount.toString(),
                    mount.resolve("snapshot").toString());
            Restored.age(mount, 900);
            before.putAll(Restored.contents(mount));
        });
        // when
        FileSystem found = identify(volume);
        Path restored = Restored.onNoise(volume, found.used());
        // then
        assertThat(found.whyAll()).isEmpty();
        requireSameAsExtentTree(found.used(), volume);
        FsTools.run("btrfs", "check", restored.toString());
        Restored.mounted(
                restored, "ro", mount -> assertThat(Restored.contents(mount)).isEqualTo(before));
        Files.delete(restored);
        Files.delete(volume);
    }

    /**
     * partclone 0.3.23 takes one copy of each pair and of the first MiB what is up to the superblock. What it has beyond ours is in no extent: it
     * takes logical addresses of file extents for places on the device.
     */
    @ParameterizedTest(name = "{0} MiB: {1}, {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                " 130 | -m single | rw | cp -r FILES a",
                " 130 | -m dup -n 4096 | rw | cp -r FILES a",
                "  64 | --mixed | rw | cp -r FILES a",
                " 300 | -m dup -d dup | rw | cp -r FILES a",
                " 300 | -m dup | rw | cp -r FILES a; cp -r FILES b; sync; rm -r a",
                " 300 | -m single | rw | head -c 180M /dev/urandom > full; sync; cp -r FILES a",
                " 300 | -m dup | rw | cp -r FILES a; btrfs subvolume snapshot . b; rm a/file1*; cp -r --reflink=always a c; echo x >> c/file2",
                " 300 | -m dup | compress-force=zstd | seq 3000000 > text; cp -r FILES a",
                "1000 | -m dup | rw | fallocate -l 100M a; dd if=/dev/urandom of=a bs=1M count=10 seek=20 conv=notrunc",
                "2000 | -m dup | rw | for i in $(seq 3000); do echo $i > a$i; done; sync; rm a1*",
            })
    void imagesNoMoreThanPartclone(long mebibytes, String options, String mountOptions, String work) throws Exception {
        FsTools.need("partclone.btrfs", "mount", "umount", "losetup", "fallocate");
        FsTools.needRoot();
        FsTools.needKernel("btrfs");
        // given
        Path volume = FsTools.sparse(folder, "btrfs" + System.nanoTime(), mebibytes << 20);
        FsTools.run("sh", "-c", "mkfs.btrfs -q " + options + " " + volume);
        Restored.mounted(
                volume,
                mountOptions,
                mount -> FsTools.run("sh", "-ec", "cd " + mount + "; " + work.replace("FILES", files.toString())));
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        requireSameAsExtentTree(found.used(), volume);
        UsedMapBuilder theirs = new UsedMapBuilder(found.used().sizeBytes());
        FsTools.partcloneDomain("partclone.btrfs", volume).forEach(range -> theirs.use(range[0], range[1] - range[0]));
        UsedMap partclone = theirs.build();
        UsedMapBuilder ours = new UsedMapBuilder(found.used().sizeBytes()).useAll(0, found.used());
        ours.free(0, 1 << 20);
        freeSecondCopies(ours, volume);
        partclone.forEachUsed(0, partclone.sizeBytes(), (from, to) -> ours.free(from, to - from));
        assertThat(ours.build().usedBytes()).isLessThanOrEqualTo(Math.max(1 << 20, partclone.usedBytes() / 100));
        Files.delete(volume);
    }

    private static void freeSecondCopies(UsedMapBuilder map, Path volume) throws Exception {
        for (String chunk : dump("chunk", volume).split("(?=key \\(FIRST_CHUNK_TREE CHUNK_ITEM)", -1)) {
            Matcher header = CHUNK.matcher(chunk);
            Matcher stripe = STRIPE.matcher(chunk);
            if (header.find() && stripe.find() && stripe.find()) {
                map.free(Long.parseLong(stripe.group(1)), Long.parseLong(header.group(2)));
            }
        }
    }

    @Test
    void isUnsureWhileALogWaitsToBeReplayed() throws Exception {
        FsTools.need("mount", "umount", "losetup");
        FsTools.needRoot();
        FsTools.needKernel("btrfs");
        // given a copy of a volume on which a file was synced and the transaction not yet committed
        Path volume = make(130, "-m single");
        Path busy = folder.resolve("busy");
        Restored.mounted(volume, "rw,commit=300", mount -> {
            FsTools.run("sync", "-f", mount.toString());
            FsTools.run("dd", "if=/dev/zero", "of=" + mount.resolve("synced"), "bs=8k", "count=1", "conv=fsync");
            FsTools.run("cp", "--sparse=always", volume.toString(), busy.toString());
        });
        // then
        assertThat(identify(busy).whyAll()).contains("log");
        assertThat(identify(volume).whyAll()).isEmpty();
        Files.delete(busy);
        Files.delete(volume);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {"--csum xxhash | type 1", "--csum blake2 | type 3"})
    void isUnsureOfUnknownChecksums(String options, String why) throws Exception {
        Path volume = make(130, options);
        assertThat(identify(volume).whyAll()).contains(why);
        Files.delete(volume);
    }

    @Test
    void isUnsureOfOneDeviceOfSeveral() throws Exception {
        FsTools.needRoot();
        Path first = FsTools.sparse(folder, "first", 130L << 20);
        Path second = FsTools.sparse(folder, "second", 130L << 20);
        FsTools.run("mkfs.btrfs", "-q", "-d", "single", "-m", "raid1", first.toString(), second.toString());
        assertThat(identify(first).whyAll()).contains("2 devices");
    }

    /** The tree of files, whose root or whose first leaf is moved to where the extent tree says that nothing is. */
    @ParameterizedTest(name = "level {0}")
    @ValueSource(ints = {1, 0})
    void isUnsureOfATreeThatLiesInFreeSpace(int level) throws Exception {
        // given
        Path volume = make(130, "-m single -n 4096");
        byte[] content = Files.readAllBytes(volume);
        Files.delete(volume);
        assertThat(identify(content).whyAll()).isEmpty();
        // when
        new BtrfsWriter(content).moveFileTreeToFreeSpace(level);
        // then
        assertThat(identify(content).whyAll()).contains("trees lie in free space");
    }

    @Test
    void isUnsureOfAVolumeThatWasCut() throws Exception {
        byte[] content = Files.readAllBytes(make(130, "-m dup"));
        FileSystem found = FileSystems.standard().identify(new MemoryVolume(content, content.length - 512));
        assertThat(found.whyAll()).contains("in a volume of");
    }

    @Test
    void keepsWhatLiesBehindTheFileSystem() throws Exception {
        Path volume = FsTools.sparse(folder, "behind", 160L << 20);
        FsTools.run("mkfs.btrfs", "-q", "-b", "128M", volume.toString());
        FileSystem found = identify(volume);
        assertThat(found.isMapped()).isTrue();
        assertThat(found.used().nextFree(128 << 20)).isEqualTo(160 << 20);
    }

    private static Path make(long mebibytes, String options) throws Exception {
        return FsTools.mkfs(folder, mebibytes << 20, "mkfs.btrfs -q -L a_label --rootdir " + files + " " + options);
    }

    /** The reader of btrfs-progs lists extents and chunks: their copies, the superblocks and the first MiB are kept, nothing else. */
    private static void requireSameAsExtentTree(UsedMap map, Path volume) throws Exception {
        UsedMap truth = FreeLists.usedOfBtrfs(volume, map.sizeBytes());
        assertThat(map.covers(truth)).isTrue();
        assertThat(map.usedBytes()).isEqualTo(truth.usedBytes());
    }

    private static String dump(String tree, Path volume) throws Exception {
        return FsTools.run("btrfs", "inspect-internal", "dump-tree", "-t", tree, volume.toString());
    }
}
