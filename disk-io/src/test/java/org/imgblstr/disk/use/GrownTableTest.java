package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.FaultyDisk;
import org.imgblstr.disk.device.LoopDevice;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableGrowth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last partition takes the rest of a longer disk, with sgdisk and sfdisk as judges. */
class GrownTableTest {
    private static final int MIB = 1 << 20;
    private static final int SOURCE_BYTES = 64 * MIB;

    /** Two partitions: 1 to 5 MiB, 5 to 33 MiB. */
    private static final int USED_BYTES = 33 * MIB;

    private static final String TWO = "start=2048,size=4M\nstart=10240,size=28M\n";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, {1} bytes longer, with sectors of {2} bytes")
    @CsvSource({
        "gpt, 512, 512", "gpt, 524288, 512", "gpt, 1048576, 512", "gpt, 67108864, 512", "gpt, 4096, 4096",
        "gpt, 33558528, 4096", "dos, 512, 512", "dos, 524288, 512", "dos, 67109376, 512", "dos, 33554432, 4096"
    })
    void theTableIsSoundAndNothingElseHasChanged(String label, long more, int sectorBytes) throws Exception {
        Path file = divided("label: " + label + "\n" + two(sectorBytes), sectorBytes);
        byte[] before = contents(file);
        String dumped = dump(file, sectorBytes);
        // when
        lengthen(file, more);
        grow(file, "", sectorBytes);
        // then
        long sectors = (SOURCE_BYTES + more) / sectorBytes;
        long grain = MIB / sectorBytes;
        long limit = label.equals("gpt") ? sectors - 1 - 16_384 / sectorBytes : sectors;
        checkSound(file, label, sectorBytes);
        assertThat(last(file, sectorBytes).endLba()).isEqualTo(limit / grain * grain);
        assertThat(contents(file)).isEqualTo(before);
        assertThat(withoutLengths(dump(file, sectorBytes))).isEqualTo(withoutLengths(dumped));
        assertThat(growth(file, "", sectorBytes).patches()).as("a second time").isEmpty();
        // and again
        lengthen(file, 7 * MIB + sectorBytes);
        grow(file, "2", sectorBytes);
        checkSound(file, label, sectorBytes);
        assertThat(last(file, sectorBytes).endLba()).isGreaterThan(limit);
        assertThat(contents(file)).isEqualTo(before);
    }

    @Test
    void aPartitionUpToTheEndStaysAndTheBackupMovesWhenThereIsNoRoom() throws Exception {
        Path file = divided("label: gpt\nstart=2048,size=4M\nstart=10240\n", 512);
        Partition before = last(file, 512);
        lengthen(file, 512);
        TableGrowth growth = grow(file, "", 512);
        assertThat(growth.isLarger()).isFalse();
        assertThat(last(file, 512)).isEqualTo(before);
        checkSound(file, "gpt", 512);
        assertThat(Shell.run("sgdisk", "-p", file.toString())).contains("last usable sector is " + (64 * 2048 - 33));
    }

    @Test
    void aLogicalPartitionTakesItsExtendedPartitionWithIt() throws Exception {
        Path file = divided("""
                label: dos
                start=2048, size=8M
                start=20480, size=30M, type=5
                start=22528, size=4M
                start=32768, size=4M
                start=43008, size=4M
                """, 512);
        lengthen(file, 100L * MIB + 512);
        grow(file, "", 512);
        Shell.run("sfdisk", "--verify", file.toString());
        try (Disk disk = Disks.openForReading(file.toString())) {
            PartitionTable.Mbr table = (PartitionTable.Mbr) PartitionTable.read(disk);
            long end = 164 * 2048L;
            assertThat(table.partitions()).extracting(Partition::number).containsExactly(1, 5, 6, 7);
            assertThat(table.extended().get(0).endLba()).isEqualTo(end);
            assertThat(table.partition(7).orElseThrow().endLba()).isEqualTo(end);
            assertThat(table.partition(6).orElseThrow().sectorCount()).isEqualTo(8192);
        }
        assertThat(Shell.run("sfdisk", "--verify", file.toString())).contains("No errors detected");
    }

    @Test
    void anMbrReachesNoFurtherThanItsNumbers() throws Exception {
        Path file = divided("label: dos\nstart=2048,size=4M\n", 512);
        lengthen(file, 3L << 40);
        TableGrowth growth = grow(file, "", 512);
        assertThat(growth.isLimited()).isTrue();
        assertThat(growth.endLba()).isEqualTo(0xFFFF_F800L);
        assertThat(Shell.run("sfdisk", "--verify", file.toString())).contains("No errors detected");
    }

