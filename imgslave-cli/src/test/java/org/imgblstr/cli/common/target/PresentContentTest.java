package org.imgblstr.cli.common.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.DiskList.Attachment;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.DiskInventory.Entry;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;
import org.imgblstr.disk.partition.Partition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresentContentTest {
    private static final DiskIdentity DISK =
            new DiskIdentity("/dev/absent", "/dev/absent", "Ultra", "4C53", 1L << 33, 512, DiskIdentity.Kind.DISK);

    @TempDir
    private Path folder;

    @Test
    void busPartitionsAndTheirContentsAreNamed() {
        assertThat(PresentContent.text(entry(
                        "gpt",
                        Content.UNKNOWN,
                        List.of(
                                partition(1, "EFI", new Content("vfat", "")),
                                partition(2, "Basic data", new Content("ext4", "home")),
                                partition(3, "", Content.UNKNOWN)),
                        "")))
                .isEqualTo("bus usb, removable; now on it: gpt with 1 vfat 'EFI' (1.0 MiB), 2 ext4 'home' (1.0 MiB),"
                        + " 3 unknown (1.0 MiB)");
    }

    @Test
    void manyPartitionsAreCounted() {
        String text = PresentContent.text(
                entry("dos", Content.UNKNOWN, Collections.nCopies(9, partition(1, "", Content.UNKNOWN)), ""));
        assertThat(text).contains("now on it: dos with 1 unknown").endsWith(" and 1 more partition");
    }

    @Test
    void anUndividedDiskHasItsFileSystem() {
        assertThat(PresentContent.text(entry("none", new Content("xfs", "data"), List.of(), "")))
                .endsWith("now on it: xfs 'data'");
        assertThat(PresentContent.text(entry("none", Content.UNKNOWN, List.of(), "")))
                .endsWith("now on it: nothing that is known");
        assertThat(PresentContent.text(entry("gpt", Content.UNKNOWN, List.of(), "")))
                .endsWith("now on it: gpt without partitions");
    }

    @Test
    void whatCannotBeReadIsUnknown() {
        assertThat(PresentContent.text(entry("unknown", Content.UNKNOWN, List.of(), "a bad sector")))
                .endsWith("now on it: unknown");
        assertThat(PresentContent.of(DISK)).endsWith("now on it: unknown");
    }

    @Test
    void aTerminalObeysNoLabel() {
        assertThat(PresentContent.text(entry("none", new Content("ext4", "a\u001b[2Jb"), List.of(), "")))
                .doesNotContain("\u001b");
    }

    @Test
    void aFileHasNoBus() throws IOException, RefusedException {
        Path file = Files.write(folder.resolve("disk.raw"), new byte[8192]);
        assertThat(PresentContent.of(Disks.identify(file.toString()))).isEqualTo("now on it: nothing that is known");
    }

    private static Entry entry(String table, Content content, List<PartitionEntry> partitions, String problem) {
        return new Entry(DISK, new Attachment("usb", true), table, content, partitions, List.of(), problem);
    }

    private static PartitionEntry partition(int number, String name, Content content) {
        return new PartitionEntry(
                new Partition(number, 2048, 2048, "", "", name), 1 << 20, "/dev/sdb" + number, content, List.of());
    }
}
