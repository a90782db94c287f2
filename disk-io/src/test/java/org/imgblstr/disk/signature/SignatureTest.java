package org.imgblstr.disk.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.use.Identify.identify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystems;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each signature that libblkid knows, beside a sound file system: which of both counts cannot be told, so all is read. */
class SignatureTest {
    private static final int VOLUME_BYTES = 24 << 20;

    /** A FAT with this many reserved sectors leaves 8 MiB to plant in, from byte 512 on. */
    private static final String RESERVED_SECTORS = "16384";

    /** What readers of this program recognise; their own tests show how. */
    private static final Set<String> READ = Set.of(
            "LVM2_member",
            "vfat",
            "swsuspend",
            "swap",
            "xfs",
            "ext4dev",
            "ext4",
            "ext3",
            "ext2",
            "jbd",
            "hfsplus",
            "ntfs",
            "btrfs",
            "exfat",
            "f2fs");

    @TempDir
    static Path folder;

    private static byte[] ext;
    private static byte[] fat;

    @BeforeAll
    static void makeVolumes() throws Exception {
        FsTools.need("mke2fs", "mkfs.fat");
        ext = make("mke2fs", "-q", "-t", "ext4", "-b", "4096");
        fat = make("mkfs.fat", "-F", "16", "-s", "1", "-R", RESERVED_SECTORS);
    }

    private static byte[] make(String... command) throws Exception {
        Path path = FsTools.sparse(folder, "base" + System.nanoTime(), VOLUME_BYTES);
        String[] all = Arrays.copyOf(command, command.length + 1);
        all[command.length] = path.toString();
        FsTools.run(all);
        return Files.readAllBytes(path);
    }

