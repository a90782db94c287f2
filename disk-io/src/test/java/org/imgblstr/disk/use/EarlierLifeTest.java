package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.filesystem.FsTools;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever was on a target before: afterwards wipefs and blkid say of it, and of each of its partitions, what they say of the source. Each kind
 * lies once on the disk and once in the partition.
 */
class EarlierLifeTest {
    private static final int MIB = 1 << 20;
    private static final int DISK_BYTES = 9 * MIB;
    private static final int PARTITION_BYTES = 7 * MIB;
    private static final int LARGER_BYTES = 13 * MIB + 7 * 4096;

    @TempDir
    static Path folder;

    private static Path source;
    private static byte[] junk;

    @BeforeAll
    static void makeSource() throws Exception {
        FsTools.need("wipefs", "blkid", "sfdisk", "mke2fs");
        source = divided("source", DISK_BYTES, PARTITION_BYTES);
        Path volume = FsTools.sparse(folder, "volume", PARTITION_BYTES);
        FsTools.run("mke2fs", "-q", "-t", "ext4", "-L", "root", volume.toString());
        copy(volume, 0, source, MIB, PARTITION_BYTES);
        junk = new byte[LARGER_BYTES];
        new Random(7).nextBytes(junk);
    }

    static List<Arguments> livesAndSizes() {
        return livesOn(DISK_BYTES, LARGER_BYTES);
    }

    /** Each kind with one of two sizes, in turn. libblkid sees no ZFS in less than 64 MiB. */
    private static List<Arguments> livesOn(int bytes, int nextBytes) {
        List<Arguments> all = new ArrayList<>();
        for (Planted.Kind kind : Planted.kinds()) {
            int inTurn = all.size() % 2 == 0 ? bytes : nextBytes;
            all.add(Arguments.of(kind, kind.type().startsWith("zfs") ? 66 * MIB : inTurn));
        }
        return all;
    }

    @ParameterizedTest(name = "{0} on {1} bytes")
    @MethodSource("livesAndSizes")
    void isNotSeenOnADisk(Planted.Kind kind, int bytes) throws Exception {
        // given
        Path target = Files.write(folder.resolve("target"), Arrays.copyOf(junk, bytes));
        Planted.plant(kind, target, 0, bytes);
        Planted.plant(kind, target, MIB, PARTITION_BYTES);
        assertThat(wipefs(target)).anySatisfy(line -> assertThat(line).contains(kind.type()));
        // when
        RestoredDisk.copy(source, target, 512);
        // then
        List<String> expected = wipefs(source);
        boolean isLonger = bytes > DISK_BYTES;
        // The backup of a GPT stays where it was on the source: docs/targets.md, section 1.
        assertThat(wipefs(target))
                .isEqualTo(
                        isLonger
                                ? expected.stream()
                                        .filter(line -> !isBackup(line))
                                        .toList()
                                : expected);
        assertThat(blkid(target)).isEqualTo(blkid(source));
        assertSameVolume(target, MIB, PARTITION_BYTES);
    }

    /** The target's partition begins elsewhere and is as long as the image, or longer. */
    static List<Arguments> livesAndRooms() {
        return livesOn(PARTITION_BYTES + 2 * MIB + 3 * 4096, PARTITION_BYTES);
    }

    @ParameterizedTest(name = "{0} in {1} bytes")
    @MethodSource("livesAndRooms")
    void isNotSeenInAPartitionAndNothingElseIsTouched(Planted.Kind kind, int room) throws Exception {
        // given
        Path target = Files.write(folder.resolve("target"), Arrays.copyOf(junk, Math.max(junk.length, room + 3 * MIB)));
        divide(target, room);
        Planted.plant(kind, target, MIB, room);
        byte[] before = Files.readAllBytes(target);
        // when
        RestoredDisk.copy(source, target, 512, "1", "1");
        // then
        assertSameVolume(target, MIB, room);
        byte[] after = Files.readAllBytes(target);
        assertThat(Arrays.mismatch(before, 0, MIB, after, 0, MIB)).isEqualTo(-1);
        int end = MIB + room;
        assertThat(Arrays.mismatch(before, end, before.length, after, end, after.length))
                .isEqualTo(-1);
    }

    @Test
    void aBackupOfAnotherGptIsNotSeenOnALargerDisk() throws Exception {
        Path target = divided("target", LARGER_BYTES, 3 * MIB);
        Path bare = FsTools.sparse(folder, "bare", PARTITION_BYTES);
        FsTools.run("mke2fs", "-q", "-t", "ext4", bare.toString());
        RestoredDisk.copy(bare, target, 512);
        assertThat(wipefs(target)).isEqualTo(wipefs(bare));
        assertThat(blkid(target)).isEqualTo(blkid(bare));
    }

    @Test
    void whatIsUnusedOtherwiseStays() throws Exception {
        Path target = Files.write(folder.resolve("target"), junk);
        RestoredDisk.copy(source, target, 512);
        byte[] after = Files.readAllBytes(target);
        int middle = 5 * MIB + MIB / 2;
        assertThat(Arrays.mismatch(junk, middle, middle + MIB / 4, after, middle, middle + MIB / 4))
                .as("free space of the partition")
                .isEqualTo(-1);
        assertThat(Arrays.mismatch(junk, 10 * MIB, 11 * MIB, after, 10 * MIB, 11 * MIB))
                .as("behind the image")
                .isEqualTo(-1);
    }

    private static boolean isBackup(String line) {
        return line.contains("gpt") && line.contains("0x" + Integer.toHexString(DISK_BYTES - 512));
    }

    private static void assertSameVolume(Path target, long offset, int bytes) throws Exception {
        Path expected = cut(source, MIB, PARTITION_BYTES, "expected");
        Path found = cut(target, offset, bytes, "found");
        assertThat(wipefs(found)).isEqualTo(wipefs(expected));
        assertThat(blkid(found)).isEqualTo(blkid(expected));
    }

    /** Offset, type, UUID and label of each signature. */
    private static List<String> wipefs(Path path) throws Exception {
        return FsTools.run("wipefs", "-n", "-i", "-p", path.toString())
                .lines()
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static String blkid(Path path) throws Exception {
        return FsTools.run("sh", "-c", "blkid -p " + path + " || echo code $?").replace(path + ":", "");
    }

    private static Path divided(String name, long bytes, int partitionBytes) throws Exception {
        Path disk = FsTools.sparse(folder, name, bytes);
        divide(disk, partitionBytes);
        return disk;
    }

    private static void divide(Path disk, int partitionBytes) throws Exception {
        String table = "label: gpt\\nstart=2048,size=" + partitionBytes / 512;
        FsTools.run("sh", "-c", "printf '" + table + "\\n' | sfdisk -q --wipe never --wipe-partitions never " + disk);
    }

    private static Path cut(Path disk, long offset, int bytes, String name) throws IOException {
        Path piece = folder.resolve(name);
        Files.deleteIfExists(piece);
        Files.createFile(piece);
        copy(disk, offset, piece, 0, bytes);
        return piece;
    }

    private static void copy(Path from, long offset, Path to, long toOffset, int bytes) throws IOException {
        try (FileChannel source = FileChannel.open(from);
                FileChannel target = FileChannel.open(to, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.allocate(bytes);
            while (content.hasRemaining() && source.read(content, offset + content.position()) > 0) {
                // reads on
            }
            target.write(content.flip(), toOffset);
        }
    }
}