    @Test
    void whatAnEarlierLifeLeftInTheNewRoomIsGone() throws Exception {
        Shell.assumeTools("blkid");
        Path file = divided("label: gpt\n" + TWO, 512);
        lengthen(file, 64L * MIB);
        // The newest RAID metadata of version 1.0 lies 8 KiB before the end of its volume, here the larger partition.
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(127L * MIB - 8192);
            out.writeInt(0xFC4E2BA9);
        }
        grow(file, "", 512);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(127L * MIB - 8192);
            assertThat(in.readInt()).isZero();
        }
    }

    @Test
    void eachPieceOfTheTableIsSyncedBeforeTheNextIsWritten() throws Exception {
        Path file = divided("label: gpt\n" + TWO, 512);
        lengthen(file, 100L * MIB);
        try (FaultyDisk disk = new FaultyDisk(Disks.openForWriting(file.toString(), 512, false))) {
            TableGrowth growth = TableGrowth.of(disk, "");
            GrownTable.write(disk, growth);
            // New backup, head, old backup: a power cut may tear the one that is being written, and no other.
            List<String> pieces = growth.patches().stream()
                    .map(patch -> "write " + patch.firstLba() * 512 + " "
                            + patch.bytes().remaining())
                    .toList();
            assertThat(pieces).hasSize(3);
            assertThat(disk.calls())
                    .filteredOn(call -> pieces.contains(call) || call.equals("sync 0 0"))
                    .containsExactly(pieces.get(0), "sync 0 0", pieces.get(1), "sync 0 0", pieces.get(2), "sync 0 0");
        }
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "'label: gpt\nstart=2048,size=4M\nstart=10240,size=28M\n', 1, 'partition 2 lies behind partition 1'",
        "'label: gpt\nstart=2048,size=4M\nstart=10240,size=28M\n', 3, 'no partition ''3'''",
        "'label: gpt\nstart=2048,size=4M\nstart=10240,size=28M\n', '1,2', 'only one partition'",
        "'label: dos\nstart=2048,size=4M\nstart=20480,size=4M,type=5\n', '', 'extended partition 2 lies behind partition 1'",
        "'label: gpt\n', '', 'it has no partition that could be enlarged'",
        "'', '', 'it has no partition that could be enlarged'"
    })
    void whatCannotGrowIsRefusedWithItsReason(String script, String name, String reason) throws Exception {
        Path file =
                script.isEmpty() ? Files.write(folder.resolve("disk"), new byte[SOURCE_BYTES]) : divided(script, 512);
        lengthen(file, MIB);
        assertThatThrownBy(() -> growth(file, name, 512))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aHybridMbrAndADamagedTableAreRefused() throws Exception {
        Path file = divided("label: gpt\n" + TWO, 512);
        Shell.run("sgdisk", "-h", "1", file.toString());
        lengthen(file, MIB);
        assertThatThrownBy(() -> growth(file, "", 512))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("its MBR names partitions too");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(1024 + 56);
            out.write(0xFF);
        }
        assertThatThrownBy(() -> growth(file, "", 512)).isInstanceOf(RefusedException.class);
    }

    private static String two(int sectorBytes) {
        return "start=" + MIB / sectorBytes + ",size=4M\nstart=" + 5 * MIB / sectorBytes + ",size=28M\n";
    }

    /** A disk that is divided so, with noise in what the two partitions hold. */
    private Path divided(String script, int sectorBytes) throws IOException {
        Shell.assumeTools("sfdisk", "sgdisk");
        byte[] noise = new byte[SOURCE_BYTES];
        byte[] used = new byte[USED_BYTES - MIB];
        new Random(1).nextBytes(used);
        System.arraycopy(used, 0, noise, MIB, used.length);
        Path file = Files.write(folder.resolve("disk"), noise);
        if (sectorBytes == 512) {
            Shell.feed(script, "sfdisk", "-q", file.toString());
        } else {
            try (var loop = LoopDevice.attach(file, sectorBytes)) {
                Shell.feed(script, "sfdisk", "-q", loop.node());
            }
        }
        return file;
    }

    private static void lengthen(Path file, long bytes) throws IOException {
        try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.setLength(longer.length() + bytes);
        }
    }

    private static TableGrowth grow(Path file, String name, int sectorBytes) throws Exception {
        try (Disk disk = Disks.openForWriting(file.toString(), sectorBytes, false)) {
            TableGrowth growth = TableGrowth.of(disk, name);
            GrownTable.write(disk, growth);
            return growth;
        }
    }

    private static TableGrowth growth(Path file, String name, int sectorBytes) throws Exception {
        try (Disk disk = Disks.openForReading(file.toString(), sectorBytes)) {
            return TableGrowth.of(disk, name);
        }
    }

    private static Partition last(Path file, int sectorBytes) throws Exception {
        try (Disk disk = Disks.openForReading(file.toString(), sectorBytes)) {
            return PartitionTable.read(disk).partition(2).orElseThrow();
        }
    }

    /** What lies in the partitions as they were. */
    private static byte[] contents(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[USED_BYTES];
            in.readFully(bytes);
            return Arrays.copyOfRange(bytes, MIB, USED_BYTES);
        }
    }

    private static String dump(Path file, int sectorBytes) throws IOException {
        return LoopDevice.run(file, sectorBytes, "sfdisk", "-d");
    }

    /** Without the name of the disk, its last usable sector, and the lengths of partitions. */
    private static String withoutLengths(String dump) {
        return dump.replaceAll("(?m)^(device|last-lba):.*$", "")
                .replaceAll("(?m)^/\\S+ : ", "")
                .replaceAll("size= *\\d+", "");
    }

    private static void checkSound(Path file, String label, int sectorBytes) throws IOException {
        assertThat(LoopDevice.run(file, sectorBytes, "sfdisk", "--verify")).contains("No errors detected");
        if (label.equals("gpt")) {
            assertThat(LoopDevice.run(file, sectorBytes, "sgdisk", "-v")).contains("No problems found");
        }
    }
}
