package org.imgblstr.disk.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.RECORD_BYTES;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.attribute;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.make;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.named;
import static org.imgblstr.disk.use.Identify.identify;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.encrypted.VolumeKeys;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystems;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a volume Windows writes anew. */
class NtfsPageFilesTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void needTools() throws Exception {
        FsTools.need("mkfs.ntfs", "ntfscp");
    }

    @Test
    void leavesOutWhatWindowsWritesAnewOnlyWhenAsked() throws Exception {
        // given page files in the root folder, and a file of another name
        int megabyte = 1 << 20;
        Path volume = make(folder, 40, 4096, 512);
        Path noise = Files.write(folder.resolve("pages"), noise(megabyte));
        for (String name : new String[] {"pagefile.sys", "SwapFile.SYS", "hiberfil.sys", "pagefile.txt"}) {
            FsTools.run("ntfscp", volume.toString(), noise.toString(), name);
        }
        byte[] content = Files.readAllBytes(volume);
        MemoryVolume bytes = new MemoryVolume(content, content.length);
        // when
        FileSystem all = identify(content);
        FileSystem without = FileSystems.standard(true, VolumeKeys.NONE).identify(bytes);
        // then
        assertThat(all.whyAll()).isEmpty();
        assertThat(without.whyAll()).isEmpty();
        assertThat(all.used().covers(without.used())).isTrue();
        assertThat(all.used().usedBytes() - without.used().usedBytes())
                .isEqualTo(3 * (megabyte - NtfsPageFiles.KEPT_BYTES));
        Files.delete(volume);
    }

    @Test
    void aPageFileWithAnotherNameIsRead() throws Exception {
        // given a page file with a hard link
        Path volume = make(folder, 40, 4096, 512);
        Path noise = Files.write(folder.resolve("pages"), noise(1 << 20));
        FsTools.run("ntfscp", volume.toString(), noise.toString(), "pagefile.sys");
        byte[] content = Files.readAllBytes(volume);
        long usedBytes = identify(content).used().usedBytes();
        assertThat(usedWithoutPageFiles(content)).isLessThan(usedBytes);
        ByteBuffer page = named(content, "pagefile.sys");
        byte[] record = new byte[RECORD_BYTES];
        page.get(0, record);
        // when it is in another record
        page.putShort(0x12, (short) 2);
        // then
        assertThat(usedWithoutPageFiles(content)).isEqualTo(usedBytes);
        // when it is in the same record
        page.put(0, record);
        swapFixups(page, false);
        int name = attribute(page, 0x30);
        int next = name + page.getInt(name + 4);
        byte[] fromName = new byte[page.getInt(0x18) - name];
        page.get(name, fromName);
        page.put(next, fromName);
        page.putInt(0x18, next + fromName.length);
        swapFixups(page, true);
        // then
        assertThat(usedWithoutPageFiles(content)).isEqualTo(usedBytes);
        Files.delete(volume);
    }

    /** Puts the ends of the two strides of a record where they belong, or back where the disk has them. */
    private static void swapFixups(ByteBuffer record, boolean isForDisk) {
        int sequence = record.getShort(4);
        for (int stride = 1; stride <= 2; stride++) {
            int end = 512 * stride - 2;
            if (isForDisk) {
                record.putShort(sequence + 2 * stride, record.getShort(end));
                record.putShort(end, record.getShort(sequence));
            } else {
                record.putShort(end, record.getShort(sequence + 2 * stride));
            }
        }
    }

    private static long usedWithoutPageFiles(byte[] content) throws Exception {
        FileSystem without =
                FileSystems.standard(true, VolumeKeys.NONE).identify(new MemoryVolume(content, content.length));
        assertThat(without.whyAll()).isEmpty();
        return without.used().usedBytes();
    }

    @Test
    void isUnsureWhenAPageFileSharesClusters() throws Exception {
        // given a file whose one run is that of the page file
        Path volume = make(folder, 40, 4096, 512);
        Path noise = Files.write(folder.resolve("pages"), noise(1 << 20));
        FsTools.run("ntfscp", volume.toString(), noise.toString(), "pagefile.sys");
        FsTools.run("ntfscp", volume.toString(), noise.toString(), "other");
        byte[] content = Files.readAllBytes(volume);
        ByteBuffer page = named(content, "pagefile.sys");
        ByteBuffer other = named(content, "other");
        int from = attribute(page, 0x80);
        int to = attribute(other, 0x80);
        int runs = page.getShort(from + 0x20);
        assertThat(other.getInt(to + 4)).isEqualTo(page.getInt(from + 4));
        other.put(to + runs, page, from + runs, page.getInt(from + 4) - runs);
        // then
        assertThat(identify(content).whyAll()).isEmpty();
        FileSystem without =
                FileSystems.standard(true, VolumeKeys.NONE).identify(new MemoryVolume(content, content.length));
        assertThat(without.whyAll()).contains("clusters of a page file");
        Files.delete(volume);
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(4).nextBytes(noise);
        return noise;
    }
}
