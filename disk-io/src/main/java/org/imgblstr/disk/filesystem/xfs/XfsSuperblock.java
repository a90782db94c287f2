package org.imgblstr.disk.filesystem.xfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The superblock of XFS, versions 4 and 5: one sector at the start of each allocation group (AG), big-endian. Source: "XFS Algorithms &amp;
 * Data Structures", Superblocks. AGs, and blocks within an AG, count from 0.
 */
final class XfsSuperblock {
    static final byte[] MAGIC = "XFSB".getBytes(StandardCharsets.US_ASCII);

    /** Bytes up to the last field that this program reads. */
    private static final int MIN_BYTES = 512;

    private static final int CHECKSUM = 224;
    private static final int UUID = 32;
    private static final int META_UUID = 248;
    private static final int UUID_BYTES = 16;
    private static final int LABEL = 108;
    private static final int LABEL_BYTES = 12;

    private static final int VERSION_SHARED = 0x200;
    private static final int VERSION_MORE_BITS = 0x8000;
    private static final int FEATURE2_LAZY_COUNTERS = 0x2;

    /** Lazy counters, attr2, parent, projid32, crc, ftype, and two reserved ones. */
    private static final int FEATURES2_KNOWN = 0x39F;

    /** Free inode tree, reverse mapping, reflink, inode tree counters. */
    private static final int RO_KNOWN = 0x1 | 0x2 | 0x4 | 0x8;

    private static final int INCOMPAT_META_UUID = 0x4;
    private static final int INCOMPAT_NEEDS_REPAIR = 0x10;

    /** File types, sparse inodes, UUID, big times, large extent counts, exchange range, parent pointers. */
    private static final int INCOMPAT_KNOWN = 0x1 | 0x2 | INCOMPAT_META_UUID | 0x8 | 0x20 | 0x40 | 0x80;

    /** Logged attributes: matters to whoever replays the log. */
    private static final int LOG_INCOMPAT_KNOWN = 0x1;

    private static final int MIN_AG_BLOCKS = 64;

    private final ByteBuffer bytes;

    private XfsSuperblock(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The first superblock, not checked at all. */
    static XfsSuperblock readUnchecked(BlockSource volume) throws UnsureException, DeviceException {
        return new XfsSuperblock(VolumeBytes.big(volume, 0, MIN_BYTES, "XFS superblock"));
    }

    /** Throws unless everything this program relies on is known, in range and fits the volume. */
    void check(BlockSource volume) throws UnsureException, DeviceException {
        require(VolumeBytes.matches(volume, 0, MAGIC), "no magic number");
        require(version() == 4 || version() == 5, "unknown version " + version());
        checkSizes(volume.sizeBytes());
        checkFeatures();
        if (hasChecksums()) {
            ByteBuffer sector = VolumeBytes.big(volume, 0, sectorBytes(), "XFS superblock");
            require(XfsChecksum.holds(sector, CHECKSUM), "its checksum is wrong");
        }
    }

    private void checkSizes(long volumeBytes) throws UnsureException {
        boolean isBlockSound = blockLog() >= 9 && blockLog() <= 16 && bytes.getInt(4) == 1 << blockLog();
        require(isBlockSound, "blocks of " + bytes.getInt(4) + " bytes");
        int sectorLog = bytes.get(121);
        boolean isSectorSound = sectorLog >= 9 && sectorLog <= blockLog() && sectorBytes() == 1 << sectorLog;
        require(isSectorSound, "sectors of " + sectorBytes() + " bytes");
        int inodesLog = bytes.get(123);
        require(inodesLog >= 0 && inodesLog <= 8, "2^" + inodesLog + " inodes per block");
        require(
                blockCount() > 0 && blockCount() <= volumeBytes / blockBytes(),
                blockCount() + " blocks of " + blockBytes() + " bytes in a volume of " + volumeBytes + " bytes");
        require(agBlocks() >= MIN_AG_BLOCKS && agBlocks() <= 1L << agBlockLog(), agBlocks() + " blocks per AG");
        require(agBlockLog() <= 31 && agBlocks() > 1L << (agBlockLog() - 1), "2^" + agBlockLog() + " blocks per AG");
        require(agCount() == (blockCount() + agBlocks() - 1) / agBlocks(), agCount() + " AGs");
        require(agLength(agCount() - 1) >= MIN_AG_BLOCKS, "a last AG of " + agLength(agCount() - 1) + " blocks");
        require(bytes.get(126) == 0, "mkfs has not finished");
    }

    private void checkFeatures() throws UnsureException {
        require(bytes.getLong(16) == 0, "it has a realtime section");
        require(logStart() != 0, "its log is on another device");
        if (hasChecksums()) {
            int strangeRo = bytes.getInt(212) & ~RO_KNOWN;
            require(strangeRo == 0, "unknown read-only features 0x" + Integer.toHexString(strangeRo));
            int incompat = bytes.getInt(216);
            require((incompat & INCOMPAT_NEEDS_REPAIR) == 0, "marked as damaged: run xfs_repair");
            int strange = incompat & ~INCOMPAT_KNOWN;
            require(strange == 0, "unknown incompatible features 0x" + Integer.toHexString(strange));
            int strangeLog = bytes.getInt(220) & ~LOG_INCOMPAT_KNOWN;
            require(strangeLog == 0, "unknown features of the log 0x" + Integer.toHexString(strangeLog));
        } else {
            require((versionBits() & VERSION_SHARED) == 0, "shared file systems are unknown");
            int strange = features2() & ~FEATURES2_KNOWN;
            require(strange == 0, "unknown features 0x" + Integer.toHexString(strange));
        }
    }

    /** Throws unless the copy in an AG has the same sizes: without checksums, this is what the first one is held against. */
    void checkCopy(BlockSource volume, long ag) throws UnsureException, DeviceException {
        ByteBuffer copy = VolumeBytes.big(volume, agOffset(ag), MIN_BYTES, "XFS superblock of AG " + ag);
        boolean isSame = copy.getLong(0) == bytes.getLong(0)
                && copy.getLong(8) == bytes.getLong(8)
                && copy.getLong(84) == bytes.getLong(84)
                && copy.getShort(102) == bytes.getShort(102)
                && copy.getLong(48) == bytes.getLong(48);
        require(isSame, "the copy in AG " + ag + " says otherwise");
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("XFS superblock: " + otherwise);
        }
    }

