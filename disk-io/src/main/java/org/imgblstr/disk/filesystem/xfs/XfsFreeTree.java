package org.imgblstr.disk.filesystem.xfs;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * One of the two trees of free space of an allocation group (AG): the same extents by place, or by length and place. Source: "XFS
 * Algorithms &amp; Data Structures", AG Free Space B+trees, Short Format B+trees. For one thread.
 */
final class XfsFreeTree {
    /** Deepest tree of any AG: 2^31 blocks, nodes at least half full, in blocks of 512 bytes. */
    static final int MAX_LEVELS = 9;

    private static final int EXTENT_BYTES = 8;
    private static final int POINTER_BYTES = 4;
    private static final int HEADER_BYTES_V4 = 16;
    private static final int HEADER_BYTES_V5 = 56;
    private static final int CHECKSUM = 52;
    private static final int DISK_BLOCK_BYTES = 512;
    private static final int UUID_BYTES = 16;

    /** The order of a tree, and what its blocks begin with, version 4 and version 5. */
    enum Order {
        BY_PLACE("free space by place", 0x4142_5442, 0x4142_3342),
        BY_LENGTH("free space by length", 0x4142_5443, 0x4142_3343);

        private final String text;
        private final int magicV4;
        private final int magicV5;

        Order(String text, int magicV4, int magicV5) {
            this.text = text;
            this.magicV4 = magicV4;
            this.magicV5 = magicV5;
        }
    }

    /** Takes the extents of a tree in its order, and its blocks. */
    interface Visitor {
        void onExtent(long block, long count);

        void onTreeBlock(long block);
    }

    private final BlockSource volume;
    private final XfsSuperblock superblock;
    private final long ag;
    private final Order order;
    private final Visitor visitor;
    private long lastBlock = -1;
    private long lastCount;

    XfsFreeTree(BlockSource volume, XfsSuperblock superblock, long ag, Order order, Visitor visitor) {
        this.volume = volume;
        this.superblock = superblock;
        this.ag = ag;
        this.order = order;
        this.visitor = visitor;
    }

    /**
     * Visits the whole tree. Each leaf must continue the order, so damaged pointers cannot make a loop.
     *
     * @param levels 1 when the root is a leaf
     */
    void walk(long root, int levels) throws UnsureException, DeviceException {
        require(levels >= 1 && levels <= MAX_LEVELS, levels + " levels");
        visit(root, levels - 1, true);
    }

    private void visit(long block, int level, boolean isRoot) throws UnsureException, DeviceException {
        ByteBuffer node = read(block);
        int records = Short.toUnsignedInt(node.getShort(6));
        int most = (superblock.blockBytes() - headerBytes()) / (EXTENT_BYTES + (level == 0 ? 0 : POINTER_BYTES));
        require(Short.toUnsignedInt(node.getShort(4)) == level, "a block of the wrong level");
        require(records <= most && (records > 0 || (isRoot && level == 0)), "a block of " + records + " records");
        visitor.onTreeBlock(block);
        for (int i = 0; i < records; i++) {
            if (level == 0) {
                onRecord(node, headerBytes() + i * EXTENT_BYTES);
            } else {
                int pointer = headerBytes() + most * EXTENT_BYTES + i * POINTER_BYTES;
                visit(Integer.toUnsignedLong(node.getInt(pointer)), level - 1, false);
            }
        }
    }

    private void onRecord(ByteBuffer node, int at) throws UnsureException {
        long block = Integer.toUnsignedLong(node.getInt(at));
        long count = Integer.toUnsignedLong(node.getInt(at + 4));
        require(count > 0 && block + count <= superblock.agLength(ag), count + " blocks from " + block + " on");
        boolean isInOrder = order == Order.BY_PLACE
                ? block >= lastBlock + lastCount
                : count > lastCount || (count == lastCount && block > lastBlock);
        require(isInOrder, "extents out of order");
        lastBlock = block;
        lastCount = count;
        visitor.onExtent(block, count);
    }

    private ByteBuffer read(long block) throws UnsureException, DeviceException {
        require(block > 0 && block < superblock.agLength(ag), "it leads to block " + block);
        long place = superblock.agOffset(ag) + block * superblock.blockBytes();
        ByteBuffer node = VolumeBytes.big(volume, place, superblock.blockBytes(), "XFS " + order.text);
        require(node.getInt(0) == (superblock.hasChecksums() ? order.magicV5 : order.magicV4), "no magic number");
        if (superblock.hasChecksums()) {
            boolean isOwn = node.getLong(16) == place / DISK_BLOCK_BYTES
                    && node.slice(32, UUID_BYTES).equals(superblock.metaUuid())
                    && Integer.toUnsignedLong(node.getInt(48)) == ag;
            require(isOwn, "a block that belongs elsewhere");
            require(XfsChecksum.holds(node, CHECKSUM), "a wrong checksum");
        }
        return node;
    }

    private int headerBytes() {
        return superblock.hasChecksums() ? HEADER_BYTES_V5 : HEADER_BYTES_V4;
    }

    private void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("XFS: " + order.text + " of AG " + ag + " is damaged: " + otherwise);
        }
    }
}
