package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/** Reads the trees of Btrfs block by block. Source: btrfs documentation, "On-disk Format", Header, Internal Node, Leaf Node. */
final class BtrfsTree {
    private static final int HEADER_BYTES = 0x65;
    private static final int UUID = 0x20;
    private static final int ADDRESS = 0x30;
    private static final int GENERATION = 0x50;
    private static final int OWNER = 0x58;
    private static final int ITEM_COUNT = 0x60;
    private static final int LEVEL = 0x64;
    private static final int ITEM_BYTES = BtrfsKey.BYTES + 8;
    private static final int POINTER_BYTES = BtrfsKey.BYTES + 16;
    private static final int MAX_LEVEL = 7;

    /** Where a tree, or a part of it, begins: what its parent says. */
    record Root(long logical, int level, long generation) {}

    /** Takes the items of a tree in order. */
    @FunctionalInterface
    interface ItemConsumer {
        /** {@code item}: little-endian, valid during the call. */
        void accept(BtrfsKey key, ByteBuffer item) throws UnsureException;
    }

    /** Takes the places of tree blocks. */
    @FunctionalInterface
    interface BlockConsumer {
        void accept(BtrfsChunks.Chunk chunk, long logical);
    }

    private final BlockSource volume;
    private final BtrfsSuperblock superblock;
    private final BtrfsChunks chunks;
    private final BlockConsumer blocks;

    BtrfsTree(BlockSource volume, BtrfsSuperblock superblock, BtrfsChunks chunks, BlockConsumer blocks) {
        this.volume = volume;
        this.superblock = superblock;
        this.chunks = chunks;
        this.blocks = blocks;
    }

    /** Gives all items of the tree {@code owner}. Each must come behind the last, so damaged pointers cannot make a loop. */
    void walk(long owner, Root root, ItemConsumer consumer) throws UnsureException, DeviceException {
        require(root.level() <= MAX_LEVEL, owner, root.level() + " levels");
        new Walk(owner, consumer).visit(root, null);
    }

    /**
     * Gives the places of all blocks of a tree that may be shared with other trees. Leaves are not read: their parents say where they are.
     *
     * @param seen logical addresses of blocks that were followed before, so that snapshots cost what they do not share
     */
    void followBlocks(Root root, Set<Long> seen) throws UnsureException, DeviceException {
        require(root.level() <= MAX_LEVEL, root.logical(), root.level() + " levels");
        BtrfsChunks.Chunk chunk = chunks.find(root.logical(), superblock.nodeBytes());
        if (root.level() == 0) {
            blocks.accept(chunk, root.logical());
        } else if (seen.add(root.logical())) {
            ByteBuffer block = read(root);
            for (int i = 0; i < pointersIn(block); i++) {
                followBlocks(child(block, i, root), seen);
            }
        }
    }

    private int pointersIn(ByteBuffer block) throws UnsureException {
        int count = block.getInt(ITEM_COUNT);
        boolean isPossible = count > 0 && count <= (superblock.nodeBytes() - HEADER_BYTES) / POINTER_BYTES;
        require(isPossible, block.getLong(OWNER), "a block of " + count + " items");
        return count;
    }

    private static Root child(ByteBuffer block, int index, Root parent) {
        int at = HEADER_BYTES + index * POINTER_BYTES + BtrfsKey.BYTES;
        return new Root(block.getLong(at), parent.level() - 1, block.getLong(at + Long.BYTES));
    }

    private final class Walk {
        private final long owner;
        private final ItemConsumer consumer;
        private BtrfsKey last;

        Walk(long owner, ItemConsumer consumer) {
            this.owner = owner;
            this.consumer = consumer;
        }

        /** {@code firstKey}: which the parent gives for the block; null for the root. */
        private void visit(Root root, BtrfsKey firstKey) throws UnsureException, DeviceException {
            ByteBuffer block = read(owner, root);
            int count = block.getInt(ITEM_COUNT);
            int most = (superblock.nodeBytes() - HEADER_BYTES) / (root.level() == 0 ? ITEM_BYTES : POINTER_BYTES);
            boolean mayBeEmpty = firstKey == null && root.level() == 0;
            require(count >= 0 && count <= most && (count > 0 || mayBeEmpty), owner, "a block of " + count + " items");
            boolean isFirst = count == 0
                    || firstKey == null
                    || BtrfsKey.read(block, HEADER_BYTES).equals(firstKey);
            require(isFirst, owner, "a block begins with another key than its parent says");
            for (int i = 0; i < count; i++) {
                if (root.level() == 0) {
                    onItem(block, HEADER_BYTES + i * ITEM_BYTES);
                } else {
                    visit(child(block, i, root), BtrfsKey.read(block, HEADER_BYTES + i * POINTER_BYTES));
                }
            }
        }

        private void onItem(ByteBuffer leaf, int at) throws UnsureException {
            BtrfsKey key = BtrfsKey.read(leaf, at);
            require(last == null || key.compareTo(last) > 0, owner, "keys out of order");
            last = key;
            long offset = HEADER_BYTES + Integer.toUnsignedLong(leaf.getInt(at + BtrfsKey.BYTES));
            long size = Integer.toUnsignedLong(leaf.getInt(at + BtrfsKey.BYTES + 4));
            require(offset + size <= leaf.limit(), owner, "an item outside its block");
            consumer.accept(key, leaf.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private ByteBuffer read(long owner, Root root) throws UnsureException, DeviceException {
        ByteBuffer block = read(root);
        require(block.getLong(OWNER) == owner, owner, "a block that belongs elsewhere");
        return block;
    }

    /** A block of any tree. */
    private ByteBuffer read(Root root) throws UnsureException, DeviceException {
        int nodeBytes = superblock.nodeBytes();
        BtrfsChunks.Chunk chunk = chunks.find(root.logical(), nodeBytes);
        long place = chunk.places().get(0) + root.logical() - chunk.logical();
        ByteBuffer block = VolumeBytes.little(volume, place, nodeBytes, "Btrfs tree block");
        long owner = block.getLong(OWNER);
        require(BtrfsChecksum.holds(superblock.checksumType(), block), owner, "a wrong checksum");
        boolean isOwn = block.slice(UUID, BtrfsSuperblock.UUID_BYTES).equals(superblock.treeUuid())
                && block.getLong(ADDRESS) == root.logical()
                && Byte.toUnsignedInt(block.get(LEVEL)) == root.level();
        require(isOwn, owner, "a block that belongs elsewhere");
        boolean isThen = block.getLong(GENERATION) == root.generation()
                && Long.compareUnsigned(root.generation(), superblock.generation()) <= 0;
        require(isThen, owner, "a block of another time");
        blocks.accept(chunk, root.logical());
        return block;
    }

    private static void require(boolean holds, long owner, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("Btrfs: tree " + owner + " is damaged: " + otherwise);
        }
    }
}
