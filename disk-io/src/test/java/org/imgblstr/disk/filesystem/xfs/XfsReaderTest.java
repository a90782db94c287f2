package org.imgblstr.disk.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

class XfsReaderTest extends FileSystemReaderContract {

    @TempDir
    static Path folder;

    private static Path prototype;

    @Override
    protected FileSystemReader reader() {
        return new XfsReader();
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkfs.xfs");
        String make = "mkfs.xfs -q --unsupported -p PROTOTYPE -m ";
        return List.of(
                made(folder, "XFS", "xfs", 16_384, make + "rmapbt=1 VOLUME"),
                made(folder, "XFS, version 4", "xfs", 16_384, make + "crc=0 VOLUME"));
    }

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mkfs.xfs", "xfs_db");
        prototype = Restored.prototype(FsTools.files(folder, 100, 8));
    }

    /** MiB and the options of mkfs. */
    @ParameterizedTest(name = "{0} MiB: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "   32 | -m crc=1",
                "  320 | -m rmapbt=1,reflink=1,finobt=1 -i sparse=1",
                "  320 | -m rmapbt=0,reflink=0,finobt=0,bigtime=0 -i sparse=0",
                "  320 | -b size=1024 -d agcount=9",
                "  600 | -b size=65536 -s size=4096",
                "  320 | -i nrext64=1 -s size=4096",
                "  320 | -d agsize=33m -l size=20m,su=256k",
                "   40 | -m crc=0",
                "   64 | -m crc=0 -b size=512 -d agcount=3",
                "  320 | -m crc=0 -l version=1,lazy-count=0 -n ftype=0",
                "1048576 | -m rmapbt=1",
            })
    void keepsWhatTheFreeListDoesNotName(long mebibytes, String options) throws Exception {
        // given
        Path volume = make(mebibytes, options);
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo("xfs");
        assertThat(found.label()).isEqualTo("a_label");
        requireSameAsFreeList(found.used(), volume);
        Files.delete(volume);
    }

    /** The options of mkfs; the kernel here need not know version 4. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {"-m rmapbt=1,reflink=1", "-m rmapbt=0 -b size=1024 -l size=20m,su=256k"})
    void anAgedVolumeIsWholeAfterItIsRestoredOntoNoise(String options) throws Exception {
        FsTools.need("xfs_repair", "mount", "umount", "losetup", "partclone.xfs");
        FsTools.needRoot();
        FsTools.needKernel("xfs");
        // given
        Path volume = make(300, options);
        Path busy = folder.resolve("busy");
        Map<String, Integer> before = new TreeMap<>();
        Restored.mounted(volume, "rw", mount -> {
            Restored.age(mount, 1500);
            before.putAll(Restored.contents(mount));
            FsTools.run("sync", "-f", mount.toString());
            Files.copy(volume, busy, StandardCopyOption.REPLACE_EXISTING);
        });
        // when
        FileSystem found = identify(volume);
        Path restored = Restored.onNoise(volume, found.used());
        // then
        assertThat(identify(busy).whyAll()).contains("log");
        Files.delete(busy);
        assertThat(found.whyAll()).isEmpty();
        requireSameAsFreeList(found.used(), volume);
        assertThat(found.used().usedBytes()
                        - FsTools.requireKept(found.used(), FsTools.partcloneDomain("partclone.xfs", volume)))
                .isBetween(0L, 1L << 20);
        FsTools.run("xfs_repair", "-n", restored.toString());
        Restored.mounted(restored, "ro,nouuid", mount -> assertThat(Restored.contents(mount))
                .isEqualTo(before));
        Files.delete(restored);
        Files.delete(volume);
    }

    /** Place in the terms of xfs_db, field and value, and why that is not trusted. Checksums are made to hold. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "sb 0  | features_incompat 0x10b | unknown incompatible features 0x100",
                "sb 0  | features_incompat 0x1b  | damaged",
                "sb 0  | features_ro_compat 0x1f | unknown read-only features 0x10",
                "sb 0  | fdblocks 77             | free blocks",
                "sb 0  | rblocks 100             | realtime",
                "sb 0  | logstart 0              | another device",
                "sb 0  | logstart 3              | log",
                "sb 0  | agblocks 5000           | AG",
                "sb 0  | dblocks 900000000       | blocks of",
                "sb 0  | inprogress 1            | finished",
                "agf 1 | freeblks 5              | free blocks",
                "agf 1 | longest 5               | free blocks",
                "agf 1 | seqno 0                 | AG 0",
                "agf 1 | length 500              | length",
                "agf 1 | bnoroot 2               | by place",
                "agf 1 | bnolevel 2              | by place",
            })
    void isUnsureOfWhatItShouldNotTrust(String place, String field, String why) throws Exception {
        // given
        Path volume = make(40, "-m rmapbt=1");
        FsTools.run("xfs_db", "-x", "-c", place, "-c", "write -d " + field, volume.toString());
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.name()).isEqualTo("xfs");
        assertThat(found.whyAll()).contains(why).doesNotContain("\n");
        assertThat(found.used().usedBytes()).isEqualTo(Files.size(volume));
        Files.delete(volume);
    }

    @Test
    void keepsWhatLiesBehindTheFileSystem() throws Exception {
        Path volume = FsTools.sparse(folder, "behind", 48L << 20);
        FsTools.run("mkfs.xfs", "-q", "--unsupported", "-d", "size=32m", volume.toString());
        FileSystem found = identify(volume);
        assertThat(found.isMapped()).isTrue();
        assertThat(found.used().nextFree(32 << 20)).isEqualTo(48 << 20);
    }

    @Test
    void isUnsureOfALogElsewhere() throws Exception {
        Path volume = FsTools.sparse(folder, "data", 320L << 20);
        Path log = FsTools.sparse(folder, "log", 100L << 20);
        FsTools.run("mkfs.xfs", "-q", "--unsupported", "-l", "logdev=" + log + ",size=20m", volume.toString());
        assertThat(identify(volume).whyAll()).contains("another device");
    }

    private static Path make(long mebibytes, String options) throws Exception {
        return FsTools.mkfs(
                folder, mebibytes << 20, "mkfs.xfs -q --unsupported -L a_label -p " + prototype + " " + options);
    }

    /** xfs_db lists all free extents, and with them the few blocks set aside for the trees, which are kept. */
    private static void requireSameAsFreeList(UsedMap map, Path volume) throws Exception {
        String sizes = FsTools.run("xfs_db", "-r", "-c", "sb 0", "-c", "p blocksize agcount", volume.toString());
        long blockBytes = FsTools.number(sizes, "blocksize = (\\d+)");
        UsedMap truth = FreeLists.usedOfXfs(volume, map.sizeBytes());
        assertThat(truth.usedBytes()).as("xfs_db lists free extents").isLessThan(map.sizeBytes());
        assertThat(map.covers(truth)).isTrue();
        long setAside = 0;
        for (long ag = 0; ag < FsTools.number(sizes, "agcount = (\\d+)"); ag++) {
            String group = FsTools.run("xfs_db", "-r", "-c", "agf " + ag, "-c", "p flcount", volume.toString());
            setAside += FsTools.number(group, "flcount = (\\d+)") * blockBytes;
        }
        assertThat(map.usedBytes() - truth.usedBytes()).isEqualTo(setAside);
    }
}