    private int versionBits() {
        return Short.toUnsignedInt(bytes.getShort(100));
    }

    private int version() {
        return versionBits() & 0xF;
    }

    private int features2() {
        return (versionBits() & VERSION_MORE_BITS) == 0 ? 0 : bytes.getInt(200);
    }

    /** Version 5: metadata has checksums, and says whose and where it is. */
    boolean hasChecksums() {
        return version() == 5;
    }

    /** Whether the counter of free blocks includes those that the trees of free space take. */
    boolean countsTreeBlocks() {
        return hasChecksums() || (features2() & FEATURE2_LAZY_COUNTERS) != 0;
    }

    String label() {
        byte[] label = new byte[LABEL_BYTES];
        bytes.get(LABEL, label);
        int end = 0;
        while (end < label.length && label[end] != 0) {
            end++;
        }
        return new String(label, 0, end, StandardCharsets.UTF_8);
    }

    private int blockLog() {
        return bytes.get(120);
    }

    int blockBytes() {
        return 1 << blockLog();
    }

    int sectorBytes() {
        return Short.toUnsignedInt(bytes.getShort(102));
    }

    long blockCount() {
        return bytes.getLong(8);
    }

    private int agBlockLog() {
        return Byte.toUnsignedInt(bytes.get(124));
    }

    long agBlocks() {
        return Integer.toUnsignedLong(bytes.getInt(84));
    }

    long agCount() {
        return Integer.toUnsignedLong(bytes.getInt(88));
    }

    /** Blocks of an AG; the last one may be shorter. */
    long agLength(long ag) {
        return Math.min(agBlocks(), blockCount() - ag * agBlocks());
    }

    /** Byte of the volume where an AG begins. */
    long agOffset(long ag) {
        return ag * agBlocks() * blockBytes();
    }

    long freeBlocks() {
        return bytes.getLong(144);
    }

    private long logStart() {
        return bytes.getLong(48);
    }

    long logBlocks() {
        return Integer.toUnsignedLong(bytes.getInt(96));
    }

    /** Byte of the volume where the log begins; throws unless all of the log lies in one AG. */
    long logOffset() throws UnsureException {
        long ag = logStart() >>> agBlockLog();
        long block = logStart() & (1L << agBlockLog()) - 1;
        boolean isInside = ag < agCount() && logBlocks() > 0 && block + logBlocks() <= agLength(ag);
        require(isInside, "the log is outside the volume");
        return agOffset(ag) + block * blockBytes();
    }

    /** Byte of the block with the root directory's inode; throws when it is outside the volume. */
    long rootInodeOffset() throws UnsureException {
        long block = bytes.getLong(56) >>> bytes.get(123);
        long ag = block >>> agBlockLog();
        long inAg = block & (1L << agBlockLog()) - 1;
        require(ag < agCount() && inAg < agLength(ag), "the root directory is outside the volume");
        return agOffset(ag) + inAg * blockBytes();
    }

    /** The UUID that people see, which the log carries. */
    ByteBuffer uuid() {
        return bytes.slice(UUID, UUID_BYTES);
    }

    /** The UUID in metadata. They differ once an administrator has changed the visible one. */
    ByteBuffer metaUuid() {
        boolean isOwn = hasChecksums() && (bytes.getInt(216) & INCOMPAT_META_UUID) != 0;
        return bytes.slice(isOwn ? META_UUID : UUID, UUID_BYTES);
    }
}
