package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;
import static org.imgblstr.disk.partition.TableImages.mbr;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionSelectionTest {
    private static final byte[] GPT = gptDisk(
            512,
            400,
            gptEntry(1, 40, 59, "EFI"),
            gptEntry(2, 60, 99, "root"),
            gptEntry(3, 100, 119, "twin"),
            gptEntry(4, 120, 139, "twin"),
            gptEntry(5, 200, 220, "over"),
            gptEntry(6, 220, 230, "lap"),
            gptEntry(7, 300, 400, "past the end"),
            gptEntry(8, 150, 159, "1"));

    @TempDir
    Path directory;

    @Test
    void numbersNamesAndGuidsMayBeMixedAndKeepTheirOrder() throws Exception {
        assertThat(select(GPT, "root, 1,00000003-0000-0000-0000-000000000000"))
                .containsExactly(
                        new Region(2, 60, 40, "root"), new Region(1, 40, 20, "EFI"), new Region(3, 100, 20, "twin"));
    }

    @ParameterizedTest
    @CsvSource({
        "9, no partition '9'",
        "swap, no partition 'swap'",
        "'', no partition ''",
        "'1,', no partition ''",
        "-1, no partition '-1'",
        "99999999999, no partition",
        "twin, is the name of 2 partitions",
        "'1,EFI', named twice",
        "over, 5 and 6 overlap",
        "6, 6 and 5 overlap",
        "7, but the disk has 400 sectors"
    })
    void whatCannotBeChosenIsRefusedWithAListOfWhatExists(String list, String why) {
        assertThatThrownBy(() -> select(GPT, list))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DOES_NOT_FIT))
                .hasMessageContaining(why)
                .hasMessageContaining("2 'root' (20.0 KiB)");
    }

    @Test
    void anExtendedPartitionIsNoChoice() {
        byte[] disk = new byte[400 * 512];
        System.arraycopy(mbr("00000000 05 000000 14000000 64000000"), 0, disk, 0, 512);
        assertThatThrownBy(() -> select(disk, "1")).hasMessageContaining("only holds logical partitions");
    }

    @Test
    void aDiskWithoutTableSaysSo() {
        assertThatThrownBy(() -> select(new byte[512], "1")).hasMessageContaining("has no partition table");
    }

    @Test
    void allOfAFileIsTheWholeDisk() throws Exception {
        Path file = Files.write(directory.resolve("disk"), GPT);
        try (Disk disk = Disks.openForReading(file.toString())) {
            assertThat(PartitionSelection.whole(disk)).containsExactly(new Region(0, 0, 400, ""));
        }
    }

    private List<Region> select(byte[] bytes, String list) throws Exception {
        Path file = Files.write(directory.resolve("disk"), bytes);
        try (Disk disk = Disks.openForReading(file.toString())) {
            return PartitionSelection.parse(list, PartitionTable.read(disk), disk);
        }
    }
}
