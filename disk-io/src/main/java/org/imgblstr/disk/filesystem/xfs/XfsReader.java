package org.imgblstr.disk.filesystem.xfs;

import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * XFS, versions 4 and 5: all but what its trees of free space name. Believed only when the log ends with an unmount record, both trees of
 * each allocation group hold the same extents, as many blocks as its header says, and all together as many as the superblock says; with
 * version 5 also when all checksums hold. Blocks set aside for the trees count as used. Source: "XFS Algorithms &amp; Data Structures".
 */
public final class XfsReader implements FileSystemReader {
    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        if (!VolumeBytes.matches(volume, 0, XfsSuperblock.MAGIC)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Identity("xfs", XfsSuperblock.readUnchecked(volume).label()));
        } catch (UnsureException tooShort) {
            return Optional.empty();
        }
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        XfsSuperblock superblock = XfsSuperblock.readUnchecked(volume);
        superblock.check(volume);
        XfsLog.requireClean(volume, superblock);
        return new Walk(volume, superblock).map();
    }

    /** One reading of one volume. */
    private static final class Walk {
        private final BlockSource volume;
        private final XfsSuperblock superblock;
        private final int blockBytes;
        private final UsedMapBuilder used;
        private final UsedMapBuilder needed;
        private long freeBlocks;

        Walk(BlockSource volume, XfsSuperblock superblock) {
            this.volume = volume;
            this.superblock = superblock;
            this.blockBytes = superblock.blockBytes();
            this.used = new UsedMapBuilder(volume.sizeBytes());
            this.needed = new UsedMapBuilder(volume.sizeBytes());
        }

        UsedMap map() throws UnsureException, DeviceException {
            long endBytes = superblock.blockCount() * blockBytes;
            used.use(endBytes, volume.sizeBytes() - endBytes);
            needed.use(superblock.logOffset(), superblock.logBlocks() * blockBytes);
            needed.use(superblock.rootInodeOffset(), blockBytes);
            for (long ag = 0; ag < superblock.agCount(); ag++) {
                if (!superblock.hasChecksums()) {
                    superblock.checkCopy(volume, ag);
                }
                readGroup(XfsGroup.read(volume, superblock, ag));
            }
            require(
                    freeBlocks == superblock.freeBlocks(),
                    freeBlocks + " free blocks in its AGs, the superblock says " + superblock.freeBlocks());
            UsedMap map = used.build();
            require(map.covers(needed.build()), "its own structures are marked free: run xfs_repair");
            return map;
        }

        private void readGroup(XfsGroup group) throws UnsureException, DeviceException {
            needed.use(superblock.agOffset(group.number()), (long) XfsGroup.HEADER_SECTORS * superblock.sectorBytes());
            Gaps gaps = new Gaps(group.number());
            walk(group, XfsFreeTree.Order.BY_PLACE, gaps);
            gaps.finish();
            Sum byLength = new Sum(group.number());
            walk(group, XfsFreeTree.Order.BY_LENGTH, byLength);
            XfsGroup.require(gaps.isSame(byLength), group.number(), "its two trees of free space differ");
            boolean isSame = gaps.blocks() == group.freeBlocks() && gaps.longest() == group.longest();
            XfsGroup.require(
                    isSame, group.number(), gaps.blocks() + " free blocks, its header says " + group.freeBlocks());
            freeBlocks += group.freeBlocks() + group.listBlocks();
            freeBlocks += superblock.countsTreeBlocks() ? group.treeBlocks() : 0;
        }

        private void walk(XfsGroup group, XfsFreeTree.Order order, XfsFreeTree.Visitor visitor)
                throws UnsureException, DeviceException {
            XfsGroup.Tree tree = order == XfsFreeTree.Order.BY_PLACE ? group.byPlace() : group.byLength();
            new XfsFreeTree(volume, superblock, group.number(), order, visitor).walk(tree.root(), tree.levels());
        }

        private static void require(boolean holds, String otherwise) throws UnsureException {
            if (!holds) {
                throw new UnsureException("XFS: " + otherwise);
            }
        }

        /** Adds up the extents of one tree. Equal sums mean equal trees, though each tree has an order of its own. */
        private class Sum implements XfsFreeTree.Visitor {
            private final long agOffset;
            private long extents;
            private long blocks;
            private long longest;
            private long fingerprint;

            Sum(long ag) {
                agOffset = superblock.agOffset(ag);
            }

            @Override
            public void onExtent(long block, long count) {
                extents++;
                blocks += count;
                longest = Math.max(longest, count);
                fingerprint += mixed(block << Integer.SIZE | count);
            }

            @Override
            public void onTreeBlock(long block) {
                needed.use(agOffset + block * blockBytes, blockBytes);
            }

            /** Spreads every bit over all 64, so that sums of different extents differ: Stafford's variant 13 of a murmur3 finaliser. */
            private static long mixed(long value) {
                long x = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
                x = (x ^ x >>> 27) * 0x94D0_49BB_1331_11EBL;
                return x ^ x >>> 31;
            }

            boolean isSame(Sum other) {
                return extents == other.extents
                        && blocks == other.blocks
                        && longest == other.longest
                        && fingerprint == other.fingerprint;
            }

            long blocks() {
                return blocks;
            }

            long longest() {
                return longest;
            }
        }

        /** Marks as used what lies between the extents. */
        private final class Gaps extends Sum {
            private final long ag;
            private long next;

            Gaps(long ag) {
                super(ag);
                this.ag = ag;
            }

            @Override
            public void onExtent(long block, long count) {
                super.onExtent(block, count);
                useTo(block);
                next = block + count;
            }

            void finish() {
                useTo(superblock.agLength(ag));
            }

            private void useTo(long block) {
                used.use(superblock.agOffset(ag) + next * blockBytes, (block - next) * blockBytes);
            }
        }
    }
}
