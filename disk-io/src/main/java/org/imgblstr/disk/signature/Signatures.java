package org.imgblstr.disk.signature;

import java.util.ArrayList;
import java.util.List;

/**
 * Every signature that libblkid knows, by which contents are named and read in full that this program has no reader for. Names, places and
 * magic numbers are facts taken from util-linux 2.41, libblkid/src/superblocks and libblkid/src/partitions; nothing was copied. Checks are
 * never stricter than libblkid's, and mostly there are none: a name too much costs space, a name too few costs data.
 */
final class Signatures {
    private static final String ENCRYPTED = "encrypted";
    private static final String MEMBER = "part of an array or volume group";
    private static final String NO_READER = "no reader for this file system";
    private static final String TABLE = "a partition table within a volume";

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;

    private static final String MD_MAGIC = "FC4E2BA9";
    private static final String MD_MAGIC_SWAPPED = "A92B4EFC";
    private static final String BCACHE = "C68573F64E1A45CA8265F57F48BA6D81";
    private static final String BCACHEFS = "C68573F666CE90A9D96A60CF803DF7EF";
    private static final String STRATIS = "21537472613074697386FF025E417268";
    private static final int[] UFS_MAGICS = {
        0x1954_0119, 0x0001_1954, 0x0019_5612, 0x0009_5014, 0x0061_2195, 0x0523_1994
    };

    private static final Place START = Place.at(0);

    /** What is encrypted as a whole. */
    private static final List<Signature> ENCRYPTIONS = List.of(
            Signature.of("crypto_LUKS", ENCRYPTED, START).hex(0, "4C554B53BABE"),
            Signature.of("crypto_LUKS", ENCRYPTED, luks2Places())
                    .hex(0, "534B554CBABE")
                    .check(512, SignatureChecks::isLuks2Copy),
            Signature.of("BitLocker", ENCRYPTED, START).text(3, "-FVE-FS-"),
            Signature.of("BitLocker", ENCRYPTED, START).check(512, SignatureChecks::isBitLockerToGo),
            Signature.of("cs_fvault2", ENCRYPTED, START).text(88, "CS").check(512, SignatureChecks::isCoreStorage),
            Signature.of("DM_verity_hash", ENCRYPTED, START).hex(0, "7665726974790000"),
            Signature.of("DM_integrity", ENCRYPTED, START).hex(0, "696E746567727400"));

    /** RAID of controllers and of Linux, most of it at the end. */
    private static final List<Signature> ARRAYS = List.of(
            Signature.of("linux_raid_member", MEMBER, START, Place.at(4 * KIB), Place.unitFromEnd(8 * KIB, 4 * KIB))
                    .hex(0, MD_MAGIC)
                    .check(256, SignatureChecks::isMdHere),
            Signature.of("linux_raid_member", MEMBER, Place.unitFromEnd(64 * KIB, 64 * KIB))
                    .hex(0, MD_MAGIC)
                    .hex(0, MD_MAGIC_SWAPPED),
            Signature.of("ddf_raid_member", MEMBER, Place.sectorFromEnd(1), Place.sectorFromEnd(257))
                    .hex(0, "DE11DE11"),
            Signature.of("isw_raid_member", MEMBER, Place.sectorFromEnd(2), Place.sectorFromEnd(2, 4096))
                    .text(0, "Intel Raid ISM Cfg Sig. "),
            Signature.of("lsi_mega_raid_member", MEMBER, Place.sectorFromEnd(1)).text(0, "$XIDE$"),
            Signature.of("via_raid_member", MEMBER, Place.sectorFromEnd(1))
                    .hex(0, "55AA")
                    .check(51, SignatureChecks::isVia),
            Signature.of("silicon_medley_raid_member", MEMBER, Place.sectorFromEnd(1))
                    .hex(0x60, "0000002F")
                    .check(512, SignatureChecks::isSilicon),
            Signature.of("nvidia_raid_member", MEMBER, Place.sectorFromEnd(2)).text(0, "NVIDIA  "),
            Signature.of("promise_fasttrack_raid_member", MEMBER, promisePlaces())
                    .text(0, "Promise Technology, Inc."),
            Signature.of("hpt45x_raid_member", MEMBER, Place.sectorFromEnd(11))
                    .hex(0, "F316785A")
                    .hex(0, "FD16785A"),
            Signature.of("hpt37x_raid_member", MEMBER, Place.at(9 * 512))
                    .hex(32, "F016785A")
                    .hex(32, "FD16785A"),
            Signature.of("adaptec_raid_member", MEMBER, Place.sectorFromEnd(1))
                    .hex(0, "37FC4D1E")
                    .check(512, SignatureChecks::isAdaptec),
            Signature.of("jmicron_raid_member", MEMBER, Place.sectorFromEnd(1))
                    .text(0, "JM")
                    .check(128, SignatureChecks::isJmicron));

