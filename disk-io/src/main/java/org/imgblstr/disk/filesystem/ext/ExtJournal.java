package org.imgblstr.disk.filesystem.ext;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The internal journal of ext3 and ext4. While it holds transactions, bitmaps on the disk may be older than the files. Source: Linux,
 * Documentation/filesystems/ext4, "Journal (jbd2)" and "Index Nodes".
 */
final class ExtJournal {
    private static final int MAGIC = 0xC03B_3998;
    private static final int START = 0x1C;
    private static final int SUPERBLOCK_BYTES = 1024;
    private static final int I_FLAGS = 0x20;
    private static final int I_BLOCK = 0x28;
    private static final int EXTENTS_FLAG = 0x8_0000;
    private static final int EXTENT_MAGIC = 0xF30A;
    private static final int MAX_DEPTH = 5;
    private static final int EXTENT_BYTES = 12;

    private ExtJournal() {}

    /** Throws unless the journal can be found and is empty. */
    static void requireEmpty(BlockSource volume, ExtSuperblock superblock) throws UnsureException, DeviceException {
        long block = firstBlock(volume, superblock);
        long place = block * superblock.blockBytes();
        require(block > 0 && block < superblock.blockCount(), "is not in the volume");
        ByteBuffer journal = VolumeBytes.big(volume, place, SUPERBLOCK_BYTES, "ext journal");
        require(journal.getInt(0) == MAGIC, "has no magic number");
        // Block types 3 and 4: superblock, version 1 and 2.
        require(journal.getInt(4) == 3 || journal.getInt(4) == 4, "does not start with its superblock");
        require(journal.getInt(START) == 0, "is not empty: mount and unmount the file system, or run e2fsck");
    }

    private static long firstBlock(BlockSource volume, ExtSuperblock superblock)
            throws UnsureException, DeviceException {
        long inode = superblock.journalInode() - 1;
        long group = inode / superblock.inodesPerGroup();
        require(group < superblock.groupCount(), "inode " + (inode + 1) + " does not exist");
        int perBlock = superblock.descriptorsPerBlock();
        ExtGroup[] groups = ExtGroup.readBlock(volume, superblock, group / perBlock);
        long table = groups[(int) (group % perBlock)].inodeTable() * superblock.blockBytes();
        long place = table + inode % superblock.inodesPerGroup() * superblock.inodeBytes();
        ByteBuffer bytes = VolumeBytes.little(volume, place, 128, "ext journal inode");
        if ((bytes.getInt(I_FLAGS) & EXTENTS_FLAG) == 0) {
            return Integer.toUnsignedLong(bytes.getInt(I_BLOCK));
        }
        return firstOfExtents(volume, superblock, bytes.slice(I_BLOCK, 60).order(bytes.order()));
    }

    private static long firstOfExtents(BlockSource volume, ExtSuperblock superblock, ByteBuffer root)
            throws UnsureException, DeviceException {
        ByteBuffer node = root;
        for (int level = 0; level <= MAX_DEPTH; level++) {
            require(
                    Short.toUnsignedInt(node.getShort(0)) == EXTENT_MAGIC
                            && node.getShort(2) > 0
                            && node.getInt(EXTENT_BYTES) == 0,
                    "has a damaged extent tree");
            if (node.getShort(6) == 0) {
                return (long) Short.toUnsignedInt(node.getShort(18)) << 32 | Integer.toUnsignedLong(node.getInt(20));
            }
            long child = (long) Short.toUnsignedInt(node.getShort(20)) << 32 | Integer.toUnsignedLong(node.getInt(16));
            require(child < superblock.blockCount(), "has a damaged extent tree");
            node = VolumeBytes.little(
                    volume, child * superblock.blockBytes(), superblock.blockBytes(), "ext journal extents");
        }
        throw new UnsureException("ext journal: has a damaged extent tree");
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("ext journal: " + otherwise);
        }
    }
}
