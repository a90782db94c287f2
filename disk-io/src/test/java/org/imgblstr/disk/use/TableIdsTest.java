package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.FaultyDisk;
import org.imgblstr.disk.device.LoopDevice;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.identity.NewIds;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableGrowth.Patch;
import org.imgblstr.disk.partition.TableIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New identifiers of partition tables, with sgdisk and sfdisk as judges. */
class TableIdsTest {
    private static final int MIB = 1 << 20;
    private static final int BYTES = 24 * MIB;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} with sectors of {1} bytes, {2} bytes behind its backup")
    @CsvSource({"gpt, 512, 0", "gpt, 512, 3145728", "gpt, 4096, 0", "dos, 512, 0", "dos, 4096, 0"})
    void allIdentifiersAreNewAndNothingElseHasChanged(String label, int sectorBytes, long more) throws Exception {
        Path file = divided(label, sectorBytes);
        byte[] before = content(file);
        List<String> old = ids(file, sectorBytes);
        List<String> shape = shape(file, sectorBytes);
        try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.setLength(BYTES + more);
        }

        String judged = verified(file, sectorBytes);

        Map<String, String> changes = renew(file, sectorBytes, Set.of());

        List<String> renewed = ids(file, sectorBytes);
        assertThat(changes.keySet()).containsExactlyInAnyOrderElementsOf(old);
        assertThat(renewed).isEqualTo(old.stream().map(changes::get).toList()).doesNotContainAnyElementsOf(old);
        assertThat(new HashSet<>(renewed)).hasSameSizeAs(renewed);
        assertThat(content(file)).isEqualTo(before);
        assertThat(shape(file, sectorBytes)).isEqualTo(shape).hasSize(2);
        // A backup that is not at the end of its disk is a fault to sfdisk, before and after.
        assertThat(verified(file, sectorBytes)).isEqualTo(judged);
        assertThat(judged.contains("No errors detected")).isEqualTo(more == 0);
        if (label.equals("gpt") && more == 0) {
            assertThat(LoopDevice.run(file, sectorBytes, "sgdisk", "-v")).contains("No problems found");
        }
        for (String id : renewed) {
            assertThat(LoopDevice.run(file, sectorBytes, "sfdisk", "-d").toLowerCase(Locale.ROOT))
                    .contains(id.replaceAll("-0\\d$", ""));
        }
    }

    /** What sfdisk says, without the name of the device: it is another one each time when others are in use. */
    private static String verified(Path file, int sectorBytes) throws Exception {
        return LoopDevice.run(file, sectorBytes, "sfdisk", "--verify").replaceAll("/dev/loop\\d+", "");
    }

    @Test
    void bothCopiesOfAGptHaveTheSameIdentifiers() throws Exception {
        Path file = divided("gpt", 512);
        renew(file, 512, Set.of());
        List<String> primary = ids(file, 512);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(512);
            out.write(new byte[8]);
        }
        try (Disk disk = Disks.openForReading(file.toString())) {
            PartitionTable.Gpt backup = (PartitionTable.Gpt) PartitionTable.read(disk);
            assertThat(backup.isFromBackup()).isTrue();
            assertThat(TableIds.of(backup)).isEqualTo(primary);
        }
    }

    @Test
    void eachPieceIsSyncedBeforeTheNextAndTheBackupComesFirst() throws Exception {
        Path file = divided("gpt", 512);
        try (FaultyDisk disk = new FaultyDisk(Disks.openForWriting(file.toString(), 512, false))) {
            TableIds renewed = TableIds.of(disk, Set.of(), new NewIds(new Random(3)));
            TablePatches.write(disk, renewed.patches());
            List<String> pieces =
                    renewed.patches().stream().map(TableIdsTest::written).toList();
            assertThat(renewed.patches()).extracting(Patch::firstLba).containsExactly(BYTES / 512L - 33, 0L);
            assertThat(disk.calls())
                    .filteredOn(call -> call.startsWith("write") || call.startsWith("sync"))
                    .containsExactly(pieces.get(0), "sync 0 0", pieces.get(1), "sync 0 0");
        }
    }

    private static String written(Patch patch) {
        return "write " + patch.firstLba() * 512 + " " + patch.bytes().remaining();
    }

    /** What a power cut leaves between the two pieces is a whole table: the old one. */
    @Test
    void afterTheFirstPieceTheOldTableIsWhole() throws Exception {
        Path file = divided("gpt", 512);
        List<String> old = ids(file, 512);
        try (Disk disk = Disks.openForWriting(file.toString(), 512, false)) {
            TablePatches.write(
                    disk,
                    TableIds.of(disk, Set.of(), new NewIds(new Random(4)))
                            .patches()
                            .subList(0, 1));
        }
        assertThat(ids(file, 512)).isEqualTo(old);
    }

    @Test
    void whatIsKeptStays() throws Exception {
        Path file = divided("gpt", 512);
        List<String> old = ids(file, 512);
        renew(file, 512, Set.of(old.get(1)));
        assertThat(ids(file, 512)).contains(old.get(1)).doesNotContain(old.get(0), old.get(2));
        Path mbr = divided("dos", 512);
        List<String> oldMbr = ids(mbr, 512);
        assertThat(renew(mbr, 512, Set.of(oldMbr.get(1)))).isEmpty();
        assertThat(ids(mbr, 512)).isEqualTo(oldMbr);
    }

    @Test
    void aDiskWithoutATableKeepsItsBytesAndAHybridOneIsRefused() throws Exception {
        Path plain = Files.write(folder.resolve("plain"), new byte[MIB]);
        assertThat(renew(plain, 512, Set.of())).isEmpty();
        assertThat(Files.readAllBytes(plain)).containsOnly(0);
        Path hybrid = divided("gpt", 512);
        try (Disk disk = Disks.openForReading(hybrid.toString())) {
            TableIds.check(disk);
        }
        Shell.run("sgdisk", "-h", "1", hybrid.toString());
        try (Disk disk = Disks.openForReading(hybrid.toString())) {
            assertThatThrownBy(() -> TableIds.check(disk))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("so the table keeps its identifiers");
        }
        assertThatThrownBy(() -> renew(hybrid, 512, Set.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("its MBR names partitions too");
    }

    private Path divided(String label, int sectorBytes) throws Exception {
        Shell.assumeTools("sfdisk", "sgdisk");
        byte[] noise = new byte[BYTES];
        new Random(2).nextBytes(noise);
        Arrays.fill(noise, 0, MIB, (byte) 0);
        Arrays.fill(noise, BYTES - MIB, BYTES, (byte) 0);
        Path file = Files.write(folder.resolve(label + sectorBytes), noise);
        String script = "label: " + label + "\nstart=" + MIB / sectorBytes + ",size=4M\nstart=" + 6 * MIB / sectorBytes
                + ",size=8M\n";
        if (sectorBytes == 512) {
            Shell.feed(script, "sfdisk", "-q", file.toString());
        } else {
            try (var loop = LoopDevice.attach(file, sectorBytes)) {
                Shell.feed(script, "sfdisk", "-q", loop.node());
            }
        }
        return file;
    }

    private static Map<String, String> renew(Path file, int sectorBytes, Set<String> kept) throws Exception {
        try (Disk disk = Disks.openForWriting(file.toString(), sectorBytes, false)) {
            TableIds renewed = TableIds.of(disk, kept, new NewIds(new Random(5)));
            TablePatches.write(disk, renewed.patches());
            return renewed.changes();
        }
    }

    private static List<String> ids(Path file, int sectorBytes) throws Exception {
        try (Disk disk = Disks.openForReading(file.toString(), sectorBytes)) {
            return TableIds.of(PartitionTable.read(disk));
        }
    }

    /** What the partitions hold. */
    private static byte[] content(Path file) throws Exception {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[BYTES - MIB];
            in.readFully(bytes);
            return Arrays.copyOfRange(bytes, MIB, bytes.length);
        }
    }

    /** Its partitions without identifiers and the name of the disk. */
    private static List<String> shape(Path file, int sectorBytes) throws Exception {
        return LoopDevice.run(file, sectorBytes, "sfdisk", "-d")
                .lines()
                .filter(line -> line.contains("start="))
                .map(line -> line.replaceAll("^/\\S+ : ", "").replaceAll("uuid=\\S+", ""))
                .toList();
    }
}