    /** Members of pools, caches, mirrors and volume groups. */
    private static final List<Signature> POOLS = List.of(
            Signature.of("bcache", MEMBER, Place.at(4 * KIB)).hex(24, BCACHE).check(40, SignatureChecks::isBcache),
            Signature.of("bcachefs", MEMBER, Place.at(4 * KIB)).hex(24, BCACHE).check(40, SignatureChecks::isNoBcache),
            Signature.of("bcachefs", MEMBER, Place.at(4 * KIB), Place.at(2 * MIB), Place.beforeEnd(MIB))
                    .hex(24, BCACHEFS),
            Signature.of("ceph_bluestore", MEMBER, START).text(0, "bluestore block device"),
            Signature.of("drbd", MEMBER, Place.beforeEnd(4 * KIB))
                    .hex(60, "8374026B")
                    .hex(60, "8374026C")
                    .hex(60, "8374026D"),
            Signature.of("drbdmanage_control_volume", MEMBER, START).text(0, "$DRBDmgr=q"),
            Signature.of("drbdproxy_datalog", MEMBER, START).text(0, "DRBDdlh*"),
            Signature.of("LVM1_member", MEMBER, START).text(0, "HM").check(4, SignatureChecks::isLvm1),
            Signature.of("DM_snapshot_cow", MEMBER, START).text(0, "SnAp"),
            Signature.of("VMFS_volume_member", MEMBER, Place.at(MIB)).hex(0, "0DD001C0"),
            Signature.of("ubi", MEMBER, START).text(0, "UBI#"),
            Signature.of("vdo", MEMBER, START).text(0, "dmvdo001"),
            Signature.of("stratis", MEMBER, Place.at(512), Place.at(9 * 512)).hex(4, STRATIS),
            Signature.of("oracleasm", MEMBER, START).text(32, "ORCLDISK"),
            Signature.of("mpool", MEMBER, START).text(0, "mpoolDev"),
            Signature.of("zfs_member", MEMBER, zfsPlaces()).check(SignatureChecks.ZFS_BYTES, SignatureChecks::isZfs));

