package org.imgblstr.disk.filesystem.ext;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The superblock of ext2, ext3 and ext4: 1024 bytes at byte 1024, little-endian. Source: Linux, Documentation/filesystems/ext4, "Super
 * Block". Block, cluster and group numbers count from 0.
 */
final class ExtSuperblock {
    static final int OFFSET = 1024;
    static final int BYTES = 1024;
    static final int MAGIC_OFFSET = 0x38;
    static final int MAGIC = 0xEF53;

    /** Journal inode where the format puts it. */
    static final int COMPAT_HAS_JOURNAL = 0x4;

    static final int COMPAT_SPARSE_SUPER2 = 0x200;

    static final int INCOMPAT_RECOVER = 0x4;
    static final int INCOMPAT_JOURNAL_DEV = 0x8;
    static final int INCOMPAT_META_BG = 0x10;
    static final int INCOMPAT_64BIT = 0x80;
    static final int INCOMPAT_CSUM_SEED = 0x2000;

    /** Filetype, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, csum_seed, largedir, inline_data, encrypt, casefold. */
    private static final int INCOMPAT_KNOWN =
            0x2 | INCOMPAT_META_BG | 0x40 | INCOMPAT_64BIT | 0x100 | 0x200 | 0x400 | INCOMPAT_CSUM_SEED | 0x3C000;

    /** Extents, 64bit, mmp, flex_bg and all that came later. */
    private static final int INCOMPAT_EXT4 = ~(0x1 | 0x2 | INCOMPAT_RECOVER | INCOMPAT_JOURNAL_DEV | INCOMPAT_META_BG);

    private static final int RO_SPARSE_SUPER = 0x1;
    private static final int RO_GDT_CSUM = 0x10;
    private static final int RO_BIGALLOC = 0x200;
    private static final int RO_METADATA_CSUM = 0x400;

    /** Also large_file, btree_dir, huge_file, dir_nlink, extra_isize, quota, readonly, project, verity, orphan_present. */
    private static final int RO_KNOWN = RO_SPARSE_SUPER
            | 0x2
            | 0x4
            | 0x8
            | RO_GDT_CSUM
            | 0x20
            | 0x40
            | 0x100
            | RO_BIGALLOC
            | RO_METADATA_CSUM
            | 0x1000
            | 0x2000
            | 0x8000
            | 0x10000;

    private static final int RO_EXT4 = ~(RO_SPARSE_SUPER | 0x2 | 0x4);

    private static final int STATE_VALID = 1;
    private static final int CHECKSUM_OFFSET = 0x3FC;
    private static final int CRC32C_TYPE = 1;
    private static final int UUID = 0x68;
    private static final int UUID_BYTES = 16;
    private static final int MIN_BLOCKS_PER_GROUP = 256;
    private static final int MAX_LOG_BLOCK_SIZE = 6;

    private final ByteBuffer bytes;

