package org.imgblstr.disk.filesystem.ext;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * One group descriptor of ext2, ext3 or ext4: where the bitmaps and the inode table of a group are. Source: Linux,
 * Documentation/filesystems/ext4, "Block Group Descriptors". Block numbers are of the volume.
 */
record ExtGroup(
        long number, BlockBitmap bitmap, long inodeBitmap, long inodeTable, long freeClusters, ExtInodes inodes) {
    /** {@code checksum}: what the bitmap must have. A bitmap that is uninitialised is not read. */
    record BlockBitmap(long block, boolean isUninitialised, int checksum) {}

    private static final int CHECKSUM = 0x1E;
    private static final int BASE_BYTES = 0x20;

    /** Up to this size only the low half of the bitmap checksum is kept. */
    private static final int BYTES_WITH_LONG_CHECKSUM = 0x3A;

    private static final int INODE_UNINIT = 1;
    private static final int BLOCK_UNINIT = 2;
    private static final int INODE_ZEROED = 4;

    /** Reads the descriptors of groups {@code first} on that are in one block. */
    static ExtGroup[] readBlock(BlockSource volume, ExtSuperblock superblock, long descriptorBlock)
            throws UnsureException, DeviceException {
        int perBlock = superblock.descriptorsPerBlock();
        long first = descriptorBlock * perBlock;
        int count = (int) Math.min(perBlock, superblock.groupCount() - first);
        long place = blockOf(superblock, descriptorBlock);
        ByteBuffer bytes = VolumeBytes.little(
                volume, place * superblock.blockBytes(), superblock.blockBytes(), "ext group descriptors");
        ExtGroup[] groups = new ExtGroup[count];
        for (int i = 0; i < count; i++) {
            int size = superblock.descriptorBytes();
            groups[i] = parse(superblock, first + i, bytes.slice(i * size, size).order(bytes.order()));
        }
        return groups;
    }

    /** Where a block of descriptors is: behind the superblock, or with meta_bg at the start of the first group it describes. */
    private static long blockOf(ExtSuperblock superblock, long descriptorBlock) {
        long superblockAt = ExtSuperblock.OFFSET / superblock.blockBytes();
        if (!superblock.hasMetaBg() || descriptorBlock < superblock.firstMetaGroup()) {
            return superblockAt + 1 + descriptorBlock;
        }
        long group = descriptorBlock * superblock.descriptorsPerBlock();
        if (group == 0) {
            return superblockAt + 1;
        }
        return superblock.firstBlockOf(group) + (superblock.hasSuperblock(group) ? 1 : 0);
    }

    private static ExtGroup parse(ExtSuperblock superblock, long number, ByteBuffer bytes) throws UnsureException {
        checkChecksum(superblock, number, bytes);
        boolean isLong = superblock.descriptorBytes() >= 64;
        int flags = int16(bytes, 0x12);
        ExtInodes inodes = new ExtInodes(
                number(bytes, 0xE, isLong ? 0x2E : -1),
                number(bytes, 0x1C, isLong ? 0x32 : -1),
                (flags & INODE_UNINIT) != 0,
                (flags & INODE_ZEROED) != 0,
                (int) number(bytes, 0x1A, isLong ? 0x3A : -1));
        ExtGroup group = new ExtGroup(
                number,
                new BlockBitmap(block(bytes, 0x0, isLong ? 0x20 : -1), (flags & BLOCK_UNINIT) != 0, (int)
                        number(bytes, 0x18, isLong ? 0x38 : -1)),
                block(bytes, 0x4, isLong ? 0x24 : -1),
                block(bytes, 0x8, isLong ? 0x28 : -1),
                number(bytes, 0xC, isLong ? 0x2C : -1),
                inodes);
        group.check(superblock);
        return group;
    }

    private static void checkChecksum(ExtSuperblock superblock, long number, ByteBuffer bytes) throws UnsureException {
        int found = int16(bytes, CHECKSUM);
        if (superblock.hasMetadataChecksums()) {
            int crc = ChainedCrc.crc32c(superblock.checksumSeed(), (int) number);
            crc = ChainedCrc.crc32c(crc, bytes, 0, CHECKSUM);
            crc = ChainedCrc.crc32c(crc, ByteBuffer.allocate(2), 0, 2);
            crc = ChainedCrc.crc32c(crc, bytes, BASE_BYTES, bytes.capacity() - BASE_BYTES);
            require((crc & 0xFFFF) == found, number, "descriptor checksum is wrong");
        } else if (superblock.hasDescriptorCrc16()) {
            int crc = ChainedCrc.crc16(superblock.crc16Seed(), (int) number);
            crc = ChainedCrc.crc16(crc, bytes, 0, CHECKSUM);
            crc = ChainedCrc.crc16(crc, bytes, BASE_BYTES, bytes.capacity() - BASE_BYTES);
            require(crc == found, number, "descriptor checksum is wrong");
        }
    }

    private void check(ExtSuperblock superblock) throws UnsureException {
        long end = superblock.blockCount();
        long lowest = superblock.firstDataBlock() + 1;
        require(bitmap.block() >= lowest && bitmap.block() < end, number, "block bitmap at block " + bitmap.block());
        require(inodeBitmap >= lowest && inodeBitmap < end, number, "inode bitmap at block " + inodeBitmap);
        require(
                inodeTable >= lowest && inodeTable <= end - superblock.inodeTableBlocks(),
                number,
                "inode table at block " + inodeTable);
        require(
                bitmap.block() != inodeBitmap
                        && !isInTable(superblock, bitmap.block())
                        && !isInTable(superblock, inodeBitmap),
                number,
                "bitmaps and inode table overlap");
        require(
                !bitmap.isUninitialised() || superblock.hasDescriptorChecksums(),
                number,
                "uninitialised bitmap without descriptor checksums");
    }

    private boolean isInTable(ExtSuperblock superblock, long block) {
        return block >= inodeTable && block < inodeTable + superblock.inodeTableBlocks();
    }

    /** Throws unless the bitmap is what the descriptor says it is. */
    void checkBitmap(ExtSuperblock superblock, ByteBuffer bytes) throws UnsureException {
        if (superblock.hasMetadataChecksums()) {
            int crc = ChainedCrc.crc32c(
                    superblock.checksumSeed(), bytes, 0, (int) superblock.clustersPerGroup() / Byte.SIZE);
            int mask = superblock.descriptorBytes() >= BYTES_WITH_LONG_CHECKSUM ? -1 : 0xFFFF;
            require((crc & mask) == bitmap.checksum(), number, "block bitmap checksum is wrong");
        }
    }

    static void require(boolean holds, long group, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("ext group " + group + ": " + otherwise);
        }
    }

    private static long block(ByteBuffer bytes, int low, int high) {
        return Integer.toUnsignedLong(bytes.getInt(low))
                | (high < 0 ? 0 : Integer.toUnsignedLong(bytes.getInt(high)) << 32);
    }

    private static long number(ByteBuffer bytes, int low, int high) {
        return int16(bytes, low) | (high < 0 ? 0 : (long) int16(bytes, high) << 16);
    }

    private static int int16(ByteBuffer bytes, int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }
}
