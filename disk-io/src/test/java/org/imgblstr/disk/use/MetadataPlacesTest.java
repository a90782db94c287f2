package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.imgblstr.disk.filesystem.FileVolume;
import org.imgblstr.disk.filesystem.FsTools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bad sector hit, told by the first sectors of a file system; mkfs and the dumpers of the system know the truth. */
class MetadataPlacesTest {
    @TempDir
    Path folder;

    private static String at(Path file, long offset) throws Exception {
        try (FileVolume volume = new FileVolume(file)) {
            return MetadataPlaces.of(volume).at(offset, offset + 512);
        }
    }

    @Test
    void partsOfExt() throws Exception {
        FsTools.need("mkfs.ext4", "dumpe2fs");
        Path file = FsTools.sparse(folder, "ext", 300 << 20);
        FsTools.run("mkfs.ext4", "-q", "-F", "-b", "4096", file.toString());
        String dump = FsTools.run("dumpe2fs", file.toString());
        String last = dump.substring(dump.indexOf("Group 2:"));
        assertThat(at(file, 1024)).isEqualTo("superblock");
        assertThat(at(file, 4096)).isEqualTo("group descriptors");
        assertThat(at(file, 4096 * FsTools.number(last, "Inode table at (\\d+)")))
                .isEqualTo("inode table");
        assertThat(at(file, 4096 * FsTools.number(last, "Block bitmap at (\\d+)")))
                .isEqualTo("block bitmap");
        assertThat(at(file, 4096 * FsTools.number(last, "Inode bitmap at (\\d+)")))
                .isEqualTo("inode bitmap");
        assertThat(at(file, 200 << 20)).isEmpty();
    }

    @Test
    void partsOfFat() throws Exception {
        FsTools.need("mkfs.vfat");
        Path file = FsTools.sparse(folder, "fat", 64 << 20);
        FsTools.run("mkfs.vfat", "-F", "32", "-R", "32", "-s", "1", "-f", "2", file.toString());
        assertThat(at(file, 0)).isEqualTo("boot sector");
        assertThat(at(file, 32 * 512)).isEqualTo("FAT");
        assertThat(at(file, 32 << 20)).isEmpty();
        Path small = FsTools.sparse(folder, "fat12", 1440 << 10);
        FsTools.run("mkfs.vfat", "-F", "12", small.toString());
        assertThat(at(small, 512)).isEqualTo("FAT");
        assertThat(at(small, 19 * 512)).isEqualTo("root directory");
    }

    @Test
    void partsOfNtfs() throws Exception {
        FsTools.need("mkfs.ntfs");
        Path file = FsTools.sparse(folder, "ntfs", 32 << 20);
        FsTools.run("mkfs.ntfs", "-F", "-Q", "-q", "-c", "4096", file.toString());
        assertThat(at(file, 0)).isEqualTo("boot sector");
        assertThat(at(file, 4 * 4096)).isEqualTo("MFT, its first records");
        assertThat(at(file, (32 << 20) - 512)).isIn("boot sector's copy");
    }

    @Test
    void partsOfXfs() throws Exception {
        FsTools.need("mkfs.xfs", "xfs_db");
        Path file = FsTools.sparse(folder, "xfs", 400 << 20);
        FsTools.run("mkfs.xfs", "-q", "-f", file.toString());
        String dump = FsTools.run(
                "xfs_db", "-r", "-c", "sb 0", "-c", "p agblocks blocksize logstart agblklog", file.toString());
        long block = FsTools.number(dump, "blocksize = (\\d+)");
        long groupBlocks = FsTools.number(dump, "agblocks = (\\d+)");
        long log = FsTools.number(dump, "logstart = (\\d+)");
        int shift = (int) FsTools.number(dump, "agblklog = (\\d+)");
        assertThat(at(file, 0)).isEqualTo("allocation group header");
        assertThat(at(file, groupBlocks * block)).isEqualTo("allocation group header");
        long first = (log >> shift) * groupBlocks + (log & ((1L << shift) - 1));
        assertThat(at(file, first * block + 4096)).isEqualTo("journal");
    }

    @Test
    void nothingIsSaidOfWhatIsNotKnown() throws Exception {
        Path file = FsTools.sparse(folder, "zeros", 1 << 20);
        assertThat(at(file, 512)).isEqualTo("start of the partition");
        assertThat(at(file, 8192)).isEmpty();
        Path tiny = FsTools.sparse(folder, "tiny", 1024);
        assertThat(at(tiny, 512)).isEqualTo("start of the partition");
    }
}
