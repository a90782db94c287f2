package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * Btrfs on one device, with the profiles SINGLE and DUP: the extents in its extent tree, each in all its copies. Believed only when all
 * checksums hold, no log waits to be replayed, chunks and device agree, and the extents of each block group add up to what it says it
 * uses, and no block of any tree lies elsewhere. Source: btrfs documentation, "On-disk Format".
 */
public final class BtrfsReader implements FileSystemReader {
    /** Btrfs keeps out of the first MiB, where boot loaders may live. */
    private static final long RESERVED_BYTES = 1 << 20;

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        if (!VolumeBytes.matches(
                volume, BtrfsSuperblock.OFFSET + BtrfsSuperblock.MAGIC_OFFSET, BtrfsSuperblock.MAGIC)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Identity("btrfs", BtrfsSuperblock.readUnchecked(volume).label()));
        } catch (UnsureException tooShort) {
            return Optional.empty();
        }
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        BtrfsSuperblock superblock = BtrfsSuperblock.readUnchecked(volume);
        superblock.check(volume.sizeBytes());
        return new Walk(volume, superblock).map();
    }

    /** What a block group says, and what the extents in it add up to. */
    private static final class Group {
        private boolean isKnown;
        private long usedBytes;
        private long extentBytes;
    }

    /** One reading of one volume. */
    private static final class Walk {
        private static final int GROUP_BYTES = 24;
        private static final int ROOT_BYTES = 239;

        /** 0 of a deleted subvolume, whose blocks Linux frees from its first key on, in the background and over several mounts. */
        private static final int ROOT_REFERENCES = 216;

        private static final int DEVICE_EXTENT_BYTES = 32;

        private final BlockSource volume;
        private final BtrfsSuperblock superblock;
        private final UsedMapBuilder used;
        private final UsedMapBuilder needed;
        private final BtrfsChunks chunks;
        private final Map<Long, BtrfsTree.Root> roots = new HashMap<>();
        private final List<BtrfsTree.Root> others = new ArrayList<>();
        private final Map<Long, Group> groups = new HashMap<>();
        private long devices;
        private long copies;
        private long lastDeviceByte;
        private long lastExtentEnd;
        private long extentBytes;

        Walk(BlockSource volume, BtrfsSuperblock superblock) {
            this.volume = volume;
            this.superblock = superblock;
            this.used = new UsedMapBuilder(volume.sizeBytes());
            this.needed = new UsedMapBuilder(volume.sizeBytes());
            this.chunks = new BtrfsChunks(superblock);
        }

        UsedMap map() throws UnsureException, DeviceException {
            used.use(0, RESERVED_BYTES);
            used.use(superblock.deviceBytes(), volume.sizeBytes() - superblock.deviceBytes());
            superblock.copies().forEach(place -> used.use(place, BtrfsSuperblock.BYTES));
            readChunks();
            BtrfsTree trees = new BtrfsTree(volume, superblock, chunks, this::need);
            trees.walk(
                    BtrfsKey.ROOT_TREE,
                    new BtrfsTree.Root(superblock.root(), superblock.rootLevel(), superblock.generation()),
                    this::onRoot);
            walk(trees, BtrfsKey.DEVICE_TREE, this::onDeviceItem);
            require(
                    copies
                            == chunks.all().stream()
                                    .mapToInt(chunk -> chunk.places().size())
                                    .sum(),
                    "the device tree lists " + copies + " copies of chunks");
            if (roots.containsKey(BtrfsKey.BLOCK_GROUP_TREE)) {
                walk(trees, BtrfsKey.BLOCK_GROUP_TREE, this::onExtentItem);
            }
            walk(trees, BtrfsKey.EXTENT_TREE, this::onExtentItem);
            checkGroups();
            Set<Long> seen = new HashSet<>();
            for (BtrfsTree.Root root : others) {
                trees.followBlocks(root, seen);
            }
            UsedMap map = used.build();
            require(map.covers(needed.build()), "trees lie in free space: run btrfs check");
            return map;
        }

        private void readChunks() throws UnsureException, DeviceException {
            BtrfsChunks listed = BtrfsChunks.ofSuperblock(superblock);
            BtrfsTree.Root root = new BtrfsTree.Root(
                    superblock.chunkRoot(), superblock.chunkRootLevel(), superblock.chunkRootGeneration());
            new BtrfsTree(volume, superblock, listed, this::need).walk(BtrfsKey.CHUNK_TREE, root, this::onChunkItem);
            chunks.requireAll(listed);
            require(devices == 1, devices + " devices in the chunk tree");
        }

        private void need(BtrfsChunks.Chunk chunk, long logical) {
            chunk.places().forEach(place -> needed.use(place + logical - chunk.logical(), superblock.nodeBytes()));
        }

        private void walk(BtrfsTree trees, long tree, BtrfsTree.ItemConsumer consumer)
                throws UnsureException, DeviceException {
            require(roots.containsKey(tree), "no root of tree " + tree);
            trees.walk(tree, roots.get(tree), consumer);
        }

        private void onChunkItem(BtrfsKey key, ByteBuffer item) throws UnsureException {
            if (key.type() == BtrfsKey.CHUNK_ITEM) {
                require(key.object() == BtrfsKey.FIRST_CHUNK, "an unknown kind of chunk");
                chunks.add(key.offset(), item);
            } else if (key.type() == BtrfsKey.DEVICE_ITEM) {
                require(key.offset() == superblock.deviceNumber(), "another device in the chunk tree");
                devices++;
            }
        }

        private void onRoot(BtrfsKey key, ByteBuffer item) throws UnsureException {
            if (key.type() != BtrfsKey.ROOT_ITEM) {
                return;
            }
            require(item.limit() >= ROOT_BYTES, "the root of tree " + key.object() + " is cut off");
            int level = Byte.toUnsignedInt(item.get(238));
            BtrfsTree.Root root = new BtrfsTree.Root(item.getLong(176), level, item.getLong(160));
            boolean isWanted = key.object() == BtrfsKey.EXTENT_TREE
                    || key.object() == BtrfsKey.DEVICE_TREE
                    || key.object() == BtrfsKey.BLOCK_GROUP_TREE;
            if (isWanted) {
                require(key.offset() == 0, "the root of tree " + key.object());
                roots.put(key.object(), root);
            } else if (item.getInt(ROOT_REFERENCES) != 0) {
                others.add(root);
            }
        }

        private void onDeviceItem(BtrfsKey key, ByteBuffer item) throws UnsureException {
            if (key.type() != BtrfsKey.DEVICE_EXTENT) {
                return;
            }
            require(item.limit() >= DEVICE_EXTENT_BYTES, "a device extent is cut off");
            long length = item.getLong(24);
            BtrfsChunks.Chunk chunk = chunks.find(item.getLong(16), length);
            boolean isSame = key.object() == superblock.deviceNumber()
                    && item.getLong(16) == chunk.logical()
                    && length == chunk.length()
                    && chunk.places().contains(key.offset());
            require(isSame, "chunk and device tree differ at byte " + key.offset());
            require(key.offset() >= lastDeviceByte, "two chunks overlap at byte " + key.offset());
            lastDeviceByte = key.offset() + length;
            copies++;
        }

        private void onExtentItem(BtrfsKey key, ByteBuffer item) throws UnsureException {
            switch (key.type()) {
                case BtrfsKey.EXTENT_ITEM -> onExtent(key.object(), key.offset());
                case BtrfsKey.METADATA_ITEM -> onExtent(key.object(), superblock.nodeBytes());
                case BtrfsKey.BLOCK_GROUP_ITEM -> onGroup(key, item);
                default -> {
                    // Back references: who uses an extent does not matter.
                }
            }
        }

        private void onExtent(long logical, long bytes) throws UnsureException {
            BtrfsChunks.Chunk chunk = chunks.find(logical, bytes);
            require(logical >= lastExtentEnd, "two extents overlap at logical " + logical);
            lastExtentEnd = logical + bytes;
            chunk.places().forEach(place -> used.use(place + logical - chunk.logical(), bytes));
            groups.computeIfAbsent(chunk.logical(), start -> new Group()).extentBytes += bytes;
            extentBytes += bytes;
        }

        private void onGroup(BtrfsKey key, ByteBuffer item) throws UnsureException {
            require(item.limit() >= GROUP_BYTES, "a block group is cut off");
            BtrfsChunks.Chunk chunk = chunks.find(key.object(), key.offset());
            boolean isSame = key.object() == chunk.logical()
                    && key.offset() == chunk.length()
                    && item.getLong(16) == chunk.flags();
            require(isSame, "block group and chunk differ at logical " + key.object());
            Group group = groups.computeIfAbsent(chunk.logical(), start -> new Group());
            require(!group.isKnown, "two block groups at logical " + key.object());
            group.isKnown = true;
            group.usedBytes = item.getLong(0);
        }

        private void checkGroups() throws UnsureException {
            for (BtrfsChunks.Chunk chunk : chunks.all()) {
                Group group = groups.get(chunk.logical());
                require(group != null && group.isKnown, "no block group for the chunk at logical " + chunk.logical());
                require(
                        group.extentBytes == group.usedBytes,
                        "block group " + chunk.logical() + " has " + group.extentBytes + " bytes of extents, it says "
                                + group.usedBytes);
            }
            require(
                    extentBytes == superblock.usedBytes(),
                    extentBytes + " bytes of extents, the superblock says " + superblock.usedBytes());
        }

        private static void require(boolean holds, String otherwise) throws UnsureException {
            if (!holds) {
                throw new UnsureException("Btrfs: " + otherwise);
            }
        }
    }
}