    private static final List<Signature> FILE_SYSTEMS = List.of(
            Signature.of("xfs_external_log", NO_READER, START)
                    .check(SignatureChecks.XFS_LOG_BYTES, SignatureChecks::isXfsLog),
            Signature.of("swsuspend", NO_READER, START).hex(0, "EDC302E99856E50C"),
            Signature.of("exfs", NO_READER, START).text(0, "EXFS"),
            Signature.of("reiserfs", NO_READER, Place.at(8 * KIB))
                    .text(20, "ReIsErFs")
                    .text(52, "ReIsErFs"),
            Signature.of("reiserfs", NO_READER, Place.at(64 * KIB))
                    .text(52, "ReIsErFs")
                    .text(52, "ReIsEr2Fs")
                    .text(52, "ReIsEr3Fs"),
            Signature.of("reiser4", NO_READER, Place.at(64 * KIB)).text(0, "ReIsEr4"),
            Signature.of("jfs", NO_READER, Place.at(32 * KIB)).text(0, "JFS1"),
            Signature.of("iso9660", NO_READER, Place.at(32 * KIB))
                    .text(1, "CD001")
                    .text(9, "CDROM"),
            Signature.of("udf", NO_READER, Place.at(32 * KIB))
                    .text(1, "BEA01")
                    .text(1, "BOOT2")
                    .text(1, "CDW02")
                    .text(1, "NSR02")
                    .text(1, "NSR03")
                    .text(1, "TEA01"),
            Signature.of("hfs", NO_READER, Place.at(KIB)).text(0, "BD").check(162, SignatureChecks::isHfs),
            Signature.of("hfsplus", NO_READER, Place.at(KIB))
                    .text(0, "BD")
                    .check(162, SignatureChecks::isWrappedHfsPlus),
            ufs(),
            Signature.of("hpfs", NO_READER, Place.at(8 * KIB)).hex(0, "49E895F9"),
            Signature.of("sysv", NO_READER, Place.at(512), Place.at(9728), Place.at(15_872), Place.at(18_944))
                    .eitherOrder(504, 0xFD18_7E20),
            Signature.of("xenix", NO_READER, Place.at(2 * KIB)).hex(0, "2B5544").hex(0, "44552B"),
            Signature.of("ReFS", NO_READER, START).hex(0, "0000005265465300"),
            // Windows writes a jump into the first three bytes.
            Signature.of("ReFS", NO_READER, START).hex(3, "5265465300000000"),
            Signature.of("cramfs", NO_READER, START).eitherOrder(0, 0x28CD_3D45),
            Signature.of("romfs", NO_READER, START).text(0, "-rom1fs-"),
            Signature.of("scoutfs_meta", NO_READER, Place.at(64 * KIB))
                    .hex(4, "8B423C10")
                    .check(56, SignatureChecks::isScoutMeta),
            Signature.of("scoutfs_data", NO_READER, Place.at(64 * KIB))
                    .hex(4, "8B423C10")
                    .check(56, SignatureChecks::isScoutData),
            Signature.of("minix", NO_READER, Place.at(KIB)).check(64, SignatureChecks::isMinix),
            Signature.of("gfs", NO_READER, Place.at(64 * KIB))
                    .hex(0, "01161970")
                    .check(32, SignatureChecks::isGfs),
            Signature.of("gfs2", NO_READER, Place.at(64 * KIB))
                    .hex(0, "01161970")
                    .check(32, SignatureChecks::isGfs2),
            Signature.of("ocfs", NO_READER, Place.at(8 * KIB)).text(0, "OracleCFS"),
            Signature.of("ocfs2", NO_READER, Place.at(KIB), Place.at(2 * KIB), Place.at(4 * KIB), Place.at(8 * KIB))
                    .text(0, "OCFSV2"),
            Signature.of("vxfs", NO_READER, Place.at(KIB)).hex(0, "F5FC01A5"),
            Signature.of("vxfs", NO_READER, Place.at(8 * KIB)).hex(0, "A501FCF5"),
            Signature.of("squashfs", NO_READER, START).text(0, "hsqs").check(32, SignatureChecks::isSquashfs4),
            Signature.of("squashfs3", NO_READER, START)
                    .text(0, "hsqs")
                    .text(0, "sqsh")
                    .check(32, SignatureChecks::isSquashfs3),
            Signature.of("nss", NO_READER, Place.at(4 * KIB)).text(0, "SPB5"),
            Signature.of("ubifs", NO_READER, START).hex(0, "31181006"),
            Signature.of("bfs", NO_READER, START).hex(0, "CEFAAD1B"),
            Signature.of("VMFS", NO_READER, Place.at(2 * MIB)).hex(0, "5EF1AB2F"),
            Signature.of("befs", NO_READER, START, Place.at(512))
                    .text(32, "BFS1")
                    .text(32, "1SFB"),
            Signature.of("nilfs2", NO_READER, Place.at(KIB), Place.sectorFromEnd(8))
                    .hex(6, "3434")
                    .check(40, SignatureChecks::isNilfs2),
            Signature.of("apfs", NO_READER, START).text(32, "NXSB"),
            Signature.of("zonefs", NO_READER, START).text(0, "SFOZ"),
            Signature.of("erofs", NO_READER, Place.at(KIB)).hex(0, "E2E1F5E0"));

    /** Tables of partitions, other than an MBR at the start of a disk or a GPT on it. */
    private static final List<Signature> OTHER_TABLES = List.of(
            Signature.of("aix", TABLE, START).hex(0, "C9C2D4C1"),
            Signature.of("bsd", TABLE, Place.at(64), Place.at(128), Place.at(512))
                    .hex(0, "57455682"),
            Signature.of("mac", TABLE, START).text(0, "ER").check(514, SignatureChecks::isMacTable),
            Signature.of("sgi", TABLE, START).hex(0, "0BE5A941"),
            Signature.of("solaris", TABLE, Place.at(512)).hex(12, "EEDE0D60"),
            Signature.of("sun", TABLE, START).hex(508, "DABE").check(512, SignatureChecks::isSunLabel),
            Signature.of("ultrix", TABLE, Place.at(16_312)).hex(0, "5729030001000000"),
            Signature.of("unixware", TABLE, Place.at(29 * 512)).hex(4, "0D60E5CA"));

