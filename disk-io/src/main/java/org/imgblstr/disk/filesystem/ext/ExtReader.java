package org.imgblstr.disk.filesystem.ext;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * ext2, ext3 and ext4: the block bitmaps of the groups, believed only when checksums hold where there are any, when each bitmap has as
 * many free clusters as its descriptor says and all together as many as the superblock says, when all metadata is marked, and when the
 * journal is empty. The parts of inode tables that were never used count as zero, when no inode bitmap says otherwise. Source: Linux,
 * Documentation/filesystems/ext4.
 */
public final class ExtReader implements FileSystemReader {
    private static final byte[] MAGIC = {0x53, (byte) 0xEF};

    private final boolean isEncrypted;

    /** Of volumes that are not encrypted. */
    public ExtReader() {
        this(false);
    }

    /**
     * {@code isEncrypted}: whether a copy gets noise where the volume has zeros. What Linux has zeroed is then read, unless checksums of inodes
     * tell noise from inodes.
     */
    public ExtReader(boolean isEncrypted) {
        this.isEncrypted = isEncrypted;
    }

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        if (!VolumeBytes.matches(volume, ExtSuperblock.OFFSET + ExtSuperblock.MAGIC_OFFSET, MAGIC)) {
            return Optional.empty();
        }
        try {
            ExtSuperblock superblock = ExtSuperblock.readUnchecked(volume);
            return Optional.of(new Identity(superblock.name(), superblock.label()));
        } catch (UnsureException tooShort) {
            return Optional.empty();
        }
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        ExtSuperblock superblock = ExtSuperblock.readUnchecked(volume);
        superblock.check(volume.sizeBytes());
        return new Walk(volume, superblock, isEncrypted).map();
    }

    @FunctionalInterface
    private interface GroupWork {
        void on(ExtGroup group) throws UnsureException, DeviceException;
    }

    /** One reading of one volume. */
    private static final class Walk {
        private final BlockSource volume;
        private final ExtSuperblock superblock;
        private final int blockBytes;
        private final UsedMapBuilder used;
        private final boolean isEncrypted;
        private long freeClusters;
        private boolean areInodesSound;

        Walk(BlockSource volume, ExtSuperblock superblock, boolean isEncrypted) {
            this.volume = volume;
            this.isEncrypted = isEncrypted;
            this.superblock = superblock;
            this.blockBytes = superblock.blockBytes();
            this.used = new UsedMapBuilder(volume.sizeBytes());
            this.areInodesSound = superblock.hasDescriptorChecksums();
        }

        UsedMap map() throws UnsureException, DeviceException {
            long endBytes = superblock.blockCount() * blockBytes;
            useBlocks(0, superblock.firstDataBlock());
            used.use(endBytes, volume.sizeBytes() - endBytes);
            forEachGroup(this::readGroup);
            checkFree();
            if (areInodesSound) {
                forEachGroup(this::zeroNeverUsed);
            }
            UsedMap map = used.build();
            forEachGroup(group -> checkMetadata(map, group));
            if (superblock.hasJournal()) {
                ExtJournal.requireEmpty(volume, superblock);
            }
            return map;
        }

        private void forEachGroup(GroupWork work) throws UnsureException, DeviceException {
            for (long block = 0; block < superblock.descriptorBlocks(); block++) {
                for (ExtGroup group : ExtGroup.readBlock(volume, superblock, block)) {
                    work.on(group);
                }
            }
        }

        private void readGroup(ExtGroup group) throws UnsureException, DeviceException {
            areInodesSound = areInodesSound && group.inodes().isSound(volume, superblock, group);
            BitSet clusters = group.bitmap().isUninitialised() ? metadataOf(group) : bitmapOf(group);
            int count = clustersIn(group.number());
            long free = (long) count - clusters.get(0, count).cardinality();
            ExtGroup.require(
                    free == group.freeClusters(),
                    group.number(),
                    "block bitmap has " + free + " free clusters, its descriptor says " + group.freeClusters());
            freeClusters += free;
            long first = superblock.firstBlockOf(group.number());
            for (int from = clusters.nextSetBit(0); from >= 0 && from < count; ) {
                int to = Math.min(clusters.nextClearBit(from), count);
                long endBlock = Math.min(first + ((long) to << superblock.clusterShift()), superblock.blockCount());
                useBlocks(first + ((long) from << superblock.clusterShift()), endBlock);
                from = clusters.nextSetBit(to);
            }
        }

        private BitSet bitmapOf(ExtGroup group) throws UnsureException, DeviceException {
            ByteBuffer bitmap =
                    VolumeBytes.little(volume, group.bitmap().block() * blockBytes, blockBytes, "ext block bitmap");
            group.checkBitmap(superblock, bitmap);
            return BitSet.valueOf(bitmap);
        }

        /** What the bitmap of a group would say that has nothing but its own metadata; such bitmaps are not on the disk. */
        private BitSet metadataOf(ExtGroup group) {
            BitSet clusters = new BitSet((int) superblock.clustersPerGroup());
            long first = superblock.firstBlockOf(group.number());
            mark(clusters, group.number(), first, baseBlocksOf(group.number()));
            mark(clusters, group.number(), group.bitmap().block(), 1);
            mark(clusters, group.number(), group.inodeBitmap(), 1);
            mark(clusters, group.number(), group.inodeTable(), superblock.inodeTableBlocks());
            return clusters;
        }

        private void mark(BitSet clusters, long group, long block, long count) {
            long first = superblock.firstBlockOf(group);
            long from = Math.max(block, first);
            long to = Math.min(block + count, superblock.endBlockOf(group));
            if (from < to) {
                clusters.set(
                        (int) ((from - first) >>> superblock.clusterShift()),
                        (int) ((to - 1 - first) >>> superblock.clusterShift()) + 1);
            }
        }

        /** Blocks at the start of a group that superblock and descriptors take. */
        private long baseBlocksOf(long group) {
            boolean hasSuperblock = superblock.hasSuperblock(group);
            long metaGroup = group / superblock.descriptorsPerBlock();
            long blocks = hasSuperblock ? 1 : 0;
            if (!superblock.hasMetaBg()) {
                blocks += hasSuperblock ? superblock.descriptorBlocks() + superblock.reservedDescriptorBlocks() : 0;
            } else if (metaGroup < superblock.firstMetaGroup()) {
                blocks += hasSuperblock ? superblock.firstMetaGroup() + superblock.reservedDescriptorBlocks() : 0;
            } else {
                long place = group % superblock.descriptorsPerBlock();
                blocks += place <= 1 || place == superblock.descriptorsPerBlock() - 1 ? 1 : 0;
            }
            // With 1 KiB blocks and clusters, group 0 begins with the boot block.
            boolean hasBootBlock = group == 0 && superblock.firstDataBlock() == 0 && blockBytes == ExtSuperblock.OFFSET;
            return blocks + (hasBootBlock ? 1 : 0);
        }

        private int clustersIn(long group) {
            long blocks = superblock.endBlockOf(group) - superblock.firstBlockOf(group);
            long perCluster = 1L << superblock.clusterShift();
            return (int) ((blocks + perCluster - 1) / perCluster);
        }

        private void checkFree() throws UnsureException {
            // The superblock counts blocks, also where clusters are allocated.
            long freeBlocks = freeClusters << superblock.clusterShift();
            if (freeBlocks != superblock.freeBlocks()) {
                throw new UnsureException("ext: " + freeBlocks + " free blocks in the bitmaps, the superblock says "
                        + superblock.freeBlocks());
            }
        }

        /** Whether Linux has zeroed this part of the table by now or not, it does not read what is there. */
        private void zeroNeverUsed(ExtGroup group) {
            if (isEncrypted && group.inodes().isZeroed() && !superblock.hasMetadataChecksums()) {
                return;
            }
            long blocksUsed = group.inodes().tableBlocksUsed(superblock);
            used.zero(
                    (group.inodeTable() + blocksUsed) * blockBytes,
                    (superblock.inodeTableBlocks() - blocksUsed) * blockBytes);
        }

        private void checkMetadata(UsedMap map, ExtGroup group) throws UnsureException {
            checkMetadata(map, group, superblock.inodeTableBlocks(), "metadata is marked free");
            long read = areInodesSound ? group.inodes().tableBlocksUsed(superblock) : 0;
            checkMetadata(map.stored(), group, read, "metadata overlaps an inode table");
        }

        private void checkMetadata(UsedMap map, ExtGroup group, long tableBlocks, String otherwise)
                throws UnsureException {
            boolean isMarked = isMarked(map, superblock.firstBlockOf(group.number()), baseBlocksOf(group.number()))
                    && isMarked(map, group.bitmap().block(), 1)
                    && isMarked(map, group.inodeBitmap(), 1)
                    && isMarked(map, group.inodeTable(), tableBlocks);
            ExtGroup.require(isMarked, group.number(), otherwise);
        }

        private boolean isMarked(UsedMap map, long block, long count) {
            return map.nextFree(block * blockBytes) >= Math.min(block + count, superblock.blockCount()) * blockBytes;
        }

        private void useBlocks(long from, long to) {
            used.use(from * blockBytes, (to - from) * blockBytes);
        }
    }
}
