package org.imgblstr.disk.filesystem.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExfatReaderTest extends FileSystemReaderContract {
    @TempDir
    Path folder;

    @Override
    protected FileSystemReader reader() {
        return new ExfatReader();
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkfs.exfat");
        Sample sample = made(folder, "exFAT", "exfat", 4096, "mkfs.exfat -c 4096 VOLUME");
        new ExfatWriter(sample.content(), 3).age(40, 3);
        return List.of(sample);
    }

    @BeforeAll
    static void needTools() {
        FsTools.need("mkfs.exfat", "fsck.exfat");
    }

    /** Volume in MiB, bytes of a cluster, files, most clusters of a file. */
    @ParameterizedTest(name = "{0} MiB, clusters of {1}, {2} files")
    @CsvSource({"8, 512, 800, 6", "32, 4096, 1500, 3", "64, 32768, 100, 5", "64, 4096, 0, 0", "256, 1048576, 60, 4"})
    void keepsExactlyTheClustersInUse(int mebibytes, int clusterBytes, int files, int mostClusters) throws Exception {
        // given
        Path path = make(mebibytes, clusterBytes);
        byte[] content = Files.readAllBytes(path);
        ExfatWriter writer = new ExfatWriter(content, 5);
        writer.age(files, mostClusters);
        Files.write(path, content);
        FsTools.run("fsck.exfat", "-n", path.toString());
        // when
        FileSystem found = identify(content);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo("exfat");
        assertThat(found.label()).isEqualTo("Label");
        long heapOffset = found.used().nextFree(0);
        assertThat(found.used().usedBytes())
                .isBetween(
                        (long) writer.clustersUsed() * clusterBytes,
                        heapOffset + (long) writer.clustersUsed() * clusterBytes + (1 << 20));
    }

    @Test
    void agreesWithPartclone() throws Exception {
        FsTools.need("partclone.exfat");
        // given
        Path path = make(32, 4096);
        byte[] content = Files.readAllBytes(path);
        new ExfatWriter(content, 6).age(1000, 5);
        Files.write(path, content);
        // when
        FileSystem found = identify(content);
        List<long[]> domain = FsTools.partcloneDomain("partclone.exfat", path);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.used().usedBytes() - FsTools.requireKept(found.used(), domain))
                .isBetween(0L, 1L << 20);
    }

    /** Byte of the boot sector, what is written there, and why that is not trusted. Bytes 106 and 112 are outside the checksum. */
    @ParameterizedTest(name = "byte {0} = {1}")
    @CsvSource({
        "106, 2, not cleanly unmounted",
        "106, 1, second FAT",
        "110, 2, transactional",
        "105, 2, revision",
        "100, 77, checksum",
        "40, 1, parameter block",
        "95, 1, clusters",
        "109, 30, clusters of"
    })
    void isUnsureOfWhatItShouldNotTrust(int offset, byte value, String why) throws Exception {
        // given
        byte[] content = Files.readAllBytes(make(8, 4096));
        content[offset] = value;
        // when
        FileSystem found = identify(content);
        // then
        assertThat(found.name()).isEqualTo("exfat");
        assertThat(found.whyAll()).contains(why);
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
    }

    /** fsck.exfat finds these by walking the directories, and so do we. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a chain", "contiguous", "a directory", "a file in a directory"})
    void readsAllWhenTheBitmapCallsAClusterOfAFileFree(String what) throws Exception {
        // given
        byte[] content = Files.readAllBytes(make(16, 4096));
        ExfatWriter writer = new ExfatWriter(content, 8);
        writer.age(100, 4);
        assertThat(identify(content).isMapped()).isTrue();
        // when
        if (what.contains("directory")) {
            writer.addDirectoriesWithFreeCluster(what.startsWith("a file"));
        } else {
            writer.addFileWithFreeCluster(what.equals("contiguous"));
        }
        FileSystem found = identify(content);
        // then
        assertThat(found.whyAll()).contains("marked free: run fsck.exfat");
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
    }

    @Test
    void aHintOutsideTheChecksumDoesNotMatter() throws Exception {
        byte[] content = Files.readAllBytes(make(8, 4096));
        content[112] = 99;
        assertThat(identify(content).isMapped()).isTrue();
    }

    private Path make(int mebibytes, int clusterBytes) throws Exception {
        Path path = FsTools.sparse(folder, "volume", (long) mebibytes << 20);
        FsTools.run("mkfs.exfat", "-c", Integer.toString(clusterBytes), "-L", "Label", path.toString());
        return path;
    }
}
