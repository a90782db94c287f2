package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.filesystem.FreeLists;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.use.RandomVolume.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Sound volumes of every kind, made at random: what we call used is never less than what independent readers call used. partclone reads most of
 * them; dumpe2fs, xfs_db, fsck.fat, ntfsinfo, btrfs and dump.f2fs read their own. {@code -Dvolumes=300} makes so many, {@code -Dseed=N} begins with
 * that seed. Source: docs/testing.md.
 */
class RandomVolumePropertyTest {
    @TempDir
    static Path folder;

    private static Path files;

    @BeforeAll
    static void makeFiles() throws Exception {
        files = FsTools.files(folder, 40, 21);
    }

    /** One of each kind with the same seed each time, and one with a fresh seed; or as many as are asked for. */
    static List<Arguments> volumes() {
        List<Arguments> volumes = new ArrayList<>();
        Kind[] kinds = Kind.values();
        long seed = Long.getLong("seed", 1);
        for (int i = 0; i < Integer.getInteger("volumes", kinds.length); i++) {
            volumes.add(Arguments.of(seed + i / kinds.length, kinds[i % kinds.length]));
        }
        if (System.getProperty("volumes") == null) {
            long fresh = new Random().nextInt(Integer.MAX_VALUE);
            volumes.add(Arguments.of(fresh, kinds[(int) (fresh % kinds.length)]));
        }
        return volumes;
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("volumes")
    void nothingIsFreeThatAnotherReaderCallsUsed(long seed, Kind kind) throws Exception {
        kind.partclone().ifPresent(FsTools::need);
        // given
        RandomVolume volume = new RandomVolume(seed, kind, folder, files).make();
        // when
        FileSystem found = identify(volume.path());
        // then
        assertThat(found.whyAll()).as("%s", volume).isEmpty();
        try {
            if (kind.partclone().isPresent()) {
                FsTools.requireKept(
                        found.used(), partcloneDomain(kind.partclone().get(), volume.path()));
            }
            requireSecondOpinion(volume, found.used());
        } catch (AssertionError | IOException e) {
            throw new AssertionError(volume.toString(), e);
        }
        Files.delete(volume.path());
    }

    /**
     * What partclone would copy. Now and then it refuses an ext whose counts it reckons otherwise than e2fsck, which finds nothing: then only dumpe2fs has
     * an opinion of that volume.
     */
    private static List<long[]> partcloneDomain(String program, Path volume) throws Exception {
        try {
            return FsTools.partcloneDomain(program, volume);
        } catch (IOException e) {
            if (!e.getMessage().contains("bitmap error")) {
                throw e;
            }
            FsTools.run("e2fsck", "-f", "-n", volume.toString());
            return List.of();
        }
    }

    private static FileSystem identify(Path path) throws Exception {
        try (Disk disk = Disks.openForReading(path.toString(), 512)) {
            return FileSystems.standard().identify(VolumeSlice.whole(disk));
        }
    }

    /** The file system's own programs: places where they list them, else how much is used. */
    private static void requireSecondOpinion(RandomVolume volume, UsedMap used) throws Exception {
        Path path = volume.path();
        try {
            switch (volume.kind()) {
                case EXT2, EXT3, EXT4 -> {
                    FsTools.need("dumpe2fs");
                    assertThat(used.covers(FreeLists.usedOfExt(path, used.sizeBytes())))
                            .as("dumpe2fs")
                            .isTrue();
                }
                case XFS -> {
                    FsTools.need("xfs_db");
                    assertThat(used.covers(FreeLists.usedOfXfs(path, used.sizeBytes())))
                            .as("xfs_db")
                            .isTrue();
                }
                case FAT12, FAT16, FAT32 -> {
                    FsTools.need("fsck.fat");
                    String check = FsTools.run("fsck.fat", "-n", "-v", path.toString());
                    requireAtLeast(
                            used,
                            FsTools.number(check, "files, (\\d+)/\\d+ clusters")
                                    * FsTools.number(check, "(\\d+) bytes per cluster"));
                }
                case EXFAT -> {
                    FsTools.need("fsck.exfat");
                    FsTools.run("fsck.exfat", "-n", path.toString());
                    int shift = Files.readAllBytes(path)[108] + Files.readAllBytes(path)[109];
                    requireAtLeast(used, volume.clustersUsed() << shift);
                }
                case NTFS -> {
                    FsTools.need("ntfsinfo");
                    String info = FsTools.run("ntfsinfo", "-m", path.toString());
                    long clusters = FsTools.number(info, "Volume Size in Clusters: (\\d+)")
                            - FsTools.number(info, "Free Clusters: (\\d+)");
                    requireAtLeast(used, clusters * FsTools.number(info, "Cluster Size: (\\d+)"));
                }
                case BTRFS -> {
                    FsTools.need("btrfs");
                    assertThat(used.covers(FreeLists.usedOfBtrfs(path, used.sizeBytes())))
                            .as("btrfs")
                            .isTrue();
                }
                case F2FS -> {
                    FsTools.need("dump.f2fs");
                    String dump = FsTools.run("dump.f2fs", "-d", "1", path.toString());
                    requireAtLeast(used, 4096 * FsTools.number(dump, "valid_block_count\\s+\\[0x\\s*\\w+ : (\\d+)"));
                }
                case MINIX -> {
                    // Its checker tells files, not blocks: partclone is the only other reader.
                }
            }
        } catch (TestAbortedException e) {
            // partclone has said its opinion.
        }
    }

    private static void requireAtLeast(UsedMap used, long bytes) {
        assertThat(bytes).as("bytes that the other reader calls used").isPositive();
        assertThat(used.usedBytes()).isGreaterThanOrEqualTo(bytes);
    }
}
