package org.imgblstr.disk.filesystem.xfs;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * What an allocation group (AG) says of its free space: its second sector, big-endian. Source: "XFS Algorithms &amp; Data Structures", AG
 * Free Space Management.
 *
 * @param number of the AG, from 0
 * @param byPlace the tree of free space by place
 * @param byLength the same by length
 * @param listBlocks blocks set aside for the trees
 * @param freeBlocks blocks in the trees
 * @param longest most free blocks in a row
 * @param treeBlocks blocks that the trees take besides their roots
 */
record XfsGroup(
        long number, Tree byPlace, Tree byLength, long listBlocks, long freeBlocks, long longest, long treeBlocks) {
    /** {@code root}: its block of the AG. */
    record Tree(long root, int levels) {}

    /** Superblock, free space, inodes, list of blocks for the trees. */
    static final int HEADER_SECTORS = 4;

    private static final int MAGIC = 0x5841_4746;
    private static final int VERSION = 1;
    private static final int UUID = 64;
    private static final int UUID_BYTES = 16;
    private static final int CHECKSUM = 216;

    static XfsGroup read(BlockSource volume, XfsSuperblock superblock, long number)
            throws UnsureException, DeviceException {
        long place = superblock.agOffset(number) + superblock.sectorBytes();
        ByteBuffer bytes = VolumeBytes.big(volume, place, superblock.sectorBytes(), "XFS AG " + number);
        require(bytes.getInt(0) == MAGIC && bytes.getInt(4) == VERSION, number, "no magic number or unknown version");
        require(int32(bytes, 8) == number, number, "it says that it is AG " + int32(bytes, 8));
        require(int32(bytes, 12) == superblock.agLength(number), number, "a length of " + int32(bytes, 12) + " blocks");
        if (superblock.hasChecksums()) {
            require(bytes.slice(UUID, UUID_BYTES).equals(superblock.metaUuid()), number, "another UUID");
            require(XfsChecksum.holds(bytes, CHECKSUM), number, "a wrong checksum");
        }
        return new XfsGroup(
                number,
                new Tree(int32(bytes, 16), bytes.getInt(28)),
                new Tree(int32(bytes, 20), bytes.getInt(32)),
                int32(bytes, 48),
                int32(bytes, 52),
                int32(bytes, 56),
                int32(bytes, 60));
    }

    private static long int32(ByteBuffer bytes, int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }

    static void require(boolean holds, long number, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("XFS: AG " + number + " is damaged: " + otherwise);
        }
    }
}
