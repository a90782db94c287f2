package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies only what is used onto noise: the file system must be clean there, and its files the same. */
class RestoredVolumeTest {
    @TempDir
    static Path folder;

    private static Path files;

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mke2fs", "e2fsck", "debugfs", "mkfs.fat", "fsck.fat", "mcopy", "mkfs.exfat", "fsck.exfat");
        files = FsTools.files(folder, 120, 8);
    }

    /** MiB, how it is made, how it is checked, how its files are taken out of it. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "40 | mke2fs -q -t ext2 -b 1024 -d FILES VOLUME | e2fsck -fn VOLUME | debugfs -R 'rdump / OUT' VOLUME",
                "200 | mke2fs -q -t ext4 -b 4096 -d FILES VOLUME | e2fsck -fn VOLUME | debugfs -R 'rdump / OUT' VOLUME",
                "300 | mke2fs -q -t ext4 -b 1024 -O bigalloc,meta_bg,^resize_inode -C 8192 -d FILES VOLUME | e2fsck -fn VOLUME"
                        + " | debugfs -R 'rdump / OUT' VOLUME",
                "300 | mke2fs -q -t ext4 -O ^metadata_csum,uninit_bg,sparse_super2 -d FILES VOLUME | e2fsck -fn VOLUME"
                        + " | debugfs -R 'rdump / OUT' VOLUME",
                "8 | mkfs.fat -F 12 VOLUME && mcopy -i VOLUME FILES/* :: | fsck.fat -n VOLUME | mcopy -i VOLUME '::*' OUT",
                "40 | mkfs.fat -F 16 VOLUME && mcopy -i VOLUME FILES/* :: | fsck.fat -n VOLUME | mcopy -i VOLUME '::*' OUT",
                "70 | mkfs.fat -F 32 -s 1 VOLUME && mcopy -i VOLUME FILES/* :: | fsck.fat -n VOLUME | mcopy -i VOLUME '::*' OUT",
                "32 | mkfs.exfat -c 4096 VOLUME | fsck.exfat -n VOLUME | true"
            })
    void isCleanAndHasTheSameFiles(int mebibytes, String make, String check, String extract) throws Exception {
        // given
        Path volume = FsTools.sparse(folder, "volume", (long) mebibytes << 20);
        Path out = Files.createDirectory(folder.resolve("out" + System.nanoTime()));
        shell(make, volume, out);
        FileSystem found = identify(volume);
        assertThat(found.whyAll()).isEmpty();
        // when
        Path restored = Restored.onNoise(volume, found.used());
        // then
        shell(check, restored, out);
        shell(extract, restored, out);
        if (!extract.equals("true")) {
            assertSameFiles(out);
        }
        Files.delete(volume);
        Files.delete(restored);
    }

    private static void shell(String command, Path volume, Path out) throws Exception {
        String line = command.replace("FILES", files.toString())
                .replace("VOLUME", volume.toString())
                .replace("OUT", out.toString());
        FsTools.run("sh", "-c", line);
    }

    private static void assertSameFiles(Path out) throws Exception {
        List<Path> originals;
        try (Stream<Path> listed = Files.list(files)) {
            originals = listed.toList();
        }
        assertThat(originals).hasSize(120);
        for (Path original : originals) {
            Path copy = out.resolve(original.getFileName());
            assertThat(Files.mismatch(original, copy)).as(copy.toString()).isEqualTo(-1);
        }
    }
}
