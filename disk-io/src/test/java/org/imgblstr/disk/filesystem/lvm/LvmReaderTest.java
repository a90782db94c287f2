package org.imgblstr.disk.filesystem.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imgblstr.disk.use.Identify.identify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.imgblstr.disk.use.FileSystems;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volume groups made by lvm2 on a loop device without device mapper; the logical volumes are filled at the places lvs names. */
class LvmReaderTest extends FileSystemReaderContract {
    private static final int MIB = 1 << 20;
    private static final int EXTENT = MIB;

    @TempDir
    Path folder;

    @Override
    protected FileSystemReader reader() {
        return new LvmReader(volume -> UsedMap.allUsed(volume.sizeBytes()));
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        needTools();
        this.folder = folder;
        return List.of(new Sample("LVM", "LVM2_member", make("lvcreate -n a -l 5 VG && lvcreate -n b -l 5 VG")));
    }

    @BeforeAll
    static void needTools() {
        FsTools.need("pvcreate", "vgcreate", "lvcreate", "losetup", "mkfs.ext4");
        FsTools.needRoot();
    }

    @Test
    void mapsLinearVolumesInPieces() throws Exception {
        // given a volume in two pieces that holds ext4, one that holds noise, and free extents
        byte[] content = make(
                "lvcreate -n first -l 20 VG && lvcreate -n noise -l 3 VG && lvremove VG/first && lvcreate -n root -l 50 VG");
        List<int[]> root = pieces("root");
        List<int[]> noise = pieces("noise");
        assertThat(root).hasSize(2);
        byte[] fileSystem = ext4(50 * EXTENT);
        place(content, fileSystem, root);
        byte[] random = new byte[3 * EXTENT];
        new Random(1).nextBytes(random);
        place(content, random, noise);
        UsedMap sound = identify(fileSystem).withLeftovers(512).used();
        // when
        FileSystem found = identify(content);
        // then
        assertThat(found.name()).isEqualTo("LVM2_member");
        assertThat(found.whyAll()).isEmpty();
        UsedMap used = found.used();
        assertThat(used.nextFree(0)).as("label and metadata").isGreaterThanOrEqualTo(MIB);
        assertThat(used.nextFree(at(noise.get(0)[0])))
                .as("noise")
                .isGreaterThanOrEqualTo(at(noise.get(0)[0]) + 3L * EXTENT);
        long tail = content.length - at((content.length - MIB) / EXTENT);
        assertThat(used.usedBytes()).isEqualTo(MIB + 3L * EXTENT + sound.usedBytes() + tail);
        assertThat(used.usedBytes() - used.stored().usedBytes())
                .as("known to be zero")
                .isEqualTo(sound.usedBytes() - sound.stored().usedBytes())
                .isPositive();
        byte[] kept = new byte[fileSystem.length];
        byte[] restored = new byte[content.length];
        used.forEachUsed(
                0,
                content.length,
                (from, to) -> System.arraycopy(content, (int) from, restored, (int) from, (int) (to - from)));
        take(restored, kept, root);
        sound.forEachUsed(0, kept.length, (from, to) -> assertThat(
                        Arrays.equals(kept, (int) from, (int) to, fileSystem, (int) from, (int) to))
                .isTrue());
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "type = \"striped\" | type = \"mirrors\" | not linear",
                "stripe_count = 1 | stripe_count = 2 | not linear",
                "stripes = [ | strides = [ | not understood",
                "extent_count = 5 | extent_count = 9 | share an extent",
                "start_extent = 0 | start_extent = 1 | gaps",
                "segment_count = 1 | segment_count = 2 | lacking",
                "pe_count = 63 | pe_count = 99 | extents of",
                "pe_count = 63 | pe_count = 01 | leaves the physical volume",
                "extent_size = | extent_xize = | without number extent_size",
                "seqno = | seqno } | cannot be understood"
            })
    void isUnsureOfMetadataThatItShouldNotTrust(String text, String instead, String why) throws Exception {
        // given metadata with another meaning and checksums that hold
        byte[] content = make("lvcreate -n a -l 5 VG && lvcreate -n b -l 5 VG");
        replaceInMetadata(content, text, instead);
        // when
        FileSystem found = identify(content);
        // then
        assertThat(found.whyAll()).contains(why);
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
    }

    /** Metadata that names the same extents a thousand times would make a disk be read a thousand times. */
    @Test
    void readsNoLogicalVolumeWhenTwoShareAnExtent() throws Exception {
        byte[] content = make("lvcreate -n a -l 5 VG && lvcreate -n b -l 5 VG");
        replaceInMetadata(content, "extent_count = 5", "extent_count = 9");
        List<Long> read = new ArrayList<>();
        LvmReader reader = new LvmReader(volume -> {
            read.add(volume.sizeBytes());
            return UsedMap.allUsed(volume.sizeBytes());
        });

        assertThatThrownBy(() -> reader.usedBlocks(new MemoryVolume(content, content.length)))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining("share an extent");

        assertThat(read).isEmpty();
    }

    @Test
    void damageLosesNothingThatTheSoundVolumeUses() throws Exception {
        // given
        byte[] content = make("lvcreate -n root -l 20 VG && lvcreate -n noise -l 3 VG");
        place(content, ext4(20 * EXTENT), pieces("root"));
        FileSystem sound = identify(content);
        assertThat(sound.whyAll()).isEmpty();
        List<long[]> truth = new ArrayList<>();
        sound.used().forEachUsed(0, content.length, (from, to) -> truth.add(new long[] {from, to}));
        int mapped = 0;
        for (int seed = 0; seed < 300; seed++) {
            // when label, metadata area or the file system within is damaged
            SplittableRandom random = new SplittableRandom(seed);
            int start = seed % 3 == 0 ? (int) at(pieces("root").get(0)[0]) + 1024 : 512;
            int at = start + random.nextInt(seed % 3 == 1 ? 512 : 8192);
            byte[] before = content.clone();
            content[at] ^= (byte) (1 << random.nextInt(8));
            if (seed % 2 == 0) {
                Arrays.fill(content, at, at + 1 + random.nextInt(512), (byte) random.nextInt());
            }
            FileSystem found = identify(content);
            // then
            mapped += found.isMapped() ? 1 : 0;
            FsTools.requireKept(found.used(), truth);
            System.arraycopy(before, 0, content, 0, content.length);
        }
        assertThat(mapped).as("damage that was harmless").isLessThan(270);
    }

    /** The metadata area starts at byte 4096. Texts are of the same length. */
    private static void replaceInMetadata(byte[] content, String text, String instead) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int start = 4096 + (int) bytes.getLong(4096 + 40);
        int length = (int) bytes.getLong(4096 + 48);
        String metadata = new String(content, start, length, StandardCharsets.ISO_8859_1);
        assertThat(metadata).contains(text);
        byte[] changed = metadata.replace(text, instead).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(changed).hasSize(length);
        System.arraycopy(changed, 0, content, start, length);
        bytes.putInt(4096 + 56, ChainedCrc.crc32(0xF597_A6CF, bytes, start, length));
        bytes.putInt(4096, ChainedCrc.crc32(0xF597_A6CF, bytes, 4100, 508));
    }

    @Test
    void damagedMetadataKeepsAllOrWhatTheSoundVolumeKeeps() throws Exception {
        // given
        byte[] content = make("lvcreate -n root -l 20 VG");
        place(content, ext4(20 * EXTENT), pieces("root"));
        MemoryVolume undamaged = new MemoryVolume(content, content.length);
        FileSystem sound = FileSystems.standard().identify(undamaged);
        assertThat(sound.whyAll()).isEmpty();
        List<long[]> truth = new ArrayList<>();
        sound.used().forEachUsed(0, content.length, (from, to) -> truth.add(new long[] {from, to}));
        List<long[]> places = undamaged.reads().stream()
                .filter(read -> read[1] - read[0] >= 512 && read[0] < MIB)
                .toList();
        int unsure = 0;
        for (int seed = 0; seed < 300; seed++) {
            // when
            Random random = new Random(seed);
            long[] place = places.get(random.nextInt(places.size()));
            int at = (int) (place[0] + random.nextLong(Math.min(4096, place[1] - place[0])));
            byte before = content[at];
            content[at] ^= (byte) (1 << random.nextInt(8));
            long size = random.nextInt(6) == 0 ? 1 + random.nextLong(content.length) : content.length;
            FileSystem found = FileSystems.standard().identify(new MemoryVolume(content, size));
            content[at] = before;
            // then
            FsTools.requireKept(found.used(), truth);
            unsure += found.isMapped() ? 0 : 1;
        }
        assertThat(unsure).isGreaterThan(100);
    }

    /** Makes a volume group of 64 MiB and runs commands on it; VG stands for its name. */
    private byte[] make(String commands) throws Exception {
        Path volume = FsTools.sparse(folder, "volume", 64L * MIB);
        String device =
                FsTools.run("losetup", "-f", "--show", volume.toString()).trim();
        try {
            Files.writeString(
                    Files.createDirectories(folder.resolve("etc")).resolve("lvm.conf"),
                    "devices { filter=[\"a|^" + device + "$|\",\"r|.*|\"] use_devicesfile=0 }\n"
                            + "activation { udev_sync=0 udev_rules=0 }\nbackup { backup=0 archive=0 }\n");
            String group = "group" + System.nanoTime();
            String made = "pvcreate -y " + device + " && vgcreate -y -s 1M VG " + device + " && " + commands;
            String options = " -y --driverloaded n";
            lvm(made.replace("lvcreate", "lvcreate -an -Zn -Wn" + options)
                    .replace("lvremove", "lvremove" + options)
                    .replace("VG", group));
            lvs = lvm("lvs --noheadings -o lv_name,seg_pe_ranges --driverloaded n " + group);
        } finally {
            FsTools.run("losetup", "-d", device);
        }
        return Files.readAllBytes(volume);
    }

    private String lvs = "";

    private String lvm(String command) throws IOException, InterruptedException {
        return FsTools.run(
                "sh",
                "-c",
                "export LVM_SUPPRESS_FD_WARNINGS=1 LVM_SYSTEM_DIR=" + folder.resolve("etc") + "; " + command);
    }

    /** First and last extent of each piece of a logical volume. */
    private List<int[]> pieces(String name) {
        List<int[]> pieces = new ArrayList<>();
        Matcher line = Pattern.compile("\\b" + name + " +\\S+:(\\d+)-(\\d+)").matcher(lvs);
        while (line.find()) {
            pieces.add(new int[] {Integer.parseInt(line.group(1)), Integer.parseInt(line.group(2))});
        }
        return pieces;
    }

    private static long at(long extent) {
        return MIB + extent * EXTENT;
    }

    private static void place(byte[] content, byte[] logical, List<int[]> pieces) {
        int from = 0;
        for (int[] piece : pieces) {
            int length = (piece[1] - piece[0] + 1) * EXTENT;
            System.arraycopy(logical, from, content, (int) at(piece[0]), length);
            from += length;
        }
    }

    private static void take(byte[] content, byte[] logical, List<int[]> pieces) {
        int to = 0;
        for (int[] piece : pieces) {
            int length = (piece[1] - piece[0] + 1) * EXTENT;
            System.arraycopy(content, (int) at(piece[0]), logical, to, length);
            to += length;
        }
    }

    private byte[] ext4(int bytes) throws Exception {
        Path path = FsTools.sparse(folder, "ext4", bytes);
        FsTools.run(
                "mke2fs",
                "-q",
                "-t",
                "ext4",
                "-b",
                "1024",
                "-d",
                FsTools.files(folder, 100, 3).toString(),
                path.toString());
        return Files.readAllBytes(path);
    }
}