    private ExtSuperblock(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The superblock as it is on the volume, not checked at all. */
    static ExtSuperblock readUnchecked(BlockSource volume) throws UnsureException, DeviceException {
        return new ExtSuperblock(VolumeBytes.little(volume, OFFSET, BYTES, "superblock"));
    }

    /** Throws unless everything this program relies on is known, in range and says that the file system was cleanly unmounted. */
    void check(long volumeBytes) throws UnsureException {
        checkFeatures();
        checkSizes(volumeBytes);
        checkChecksum();
        checkClean();
    }

    private void checkFeatures() throws UnsureException {
        require(int16(MAGIC_OFFSET) == MAGIC, "no magic number");
        require(revision() <= 1, "unknown revision " + revision());
        require(!hasIncompat(INCOMPAT_JOURNAL_DEV), "it is the journal of another file system");
        require(
                !hasIncompat(INCOMPAT_RECOVER),
                "its journal must be replayed first: mount and unmount it, or run e2fsck");
        int strangeIncompat = incompat() & ~INCOMPAT_KNOWN;
        require(strangeIncompat == 0, "unknown incompatible features 0x" + Integer.toHexString(strangeIncompat));
        int strangeRo = roCompat() & ~RO_KNOWN;
        require(strangeRo == 0, "unknown read-only features 0x" + Integer.toHexString(strangeRo));
        boolean isJournalOutside = hasJournal() && (journalDevice() != 0 || journalInode() == 0);
        require(!isJournalOutside, "its journal is on another device");
    }

    private void checkSizes(long volumeBytes) throws UnsureException {
        checkBlockSizes();
        require(
                blockCount() > firstDataBlock() && blockCount() <= volumeBytes / blockBytes(),
                blockCount() + " blocks of " + blockBytes() + " bytes in a volume of " + volumeBytes + " bytes");
        require(
                firstDataBlock() == (blockBytes() == 1024 && !isBigalloc() ? 1 : 0),
                "first data block " + firstDataBlock());
        long mostClusters = 8L * blockBytes();
        require(
                isIn(clustersPerGroup(), 8, mostClusters) && clustersPerGroup() % 8 == 0,
                clustersPerGroup() + " clusters per group");
        boolean isGroupSound =
                blocksPerGroup() >= MIN_BLOCKS_PER_GROUP && blocksPerGroup() == clustersPerGroup() << clusterShift();
        require(isGroupSound, blocksPerGroup() + " blocks per group");
        require(isIn(groupCount(), 1, Integer.MAX_VALUE), groupCount() + " groups");
        require(
                reservedDescriptorBlocks() <= blockBytes() / 4,
                reservedDescriptorBlocks() + " reserved descriptor blocks");
        require(!hasMetaBg() || firstMetaGroup() <= descriptorBlocks(), "first meta block group " + firstMetaGroup());
        checkInodeSizes();
    }

    private void checkBlockSizes() throws UnsureException {
        int logBlock = bytes.getInt(0x18);
        int logCluster = bytes.getInt(0x1C);
        require(isIn(logBlock, 0, MAX_LOG_BLOCK_SIZE), "block size 2^" + logBlock + " KiB");
        boolean isClusterSound =
                isBigalloc() ? isIn(logCluster, logBlock, logBlock + 16L) : (logCluster == logBlock || revision() == 0);
        require(isClusterSound, "cluster size 2^" + logCluster + " KiB");
        int descriptor = descriptorBytes();
        require(
                descriptor == 32 || (isIn(descriptor, 64, 1024) && isPowerOfTwo(descriptor)),
                "group descriptors of " + descriptor + " bytes");
    }

    private void checkInodeSizes() throws UnsureException {
        require(
                isIn(inodeBytes(), 128, blockBytes()) && isPowerOfTwo(inodeBytes()),
                "inodes of " + inodeBytes() + " bytes");
        require(isIn(inodesPerGroup(), 1, 8L * blockBytes()), inodesPerGroup() + " inodes per group");
        require(
                int32(0) == inodesPerGroup() * groupCount(),
                int32(0) + " inodes in " + groupCount() + " groups of " + inodesPerGroup());
    }

    private static boolean isIn(long value, long lowest, long highest) {
        return value >= lowest && value <= highest;
    }

    private static boolean isPowerOfTwo(int value) {
        return Integer.bitCount(value) == 1;
    }

    private void checkChecksum() throws UnsureException {
        if (hasMetadataChecksums()) {
            require(bytes.get(0x175) == CRC32C_TYPE, "unknown checksum type " + bytes.get(0x175));
            int expected = ChainedCrc.crc32c(ChainedCrc.ALL_ONES, bytes, 0, CHECKSUM_OFFSET);
            require(bytes.getInt(CHECKSUM_OFFSET) == expected, "its checksum is wrong");
            require(!hasDescriptorCrc16(), "two kinds of descriptor checksums at once");
        }
    }

    private void checkClean() throws UnsureException {
        int state = int16(0x3A);
        require(state == STATE_VALID, "not cleanly unmounted, or with errors (state " + state + "): run e2fsck");
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("ext superblock: " + otherwise);
        }
    }

    /** ext2, ext3, ext4, or jbd for a journal device. */
    String name() {
        if (hasIncompat(INCOMPAT_JOURNAL_DEV)) {
            return "jbd";
        }
        if (revision() > 0 && ((incompat() & INCOMPAT_EXT4) != 0 || (roCompat() & RO_EXT4) != 0)) {
            return "ext4";
        }
        return hasCompat(COMPAT_HAS_JOURNAL) ? "ext3" : "ext2";
    }

    String label() {
        byte[] label = new byte[16];
        bytes.get(0x78, label);
        int end = 0;
        while (end < label.length && label[end] != 0) {
            end++;
        }
        return new String(label, 0, end, StandardCharsets.UTF_8);
    }

    int blockBytes() {
        return 1024 << bytes.getInt(0x18);
    }

    /** Blocks of a cluster, as a power of two. */
    int clusterShift() {
        return isBigalloc() ? bytes.getInt(0x1C) - bytes.getInt(0x18) : 0;
    }

    long blockCount() {
        return int32(0x4) + (has64Bit() ? int32(0x150) << 32 : 0);
    }

    long freeBlocks() {
        return int32(0xC) + (has64Bit() ? int32(0x158) << 32 : 0);
    }

