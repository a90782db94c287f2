package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.fat.ExfatWriter;
import org.imgblstr.disk.signature.SignaturePlaces;
import org.imgblstr.disk.signature.SignatureView;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damages the metadata of sound volumes: no reader may throw, run away, or leave out what the sound volume uses. */
class CorruptedVolumePropertyTest {
    private static final int VARIANTS = 300;
    private static final int MAX_DAMAGE_BYTES = 512;

    @TempDir
    static Path folder;

    private static Path files;

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mke2fs", "mkfs.fat", "mkfs.exfat", "mkswap", "mcopy");
        FsTools.need("mkfs.ntfs", "ntfscp", "mkfs.xfs", "mkfs.btrfs");
        files = FsTools.files(folder, 60, 4);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ext2 | 8 | mke2fs -q -t ext2 -b 1024 -d FILES VOLUME",
                "ext2, 4 KiB | 16 | mke2fs -q -t ext2 -b 4096 -d FILES VOLUME",
                "ext3 | 12 | mke2fs -q -t ext3 -b 1024 -J size=1 -d FILES VOLUME",
                "ext4, CRC-16 | 40 | mke2fs -q -t ext4 -b 1024 -O ^metadata_csum,uninit_bg -J size=1 -d FILES VOLUME",
                "ext4 | 40 | mke2fs -q -t ext4 -b 1024 -J size=1 -d FILES VOLUME",
                "ext4, bigalloc, meta_bg | 40 | mke2fs -q -t ext4 -b 1024 -O bigalloc,meta_bg,^resize_inode -C 4096 -d FILES VOLUME",
                "FAT12 | 6 | mkfs.fat -F 12 VOLUME",
                "FAT16 | 20 | mkfs.fat -F 16 VOLUME",
                "FAT32 | 40 | mkfs.fat -F 32 -s 1 VOLUME",
                "exFAT | 16 | mkfs.exfat -c 4096 VOLUME",
                "swap | 4 | mkswap VOLUME",
                "NTFS | 10 | mkfs.ntfs -F -q -Q -c 4096 VOLUME",
                "NTFS, 512 B | 8 | mkfs.ntfs -F -q -Q -c 512 VOLUME",
                "XFS | 40 | mkfs.xfs -q --unsupported -m rmapbt=1 -p PROTOTYPE VOLUME",
                "XFS, version 4 | 56 | mkfs.xfs -q --unsupported -m crc=0 -b size=1024 -d agcount=3 -p PROTOTYPE VOLUME",
                "Btrfs | 48 | mkfs.btrfs -q -m single -n 4096 --rootdir FILES VOLUME",
                "Btrfs, mixed | 32 | mkfs.btrfs -q --mixed --rootdir FILES VOLUME"
            })
    void isFullyUsedOrKeepsWhatTheSoundVolumeUses(String name, int mebibytes, String command) throws Exception {
        // given
        byte[] content = make(name, mebibytes, command);
        MemoryVolume undamaged = new MemoryVolume(content, content.length);
        FileSystem sound = FileSystems.standard().identify(undamaged);
        assertThat(sound.whyAll()).isEmpty();
        // The look for signatures reads much that is no metadata.
        List<long[]> metadata = undamaged.reads().stream()
                .filter(read -> !isLookForSignatures(read, content.length))
                .filter(read -> read[1] - read[0] >= 512)
                .toList();
        List<long[]> truth = ranges(sound.used());
        List<long[]> stored = ranges(sound.used().stored());
        int mapped = 0;
        for (int seed = 0; seed < VARIANTS; seed++) {
            // when
            // The first numbers of java.util.Random are nearly the same for neighbouring seeds.
            SplittableRandom random = new SplittableRandom(seed);
            long[] place = metadata.get(random.nextInt(metadata.size()));
            int at = (int) (place[0] + random.nextLong(place[1] - place[0]));
            byte[] before = Arrays.copyOfRange(content, at, Math.min(at + MAX_DAMAGE_BYTES, content.length));
            long size = damage(content, at, before.length, random);
            MemoryVolume volume = new MemoryVolume(content, size);
            FileSystem found = identify(volume, seed);
            // then
            assertThat(found.used().sizeBytes()).isEqualTo(size);
            assertThat(volume.bytesRead()).as("bytes read, seed %s", seed).isLessThan(3L * content.length + (1 << 20));
            mapped += found.isMapped() ? 1 : 0;
            // Without checksums, only a single place may be damaged for the counts to tell.
            if (found.isMapped()) {
                requireKept(found.used(), truth, name + ", seed " + seed);
                requireKept(found.used().stored(), stored, name + ", seed " + seed);
            } else if (!found.isMapped()) {
                assertThat(found.used().usedBytes()).isEqualTo(size);
            }
            System.arraycopy(before, 0, content, at, before.length);
        }
        assertThat(mapped).as("damage that was harmless").isLessThan(VARIANTS * 9 / 10);
    }

    private static boolean isLookForSignatures(long[] read, long sizeBytes) {
        return SignaturePlaces.joined(sizeBytes, SignatureView.GAP_BYTES)
                .contains(new SignaturePlaces.Range(read[0], read[1]));
    }

    private static FileSystem identify(BlockSource volume, int seed) throws DeviceException {
        try {
            return FileSystems.standard().identify(volume);
        } catch (RuntimeException escaped) {
            throw new AssertionError("seed " + seed, escaped);
        }
    }

    private static void requireKept(UsedMap map, List<long[]> truth, String variant) {
        try {
            FsTools.requireKept(map, truth);
        } catch (AssertionError skipped) {
            throw new AssertionError(variant, skipped);
        }
    }

    /** Flips one bit, or up to 8 of one byte, or zeroes or randomises up to 512 bytes, or cuts the volume. Returns its size. */
    private static long damage(byte[] content, int at, int most, SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0, 1 -> content[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> content[at] = (byte) random.nextInt();
            case 3 -> Arrays.fill(content, at, at + 1 + random.nextInt(most), (byte) (random.nextBoolean() ? 0 : 0xFF));
            case 4 -> {
                byte[] noise = new byte[1 + random.nextInt(most)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, content, at, noise.length);
            }
            default -> {
                return 1 + random.nextLong(content.length);
            }
        }
        return content.length;
    }

    private static byte[] make(String name, int mebibytes, String command) throws Exception {
        Path path = FsTools.sparse(folder, "volume" + System.nanoTime(), (long) mebibytes << 20);
        FsTools.run(command.replace("FILES", files.toString())
                .replace("PROTOTYPE", Restored.prototype(files).toString())
                .replace("VOLUME", path.toString())
                .split(" ", -1));
        if (name.startsWith("FAT")) {
            FsTools.run("sh", "-c", "mcopy -i " + path + " " + files + "/* ::");
        }
        if (name.startsWith("NTFS")) {
            FsTools.run("sh", "-c", "for f in " + files + "/*; do ntfscp " + path + " $f ${f##*/}; done");
        }
        byte[] content = Files.readAllBytes(path);
        if (name.equals("exFAT")) {
            new ExfatWriter(content, 1).age(300, 4);
        }
        return content;
    }

    private static List<long[]> ranges(UsedMap map) {
        List<long[]> ranges = new ArrayList<>();
        map.forEachUsed(0, map.sizeBytes(), (from, to) -> ranges.add(new long[] {from, to}));
        return ranges;
    }
}
