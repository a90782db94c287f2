package org.imgblstr.disk.filesystem.ext;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * What the descriptor of a group of ext4 says of its inodes. Of a table that is written lazily, the inodes at its end that were never used
 * hold anything; Linux and e2fsck take them for zeros and do not read them. Source: Linux, Documentation/filesystems/ext4, "Block Group
 * Descriptors", bg_itable_unused.
 *
 * @param free inodes that are not in use
 * @param neverUsed inodes at the end of the table that were never in use; means something only with descriptor checksums
 * @param isUninitialised whether the group has no inode in use and its inode bitmap was never written
 * @param isZeroed whether the inodes that were never used are zeros on the disk
 * @param bitmapChecksum of the inode bitmap
 */
record ExtInodes(long free, long neverUsed, boolean isUninitialised, boolean isZeroed, int bitmapChecksum) {
    /** Up to this size of the descriptor only the low half of the bitmap checksum is kept. */
    private static final int BYTES_WITH_LONG_CHECKSUM = 0x3C;

    /** Blocks at the start of the table that hold inodes that were used once. */
    long tableBlocksUsed(ExtSuperblock superblock) {
        long inodes = superblock.inodesPerGroup() - Math.min(neverUsed, superblock.inodesPerGroup());
        return (inodes * superblock.inodeBytes() + superblock.blockBytes() - 1) / superblock.blockBytes();
    }

    /** Whether no inode of {@code group}, which these are of, is in use that its descriptor says was never used. */
    boolean isSound(BlockSource volume, ExtSuperblock superblock, ExtGroup group)
            throws UnsureException, DeviceException {
        long inodes = superblock.inodesPerGroup();
        if (group.number() == 0 && inodes - neverUsed < superblock.firstInode()) {
            // There, the root directory and others have inodes that the format reserves.
            return false;
        }
        if (namesOneNeverUsed(superblock, group.number())) {
            return false;
        }
        if (isUninitialised || neverUsed == inodes) {
            return free == inodes && neverUsed == inodes;
        }
        if (neverUsed == 0) {
            return true;
        }
        return neverUsed <= free && free <= inodes && isBitmapSound(volume, superblock, group.inodeBitmap());
    }

    /** Whether the superblock names an inode of {@code group} that is said to be never used. */
    private boolean namesOneNeverUsed(ExtSuperblock superblock, long group) {
        long inodes = superblock.inodesPerGroup();
        return superblock.namedInodes().stream()
                .anyMatch(number ->
                        number > 0 && (number - 1) / inodes == group && (number - 1) % inodes >= inodes - neverUsed);
    }

    private boolean isBitmapSound(BlockSource volume, ExtSuperblock superblock, long block)
            throws UnsureException, DeviceException {
        int inodes = (int) superblock.inodesPerGroup();
        ByteBuffer bitmap = VolumeBytes.little(
                volume, block * superblock.blockBytes(), (inodes + Byte.SIZE - 1) / Byte.SIZE, "ext inode bitmap");
        BitSet used = BitSet.valueOf(bitmap).get(0, inodes);
        return hasChecksum(superblock, bitmap)
                && used.length() <= inodes - neverUsed
                && inodes - used.cardinality() == free;
    }

    private boolean hasChecksum(ExtSuperblock superblock, ByteBuffer bitmap) {
        if (!superblock.hasMetadataChecksums()) {
            return true;
        }
        int crc = ChainedCrc.crc32c(superblock.checksumSeed(), bitmap, 0, bitmap.capacity());
        int mask = superblock.descriptorBytes() >= BYTES_WITH_LONG_CHECKSUM ? -1 : 0xFFFF;
        return (crc & mask) == bitmapChecksum;
    }
}