    /**
     * Name; where the structure begins, a negative number counts from the end; what is in it, as text or 0xHEX, each behind @OFFSET.
     */
    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "crypto_LUKS | 0 | @0 0x4C554B53BABE0001",
                "crypto_LUKS | 16384 | @0 0x534B554CBABE0002 @256 0x0000000000004000",
                "crypto_LUKS | 32768 | @0 0x534B554CBABE0002 @256 0x0000000000008000",
                "crypto_LUKS | 65536 | @0 0x534B554CBABE0002 @256 0x0000000000010000",
                "crypto_LUKS | 131072 | @0 0x534B554CBABE0002 @256 0x0000000000020000",
                "crypto_LUKS | 262144 | @0 0x534B554CBABE0002 @256 0x0000000000040000",
                "crypto_LUKS | 524288 | @0 0x534B554CBABE0002 @256 0x0000000000080000",
                "crypto_LUKS | 1048576 | @0 0x534B554CBABE0002 @256 0x0000000000100000",
                "crypto_LUKS | 2097152 | @0 0x534B554CBABE0002 @256 0x0000000000200000",
                "crypto_LUKS | 4194304 | @0 0x534B554CBABE0002 @256 0x0000000000400000",
                "BitLocker | 0 | @0 0xEB5290 @3 -FVE-FS-",
                "BitLocker | 0 | @3 MSWIN4.1 @440 0x0000100000000000 @1048576 -FVE-FS-",
                "BitLocker | 0 | @3 MSWIN4.1 @448 0x0000100000000000 @1048576 -FVE-FS-",
                "BitLocker | 0 | @3 MSWIN4.1 @456 0x0000100000000000 @1048576 -FVE-FS-",
                "BitLocker | 0 | @424 0x3BD66749292ED84A8399F6A339E3D001",
                "BitLocker | 0 | @424 0x3B4DA89280DD0E4D9E4EB1E3284EAED8",
                "cs_fvault2 | 0 | @8 0x01001000 @88 CS @90 0x01000000 @168 0x1000000002000000",
                "DM_verity_hash | 0 | @0 0x766572697479000001000000",
                "DM_integrity | 0 | @0 0x696E74656772740001",
                "linux_raid_member | 0 | @0 0xFC4E2BA901000000",
                "linux_raid_member | 4096 | @0 0xFC4E2BA901000000 @144 0x0800000000000000",
                "linux_raid_member | -8192 | @0 0xFC4E2BA901000000 @144 0xF0BF000000000000",
                "linux_raid_member | -65536 | @0 0xFC4E2BA9000000005A000000",
                "linux_raid_member | -65536 | @0 0xA92B4EFC000000000000005A",
                "ddf_raid_member | -512 | @0 0xDE11DE11",
                "ddf_raid_member | -131584 | @0 0xDE11DE11",
                "isw_raid_member | -1024 | @0 Intel~Raid~ISM~Cfg~Sig.~1.3.00",
                "isw_raid_member | -8192 | @0 Intel~Raid~ISM~Cfg~Sig.~1.3.00",
                "lsi_mega_raid_member | -512 | @0 $XIDE$",
                "via_raid_member | -512 | @0 0x55AA01 @50 0x00",
                "silicon_medley_raid_member | -512 | @96 0x0000002F @318 0x00D1",
                "nvidia_raid_member | -1024 | @0 0x4E564944494120201E000000",
                "promise_fasttrack_raid_member | -32256 | @0 Promise~Technology,~Inc.",
                "promise_fasttrack_raid_member | -8192 | @0 Promise~Technology,~Inc.",
                "promise_fasttrack_raid_member | -1580544 | @0 Promise~Technology,~Inc.",
                "hpt45x_raid_member | -5632 | @0 0xF316785A",
                "hpt45x_raid_member | -5632 | @0 0xFD16785A",
                "hpt37x_raid_member | 4608 | @32 0xF016785A",
                "hpt37x_raid_member | 4608 | @32 0xFD16785A",
                "adaptec_raid_member | -512 | @0 0x37FC4D1E @256 DPTM",
                "jmicron_raid_member | -512 | @0 JM @4 0xB6B2",
                "bcache | 4096 | @8 0x0800000000000000 @24 0xC68573F64E1A45CA8265F57F48BA6D81",
                "bcachefs | 4096 | @24 0xC68573F64E1A45CA8265F57F48BA6D81",
                "bcachefs | 4096 | @24 0xC68573F666CE90A9D96A60CF803DF7EF",
                "bcachefs | 2097152 | @24 0xC68573F666CE90A9D96A60CF803DF7EF",
                "bcachefs | -1048576 | @24 0xC68573F666CE90A9D96A60CF803DF7EF",
                "ceph_bluestore | 0 | @0 bluestore~block~device",
                "drbd | -4096 | @60 0x8374026B @84 0x00001000",
                "drbd | -4096 | @60 0x8374026C @84 0x00001000",
                "drbd | -4096 | @60 0x8374026D @80 0x00001000",
                "drbdmanage_control_volume | 0 | @0 $DRBDmgr=q",
                "drbdproxy_datalog | 0 | @0 DRBDdlh*",
                "LVM1_member | 0 | @0 0x484D0100",
                "LVM2_member | 512 | @0 LABELONE @24 LVM2~001",
                "DM_snapshot_cow | 0 | @0 SnAp",
                "VMFS_volume_member | 1048576 | @0 0x0DD001C0",
                "ubi | 0 | @0 UBI#",
                "vdo | 0 | @0 dmvdo001",
                "stratis | 512 | @4 0x21537472613074697386FF025E417268",
                "stratis | 4608 | @4 0x21537472613074697386FF025E417268",
                "oracleasm | 0 | @32 ORCLDISK",
                "mpool | 0 | @0 mpoolDev",
                "zfs_member | 131072 | @0 0x0CB1BA0000000000",
                "zfs_member | 393216 | @0 0x0000000000BAB10C",
                "zfs_member | -393216 | @1024 0x0CB1BA0000000000",
                "zfs_member | -131072 | @1024 0x0CB1BA0000000000",
                "zfs_member | -245760 | @0 0x01010000 @40 0x0000000467756964",
                "xfs_external_log | 4096 | @0 0xFEEDBABE @8 0x0000000200000200 @300 0x00000001",
                "swsuspend | 0 | @0 0xEDC302E99856E50C",
                "exfs | 0 | @0 EXFS",
                "reiserfs | 8192 | @20 ReIsErFs",
                "reiserfs | 8192 | @52 ReIsErFs",
                "reiserfs | 65536 | @52 ReIsEr2Fs",
                "reiserfs | 65536 | @52 ReIsEr3Fs",
                "reiserfs | 65536 | @52 ReIsErFs",
                "reiser4 | 65536 | @0 ReIsEr4 @19 0x10",
                "jfs | 32768 | @0 JFS1",
                "iso9660 | 32768 | @0 0x01 @1 CD001",
                "iso9660 | 32768 | @9 CDROM",
                "udf | 32768 | @1 BEA01",
                "udf | 32768 | @1 NSR02",
                "udf | 32768 | @1 NSR03",
                "udf | 32768 | @1 BOOT2",
                "udf | 32768 | @1 CDW02",
                "udf | 32768 | @1 TEA01",
                "hfs | 1024 | @0 BD @20 0x00000200",
                "hfsplus | 1024 | @0 BD @20 0x00000200 @124 H+",
                "ufs | 0 | @1372 0x54190100",
                "ufs | 8192 | @1372 0x00011954",
                "ufs | 65536 | @1372 0x19015419",
                "ufs | 262144 | @1372 0x19540119",
                "ufs | 8192 | @1372 0x00195612",
                "ufs | 8192 | @1372 0x14500900",
                "ufs | 8192 | @1372 0x95216100",
                "ufs | 8192 | @1372 0x94192305",
                "hpfs | 8192 | @0 0x49E895F9 @512 0x491891F9",
                "sysv | 512 | @504 0x207E18FD",
                "sysv | 9728 | @504 0xFD187E20",
                "sysv | 15872 | @504 0x207E18FD",
                "sysv | 18944 | @504 0x207E18FD",
                "xenix | 2048 | @0 0x2B5544",
                "xenix | 2048 | @0 0x44552B",
                "ReFS | 0 | @3 ReFS",
                "cramfs | 0 | @0 0x453DCD28",
                "cramfs | 0 | @0 0x28CD3D45",
                "romfs | 0 | @0 -rom1fs-",
                "scoutfs_meta | 65536 | @4 0x8B423C10 @48 0x01",
                "scoutfs_data | 65536 | @4 0x8B423C10",
                "minix | 1024 | @0 0x02A0 @2 0x07D0 @4 0x0001 @6 0x0001 @8 0x0019 @16 0x137F",
                "minix | 1024 | @0 0x02A0 @4 0x0001 @6 0x0001 @8 0x0019 @16 0x2478 @20 0x000007D0",
                "minix | 1024 | @0 0xA0020000 @6 0x01000100 @10 0x1900 @20 0xD0070000 @24 0x5A4D @28 0x0004",
                "gfs | 65536 | @0 0x01161970 @24 0x0000051D00000579",
                "gfs2 | 65536 | @0 0x01161970 @24 0x000007090000076C",
                "ocfs | 8192 | @0 OracleCFS",
                "ocfs2 | 1024 | @0 OCFSV2",
                "ocfs2 | 2048 | @0 OCFSV2",
                "ocfs2 | 4096 | @0 OCFSV2",
                "ocfs2 | 8192 | @0 OCFSV2",
                "vxfs | 1024 | @0 0xF5FC01A5",
                "vxfs | 8192 | @0 0xA501FCF5",
                "squashfs | 0 | @0 hsqs @28 0x0400",
                "squashfs3 | 0 | @0 hsqs @28 0x0300",
                "squashfs3 | 0 | @0 sqsh @28 0x0003",
                "nss | 4096 | @0 SPB5",
                "ubifs | 0 | @0 0x31181006",
                "bfs | 0 | @0 0xCEFAAD1B",
                "VMFS | 2097152 | @0 0x5EF1AB2F",
                "befs | 0 | @32 BFS1",
                "befs | 0 | @32 1SFB",
                "befs | 512 | @32 BFS1",
                "nilfs2 | 1024 | @0 0x0200000000003434 @8 0x1801 @20 0x02000000 @32 0x0000100000000000",
                "nilfs2 | -4096 | @0 0x0200000000003434 @8 0x1801 @20 0x02000000 @32 0x0000100000000000",
                "apfs | 0 | @32 NXSB",
                "zonefs | 0 | @0 SFOZ",
                "erofs | 1024 | @0 0xE2E1F5E0 @12 0x0C",
                "swap | 0 | @1024 0x01000000FF000000 @4086 SWAPSPACE2",
                "swsuspend | 0 | @1024 0x01000000FF000000 @8182 S1SUSPEND",
                "btrfs | 65536 | @64 _BHRfS_M",
                "ext2 | 1024 | @56 0x53EF",
                "aix | 0 | @0 0xC9C2D4C1",
                "bsd | 512 | @0 0x57455682",
                "bsd | 0 | @64 0x57455682",
                "bsd | 0 | @128 0x57455682",
                "mac | 0 | @0 0x45520200 @512 PM",
                "sgi | 0 | @0 0x0BE5A941",
                "solaris | 512 | @12 0xEEDE0D60",
                "sun | 0 | @508 0xDABEDABE",
                "ultrix | 16312 | @0 0x5729030001000000",
                "unixware | 14848 | @4 0x0D60E5CA",
                "dos | 0 | @446 0x00000000830000000008000000080000 @510 0x55AA",
                "gpt | 512 | @0 EFI~PART @24 0x0100000000000000",
                "gpt | 4096 | @0 EFI~PART @24 0x0100000000000000",
                "gpt | -512 | @0 EFI~PART @24 0xFFBF000000000000",
                "gpt | -4096 | @0 EFI~PART @24 0xFF17000000000000"
            })
    void readsAllWhereASignatureLiesBesideAFileSystem(String name, int place, String pieces) throws Exception {
        // given
        int at = place < 0 ? VOLUME_BYTES + place : place;
        boolean isInBootSector = at + firstOffset(pieces) < 512;
        byte[] base = isInBootSector ? ext : fat;
        assertThat(identify(base).whyAll()).as("the file system alone").isEmpty();
        byte[] before = base.clone();
        plant(base, at, pieces);
        // when
        FileSystem found = identify(base);
        System.arraycopy(before, 0, base, 0, base.length);
        // then
        assertThat(found.whyAll()).contains(name, isInBootSector ? "ext4" : "vfat");
        assertThat(Arrays.asList(found.name().split(", ", -1))).contains(name);
        assertThat(found.used().usedBytes()).isEqualTo(VOLUME_BYTES);
        assertThat(isCovered(at + firstOffset(pieces))).as("listed as a place").isTrue();
        requireAgreement(name, at, pieces);
    }

    /** Where blkid, too, takes the planted bytes for something, it says the same. */
    private static void requireAgreement(String name, int at, String pieces) throws Exception {
        FsTools.need("blkid");
        byte[] bare = new byte[VOLUME_BYTES];
        plant(bare, at, pieces);
        Path path = Files.write(folder.resolve("planted"), bare);
        try {
            String type = FsTools.run("blkid", "-p", "-o", "value", "-s", "TYPE", path.toString())
                    .strip();
            assertThat(type).isIn("", name);
        } catch (IOException nothingFound) {
            assertThat(nothingFound).hasMessageContaining("ended with 2");
        }
    }

    private static boolean isCovered(long offset) {
        return SignaturePlaces.of(VOLUME_BYTES).stream()
                .anyMatch(range -> range.offset() <= offset && offset < range.endOffset());
    }

    @Test
    void knowsEveryNameThatTheInstalledBlkidKnows() throws Exception {
        FsTools.need("blkid");
        Set<String> known = new TreeSet<>(READ);
        Signatures.OF_VOLUMES.forEach(signature -> known.add(signature.name()));
        List<String> unknown =
                new ArrayList<>(List.of(FsTools.run("blkid", "-k").strip().split("\n", -1)));
        unknown.removeAll(known);
        assertThat(unknown).isEmpty();
    }

    @Test
    void namesEveryPlaceInOrderAndOnce() {
        for (long size : new long[] {0, 1, 512, 4096, 65_536, 1 << 20, VOLUME_BYTES, 1L << 40}) {
            long end = -1;
            for (SignaturePlaces.Range range : SignaturePlaces.of(size)) {
                assertThat(range.offset()).isGreaterThan(end);
                assertThat(range.bytes()).isPositive();
                end = range.endOffset();
            }
            assertThat(end).isLessThanOrEqualTo(size);
        }
    }

    @Test
    void looksAtEachPlaceOnceAndReadsLittle() throws DeviceException {
        MemoryVolume volume = new MemoryVolume(new byte[VOLUME_BYTES], VOLUME_BYTES);
        assertThat(FileSystems.standard().identify(volume).whyAll()).isEqualTo("no known file system");
        assertThat(volume.reads()).hasSizeLessThan(16);
        assertThat(volume.bytesRead()).isLessThan(3 << 20);
        assertThat(volume.reads()).doesNotHaveDuplicates();
    }

    private static int firstOffset(String pieces) {
        return Integer.parseInt(pieces.substring(1, pieces.indexOf(' ')));
    }

    private static void plant(byte[] volume, int at, String pieces) {
        String[] words = pieces.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            byte[] bytes = words[i + 1].startsWith("0x")
                    ? HexFormat.of().parseHex(words[i + 1].substring(2).toUpperCase(Locale.ROOT))
                    : words[i + 1].replace('~', ' ').getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(bytes, 0, volume, at + Integer.parseInt(words[i].substring(1)), bytes.length);
        }
    }
}