    long firstDataBlock() {
        return int32(0x14);
    }

    long blocksPerGroup() {
        return int32(0x20);
    }

    long clustersPerGroup() {
        return isBigalloc() ? int32(0x24) : blocksPerGroup();
    }

    long inodesPerGroup() {
        return int32(0x28);
    }

    /** Number, from 1, of the first inode that is not reserved. */
    long firstInode() {
        return revision() == 0 ? 11 : int32(0x54);
    }

    int inodeBytes() {
        return revision() == 0 ? 128 : int16(0x58);
    }

    long inodeTableBlocks() {
        return (inodesPerGroup() * inodeBytes() + blockBytes() - 1) / blockBytes();
    }

    long groupCount() {
        return (blockCount() - firstDataBlock() + blocksPerGroup() - 1) / blocksPerGroup();
    }

    long firstBlockOf(long group) {
        return firstDataBlock() + group * blocksPerGroup();
    }

    long endBlockOf(long group) {
        return Math.min(firstBlockOf(group) + blocksPerGroup(), blockCount());
    }

    int descriptorBytes() {
        return has64Bit() ? int16(0xFE) : 32;
    }

    int descriptorsPerBlock() {
        return blockBytes() / descriptorBytes();
    }

    long descriptorBlocks() {
        return (groupCount() + descriptorsPerBlock() - 1) / descriptorsPerBlock();
    }

    int reservedDescriptorBlocks() {
        return revision() == 0 ? 0 : int16(0xCE);
    }

    boolean hasMetaBg() {
        return hasIncompat(INCOMPAT_META_BG);
    }

    /** Descriptor blocks from this one on are spread over the volume; only with {@link #hasMetaBg()}. */
    long firstMetaGroup() {
        return int32(0x104);
    }

    boolean hasMetadataChecksums() {
        return hasRo(RO_METADATA_CSUM);
    }

    boolean hasDescriptorCrc16() {
        return hasRo(RO_GDT_CSUM);
    }

    /** Of either kind: only then do flags and counts of never used inodes mean something. */
    boolean hasDescriptorChecksums() {
        return hasMetadataChecksums() || hasDescriptorCrc16();
    }

    boolean has64Bit() {
        return hasIncompat(INCOMPAT_64BIT);
    }

    boolean isBigalloc() {
        return hasRo(RO_BIGALLOC);
    }

    boolean hasJournal() {
        return hasCompat(COMPAT_HAS_JOURNAL);
    }

    long journalInode() {
        return int32(0xE0);
    }

    private long journalDevice() {
        return int32(0xE4);
    }

    /** Where CRC-32C of metadata starts. */
    int checksumSeed() {
        return hasIncompat(INCOMPAT_CSUM_SEED)
                ? bytes.getInt(0x270)
                : ChainedCrc.crc32c(ChainedCrc.ALL_ONES, bytes, UUID, UUID_BYTES);
    }

    /** CRC-16 of the UUID, where descriptor checksums of uninit_bg start. */
    int crc16Seed() {
        return ChainedCrc.crc16(ChainedCrc.ALL_ONES, bytes, UUID, UUID_BYTES);
    }

    /** Whether a group begins with a superblock or its backup. */
    boolean hasSuperblock(long group) {
        if (group == 0) {
            return true;
        }
        if (hasCompat(COMPAT_SPARSE_SUPER2)) {
            return group == int32(0x24C) || group == int32(0x250);
        }
        return group == 1 || !hasRo(RO_SPARSE_SUPER) || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
    }

    private static boolean isPower(long number, int base) {
        long power = base;
        while (power < number) {
            power *= base;
        }
        return power == number;
    }

    private long revision() {
        return int32(0x4C);
    }

    private int incompat() {
        return revision() == 0 ? 0 : bytes.getInt(0x60);
    }

    private int roCompat() {
        return revision() == 0 ? 0 : bytes.getInt(0x64);
    }

    private boolean hasCompat(int bit) {
        return revision() > 0 && (bytes.getInt(0x5C) & bit) != 0;
    }

    private boolean hasIncompat(int bit) {
        return (incompat() & bit) != 0;
    }

    private boolean hasRo(int bit) {
        return (roCompat() & bit) != 0;
    }

    private int int16(int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }

    /** Numbers of inodes that the superblock names, 0 for none: journal, orphans, quotas, lost+found. */
    List<Long> namedInodes() {
        return List.of(int32(0xE0), int32(0xE8), int32(0x240), int32(0x244), int32(0x268), int32(0x26C), int32(0x280));
    }

    private long int32(int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }
}
