package org.imgblstr.disk.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.attribute;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.little;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.make;
import static org.imgblstr.disk.filesystem.ntfs.NtfsBytes.record;
import static org.imgblstr.disk.use.Identify.identify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.Restored;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystemReaderContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtfsReaderTest extends FileSystemReaderContract {
    @TempDir
    static Path folder;

    private static Path files;

    @Override
    protected FileSystemReader reader() {
        return new NtfsReader(false);
    }

    @Override
    protected List<Sample> samples(Path folder) throws Exception {
        FsTools.need("mkfs.ntfs", "ntfscp");
        List<Sample> samples = new ArrayList<>();
        for (int clusterBytes : new int[] {512, 4096}) {
            Sample made = made(
                    folder,
                    "NTFS, clusters of " + clusterBytes,
                    "ntfs",
                    2048,
                    "mkfs.ntfs -F -q -Q -c " + clusterBytes
                            + " VOLUME && for f in FILES/*; do ntfscp VOLUME $f ${f##*/}; done");
            // The backup of the boot sector follows the last sector, and there need be none.
            samples.add(new Sample(made.title(), made.name(), made.content(), made.content().length - 512));
        }
        return samples;
    }

    @BeforeAll
    static void makeFiles() throws Exception {
        FsTools.need("mkfs.ntfs", "ntfscp");
        files = FsTools.files(folder, 12, 6);
    }

    /** MiB, bytes of a cluster, bytes of a sector. */
    @ParameterizedTest(name = "{0} MiB, clusters of {1}, sectors of {2}")
    @CsvSource({"20, 512, 512", "33, 4096, 512", "100, 262144, 512", "40, 4096, 4096", "700, 2097152, 512"})
    void keepsWhatPartcloneKeeps(int mebibytes, int clusterBytes, int sectorBytes) throws Exception {
        FsTools.need("partclone.ntfs");
        // given
        Path volume = make(folder, mebibytes, clusterBytes, sectorBytes);
        copyIn(volume);
        // when
        FileSystem found = identify(volume);
        List<long[]> domain = FsTools.partcloneDomain("partclone.ntfs", volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo("ntfs");
        assertThat(found.label()).isEqualTo("My Label");
        // The backup of the boot sector lies behind the last cluster, with what is too short for another cluster.
        assertThat(found.used().usedBytes() - FsTools.requireKept(found.used(), domain))
                .isBetween(1L, (long) clusterBytes + sectorBytes);
        assertThat(found.used().isUsed(found.used().sizeBytes() - sectorBytes, sectorBytes))
                .isTrue();
        Files.delete(volume);
    }

    @Test
    void anAgedVolumeIsWholeAfterItIsRestoredOntoNoise() throws Exception {
        FsTools.need("ntfs-3g", "ntfsfix", "umount", "partclone.ntfs");
        FsTools.needRoot();
        // given
        Path volume = make(folder, 64, 1024, 512);
        Map<String, Integer> before = new TreeMap<>();
        Restored.mountedNtfs(volume, mount -> {
            Restored.age(mount, 1500);
            before.putAll(Restored.contents(mount));
        });
        // when
        FileSystem found = identify(volume);
        Path restored = Restored.onNoise(volume, found.used());
        // then
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.used().usedBytes()
                        - FsTools.requireKept(found.used(), FsTools.partcloneDomain("partclone.ntfs", volume)))
                .isBetween(0L, 1L << 20);
        FsTools.run("ntfsfix", "-n", restored.toString());
        Restored.mountedNtfs(
                restored, mount -> assertThat(Restored.contents(mount)).isEqualTo(before));
        Files.delete(restored);
        Files.delete(volume);
    }

    @Test
    void followsAnMftInPieces() throws Exception {
        FsTools.need("ntfs-3g", "umount", "partclone.ntfs");
        FsTools.needRoot();
        // given a volume filled up, every other file deleted, so that the MFT grows in the holes of a few clusters each
        Path volume = make(folder, 8, 512, 512);
        Restored.mountedNtfs(volume, mount -> {
            int count = writeUntilFull(mount, "large", "x".repeat(1500));
            for (int i = 0; i < count; i += 2) {
                Files.delete(mount.resolve("large" + i));
            }
            writeUntilFull(mount, "small", "x");
        });
        byte[] content = Files.readAllBytes(volume);
        ByteBuffer mft = little(content, (int) little(content, 0).getLong(0x30) * 512);
        assertThat(attribute(mft, 0x20))
                .as("place of the list of records that map the MFT")
                .isPositive();
        // when
        FileSystem found = identify(volume);
        // then
        assertThat(found.whyAll()).isEmpty();
        FsTools.requireKept(found.used(), FsTools.partcloneDomain("partclone.ntfs", volume));
        Files.delete(volume);
    }

    private static int writeUntilFull(Path mount, String name, String text) {
        int count = 0;
        try {
            while (true) {
                Files.writeString(mount.resolve(name + count), text);
                count++;
            }
        } catch (IOException full) {
            return count;
        }
    }

    @Test
    void isUnsureOfADirtyVolume() throws Exception {
        byte[] content = content();
        ByteBuffer record = record(content, 3);
        int at = attribute(record, 0x70);
        record.putShort(at + record.getShort(at + 0x14) + 10, (short) 1);
        assertUnsure(content, "dirty");
    }

    @ParameterizedTest(name = "client list {0}, flags {1}, {2} strides written")
    @CsvSource({"0, 0, 8, false", "65535, 0, 8, true", "0, 2, 8, true", "0, 2, 7, false", "65535, 0, 1, false"})
    void isSureOnlyOfACarriedOutJournal(int clients, int flags, int strides, boolean isSure) throws Exception {
        // given a restart page as Windows writes it
        byte[] content = content();
        ByteBuffer record = record(content, 2);
        ByteBuffer page = little(content, (int) (firstCluster(record) * 4096));
        page.put(0, "RSTR".getBytes(StandardCharsets.US_ASCII));
        page.putInt(0x10, 4096).putInt(0x14, 4096).putShort(0x18, (short) 0x30);
        page.putLong(0x30, 77).putShort(0x3C, (short) clients).putShort(0x3E, (short) flags);
        page.putShort(4, (short) 0x1E).putShort(6, (short) 9).putShort(0x1E, (short) 5);
        for (int stride = 1; stride <= strides; stride++) {
            page.putShort(stride * 512 - 2, (short) 5);
        }
        // then
        if (isSure) {
            assertThat(identify(content).whyAll()).isEmpty();
        } else {
            assertUnsure(content, "journal");
        }
    }

    /** Where the catalogue is, kind of an entry in its second block, and what is said. 0 and 1 are no shadow copies. */
    @ParameterizedTest(name = "catalogue at {0}, entry of kind {1}")
    @CsvSource({
        "0, 2, ''",
        "11534336, 0, ''",
        "11534336, 1, ''",
        "11534336, 2, shadow copies",
        "11534336, 3, shadow copies",
        "11599872, 0, damaged",
        "-1, 0, outside the volume"
    })
    void readsAllOfAVolumeWithShadowCopies(long place, long kind, String why) throws Exception {
        // given
        byte[] content = content();
        putShadowHeader(content, 7680, 1).putLong(48, place);
        Arrays.fill(content, 11 << 20, (11 << 20) + 131_072, (byte) 0);
        putShadowHeader(content, 11 << 20, 2).putLong(40, (11 << 20) + 32_768);
        putShadowHeader(content, (11 << 20) + 32_768, 2).putLong(128 + 5 * 128, kind);
        // then
        if (why.isEmpty()) {
            assertThat(identify(content).whyAll()).isEmpty();
        } else {
            assertUnsure(content, why);
        }
    }

    private static ByteBuffer putShadowHeader(byte[] content, int at, int kind) {
        ByteBuffer header = little(content, at);
        header.put(0, HexFormat.of().parseHex("6b87083876c1484eb7ae04046e6cc752"));
        return header.putInt(16, 1).putInt(20, kind);
    }

    @Test
    void isUnsureOfAHibernatedVolume() throws Exception {
        Path volume = make(folder, 16, 4096, 512);
        Path image = Files.writeString(folder.resolve("hibernation"), "\0\0\0\0" + "x".repeat(10_000));
        FsTools.run("ntfscp", volume.toString(), image.toString(), "hiberfil.sys");
        assertThat(identify(volume).whyAll()).as("Windows was resumed").isEmpty();
        Files.writeString(image, "hibr" + "x".repeat(10_000));
        FsTools.run("ntfscp", volume.toString(), image.toString(), "hiberfil.sys");
        assertUnsure(Files.readAllBytes(volume), "hibernated");
        Files.delete(volume);
    }

    @Test
    void isUnsureWhenAnyFileHasAClusterThatIsMarkedFree() throws Exception {
        byte[] content = content();
        int bitmap = (int) (firstCluster(record(content, 6)) * 4096);
        FileSystem sound = identify(content);
        for (int cluster = 0; cluster < content.length / 4096; cluster++) {
            if ((content[bitmap + cluster / 8] & 1 << cluster % 8) != 0 && cluster < (content.length - 1) / 4096) {
                content[bitmap + cluster / 8] ^= (byte) (1 << cluster % 8);
                assertThat(identify(content).whyAll()).as("cluster %s", cluster).contains("marked free");
                content[bitmap + cluster / 8] ^= (byte) (1 << cluster % 8);
            }
        }
        assertThat(identify(content).used().usedBytes()).isEqualTo(sound.used().usedBytes());
    }

    @Test
    void isUnsureOfARecordThatWasWrittenInPart() throws Exception {
        byte[] content = content();
        content[record(content, 5).arrayOffset() + 510] ^= 1;
        assertUnsure(content, "record 5 was written only in part");
    }

    @Test
    void isUnsureWhenTheBackupOfTheBootSectorDiffers() throws Exception {
        byte[] content = content();
        content[content.length - 512 + 0x48] ^= 1;
        assertUnsure(content, "backup");
    }

    private static void assertUnsure(byte[] content, String why) throws Exception {
        FileSystem found = identify(content);
        assertThat(found.name()).isEqualTo("ntfs");
        assertThat(found.whyAll()).contains(why).doesNotContain("\n");
        assertThat(found.used().usedBytes()).isEqualTo(content.length);
    }

    /** Of the data of a file whose first run has one byte of length; its place has up to 3. */
    private static long firstCluster(ByteBuffer record) {
        int run = attribute(record, 0x80);
        run += record.getShort(run + 0x20);
        int lengthBytes = record.get(run) & 0xF;
        int placeBytes = record.get(run) >> 4;
        return record.getInt(run + 1 + lengthBytes) & (1L << (8 * placeBytes)) - 1;
    }

    private static byte[] content() throws Exception {
        Path volume = make(folder, 12, 4096, 512);
        copyIn(volume);
        byte[] content = Files.readAllBytes(volume);
        Files.delete(volume);
        return content;
    }

    private static void copyIn(Path volume) throws Exception {
        try (Stream<Path> list = Files.list(files)) {
            for (Path file : list.toList()) {
                FsTools.run(
                        "ntfscp",
                        volume.toString(),
                        file.toString(),
                        file.getFileName().toString());
            }
        }
    }
}
