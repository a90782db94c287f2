package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.LoopDevice;
import org.imgblstr.disk.device.Shell;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskInventoryTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mkfs.ext2 -q -L etwo, ext2, etwo, 2",
        "mkfs.ext3 -q -L ethree, ext3, ethree, 8",
        "mkfs.ext4 -q -L efour, ext4, efour, 8",
        "mkfs.xfs -q -L xlabel, xfs, xlabel, 320",
        "mkfs.btrfs -q -L blabel, btrfs, blabel, 128",
        "mkfs.ntfs -q -F -Q -L nlabel, ntfs, '', 8",
        "mkfs.fat -F 12 -n TWELVE, vfat, TWELVE, 2",
        "mkfs.fat -F 16 -n SIXTEEN, vfat, SIXTEEN, 16",
        "mkfs.fat -F 32, vfat, '', 64",
        "mkfs.exfat -L xx, exfat, '', 8",
        "mkswap -q -L slabel, swap, slabel, 8"
    })
    void aFileSystemThatFillsADiskIsKnownByItsSignature(String command, String type, String label, int mebibytes)
            throws Exception {
        String[] words = command.split(" ", -1);
        Shell.assumeTools(words[0]);
        Path file = sparse(mebibytes);
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = file.toString();
        Shell.run(all);
        DiskInventory.Entry entry = DiskInventory.of(file.toString());
        assertThat(entry.content()).isEqualTo(new Content(type, label));
        assertThat(entry.table()).isEqualTo("none");
    }

    @Test
    void anEmptyDiskHoldsNothingKnown() throws Exception {
        for (int bytes : new int[] {512, 4096, 65_536, 66_048, 1 << 20}) {
            Path file = Files.write(directory.resolve("disk"), new byte[bytes]);
            try (Disk disk = Disks.openForReading(file.toString())) {
                assertThat(ContentProbe.probe(disk, 0, bytes)).isEqualTo(Content.UNKNOWN);
            }
        }
    }

    @Test
    void raidIsFoundAtTheEnd() throws Exception {
        byte[] bytes = new byte[1 << 20];
        TableImages.put(bytes, (1 << 20) - 8192, "fc4e2ba9");
        Path file = Files.write(directory.resolve("disk"), bytes);
        assertThat(DiskInventory.of(file.toString()).content().type()).isEqualTo("linux_raid_member");
        TableImages.put(bytes, (1 << 20) - 8192, "00000000");
        TableImages.put(bytes, (1 << 20) - 65_536, "fc4e2ba9");
        Files.write(file, bytes);
        assertThat(DiskInventory.of(file.toString()).content().type()).isEqualTo("linux_raid_member");
    }

    @Test
    void aDamagedTableIsAProblemAndNoFailure() throws Exception {
        byte[] bytes = TableImages.mbr("00000200 ee ffffff 01000000 ffffffff");
        Path file = Files.write(directory.resolve("disk"), bytes);
        DiskInventory.Entry entry = DiskInventory.of(file.toString());
        assertThat(entry.table()).isEqualTo("unknown");
        assertThat(entry.problem()).contains("partition table");
    }

    @Test
    void everyDiskOfThisMachineIsListedWithASize() throws Exception {
        List<DiskInventory.Entry> entries = DiskInventory.list();
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.identity().sizeBytes()).isPositive();
            assertThat(entry.identity().path()).startsWith("/dev/");
            assertThat(entry.table().equals("unknown"))
                    .isEqualTo(!entry.problem().isEmpty());
        });
    }

    @ParameterizedTest
    @CsvSource({"512", "4096"})
    void partitionsAreListedWithWhatIsInThemAndWhereTheyAreMounted(int sectorBytes) throws Exception {
        Shell.assumeTools("sfdisk", "mkfs.ext4", "mkswap", "mount");
        try (var loop = LoopDevice.attach(sparse(40), sectorBytes)) {
            Shell.feed("label: gpt\nsize=16MiB, name=root\nsize=8MiB, type=S\n", "sfdisk", "-q", loop.node());
            loop.addPartitions();
            Shell.run("mkfs.ext4", "-q", "-L", "system", loop.partition(1));
            Shell.run("mkswap", "-q", loop.partition(2));
            Path mountPoint = Files.createDirectory(directory.resolve("mounted"));
            Shell.run("mount", loop.partition(1), mountPoint.toString());
            try {
                DiskInventory.Entry entry = DiskInventory.list().stream()
                        .filter(candidate -> candidate.identity().path().equals(loop.node()))
                        .findFirst()
                        .orElseThrow();
                assertThat(entry.table()).isEqualTo("gpt");
                assertThat(entry.identity().sectorBytes()).isEqualTo(sectorBytes);
                assertThat(entry.isReadOnly()).isFalse();
                assertThat(entry.partitions())
                        .extracting(DiskInventory.PartitionEntry::device, DiskInventory.PartitionEntry::content)
                        .containsExactly(
                                tuple(loop.partition(1), new Content("ext4", "system")),
                                tuple(loop.partition(2), new Content("swap", "")));
                DiskInventory.PartitionEntry root = entry.partitions().get(0);
                assertThat(root.sizeBytes()).isEqualTo(16 << 20);
                assertThat(root.partition().name()).isEqualTo("root");
                assertThat(root.uses()).hasSize(1).first().satisfies(use -> {
                    assertThat(use.kind()).isEqualTo(Kind.MOUNTED);
                    assertThat(use.where()).isEqualTo(mountPoint.toString());
                });
            } finally {
                Shell.run("umount", mountPoint.toString());
            }
        }
    }

    private Path sparse(int mebibytes) throws Exception {
        Path file = directory.resolve("disk");
        Disks.createSparse(file, (long) mebibytes << 20);
        return file;
    }
}