    /** Tables that belong to a disk that is divided, and to nothing else. */
    private static final List<Signature> TABLES = List.of(
            Signature.of("dos", TABLE, START).hex(510, "55AA").check(512, SignatureChecks::isMbr),
            Signature.of("gpt", TABLE, Place.at(512), Place.sectorFromEnd(1))
                    .text(0, "EFI PART")
                    .check(32, SignatureChecks::isGptHere512),
            Signature.of("gpt", TABLE, Place.at(4096), Place.sectorFromEnd(1, 4096))
                    .text(0, "EFI PART")
                    .check(32, SignatureChecks::isGptHere4096));

    /** What readers of this program look at; they recognise it themselves. */
    private static final List<Signature> READ = List.of(
            Signature.of("vfat, ntfs, exfat, xfs", "", START).check(512, SignatureChecks::never),
            Signature.of("ext, f2fs, hfsplus, minix", "", Place.at(KIB)).check(KIB, SignatureChecks::never),
            Signature.of("f2fs", "", Place.at(4096 + KIB)).check(KIB, SignatureChecks::never),
            Signature.of("btrfs", "", Place.at(64 * KIB), Place.at(64L * MIB), Place.at(256 * GIB))
                    .check(4 * KIB, SignatureChecks::never),
            Signature.of("swap", "", swapPlaces()).check(10, SignatureChecks::never),
            Signature.of("LVM2_member", "", Place.at(0)).check(4 * 512, SignatureChecks::never));

    /** What a volume may be, when it is not a disk with partitions. */
    static final List<Signature> OF_VOLUMES =
            joined(List.of(ENCRYPTIONS, ARRAYS, POOLS, FILE_SYSTEMS, OTHER_TABLES, TABLES));

    /** What may lie over all partitions of a disk that has an MBR or a GPT. */
    static final List<Signature> OF_DIVIDED_DISKS =
            joined(List.of(ENCRYPTIONS, ARRAYS, POOLS, FILE_SYSTEMS, OTHER_TABLES));

    /** Everything, also what readers recognise. */
    static final List<Signature> ALL = joined(List.of(OF_VOLUMES, READ));

    private Signatures() {}

    private static List<Signature> joined(List<List<Signature>> lists) {
        List<Signature> all = new ArrayList<>();
        lists.forEach(all::addAll);
        return List.copyOf(all);
    }

    /** Where cryptsetup looks when the first header is damaged: 16 KiB to 4 MiB, doubling. */
    private static Place[] luks2Places() {
        Place[] places = new Place[9];
        for (int i = 0; i < places.length; i++) {
            places[i] = Place.at((16L * KIB) << i);
        }
        return places;
    }

    private static Place[] promisePlaces() {
        int[] sectors = {63, 255, 256, 16, 399, 591, 675, 735, 911, 974, 991, 951, 3087};
        Place[] places = new Place[sectors.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = Place.sectorFromEnd(sectors[i]);
        }
        return places;
    }

    /** Four labels of 256 KiB, two at either end; the first 16 KiB of each are left to boot loaders. */
    private static Place[] zfsPlaces() {
        long label = 256L * KIB;
        long skipped = label - SignatureChecks.ZFS_BYTES;
        return new Place[] {
            Place.at(skipped),
            Place.at(label + skipped),
            Place.unitFromEnd(2 * label - skipped, label),
            Place.unitFromEnd(label - skipped, label)
        };
    }

    /** The last ten bytes of a page of 4 to 64 KiB. */
    private static Place[] swapPlaces() {
        Place[] places = new Place[5];
        for (int i = 0; i < places.length; i++) {
            places[i] = Place.at(((4L * KIB) << i) - 10);
        }
        return places;
    }

    private static Signature ufs() {
        Signature ufs =
                Signature.of("ufs", NO_READER, START, Place.at(8 * KIB), Place.at(64 * KIB), Place.at(256 * KIB));
        for (int magic : UFS_MAGICS) {
            ufs = ufs.eitherOrder(1372, magic);
        }
        return ufs;
    }
}
