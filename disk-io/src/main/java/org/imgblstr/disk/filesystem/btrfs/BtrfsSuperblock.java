package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The superblock of Btrfs: 4 KiB at 64 KiB, little-endian; copies at 64 MiB and 256 GiB. Source: btrfs documentation, "On-disk Format".
 * Logical addresses are those that the chunk tree maps to the device.
 */
final class BtrfsSuperblock {
    static final long OFFSET = 64 << 10;
    static final int BYTES = 4096;
    static final byte[] MAGIC = "_BHRfS_M".getBytes(StandardCharsets.US_ASCII);
    static final int MAGIC_OFFSET = 0x40;

    static final int UUID_BYTES = 16;

    private static final List<Long> COPIES = List.of(OFFSET, 64L << 20, 256L << 30);
    private static final int FSID = 0x20;
    private static final int METADATA_UUID = 0x23B;
    private static final int LABEL = 0x12B;
    private static final int LABEL_BYTES = 256;
    private static final int DEVICE = 0xC9;
    private static final int CHUNKS = 0x32B;
    private static final int CHUNKS_BYTES = 2048;
    private static final int MAX_LEVEL = 7;

    /** Written, and whether back references are of the present kind. Errors, seeds, dumps and changes underway are not among them. */
    private static final long FLAGS_KNOWN = 0x1 | 0x2;

    /** Free space tree, its validity, verity, block group tree. */
    private static final long RO_KNOWN = 0x1 | 0x2 | 0x4 | 0x8;

    private static final long INCOMPAT_METADATA_UUID = 0x400;

    /**
     * Back references, default subvolume, mixed groups, LZO, zstd, big metadata, extended references, skinny metadata, no holes. Not RAID,
     * zones, version 2 of the extent tree, the stripe tree, and simple quotas.
     */
    private static final long INCOMPAT_KNOWN =
            0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x100 | 0x200 | INCOMPAT_METADATA_UUID;

    private final ByteBuffer bytes;

    private BtrfsSuperblock(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The first superblock, not checked at all. */
    static BtrfsSuperblock readUnchecked(BlockSource volume) throws UnsureException, DeviceException {
        return new BtrfsSuperblock(VolumeBytes.little(volume, OFFSET, BYTES, "Btrfs superblock"));
    }

    /** Throws unless everything this program relies on is known, in range and fits the volume. */
    void check(long volumeBytes) throws UnsureException {
        int checksumType = Short.toUnsignedInt(bytes.getShort(0xC4));
        require(BtrfsChecksum.isKnown(checksumType), "checksums of unknown type " + checksumType);
        require(BtrfsChecksum.holds(checksumType, bytes), "its checksum is wrong");
        require(bytes.getLong(0x30) == OFFSET, "it says that it belongs at " + bytes.getLong(0x30));
        checkFeatures();
        checkSizes(volumeBytes);
    }

    private void checkFeatures() throws UnsureException {
        long flags = bytes.getLong(0x38) & ~FLAGS_KNOWN;
        require(flags == 0, "with errors, a seed, or under change (flags 0x" + Long.toHexString(flags) + ")");
        long strange = bytes.getLong(0xBC) & ~INCOMPAT_KNOWN;
        require(strange == 0, "unknown incompatible features 0x" + Long.toHexString(strange));
        long strangeRo = bytes.getLong(0xB4) & ~RO_KNOWN;
        require(strangeRo == 0, "unknown read-only features 0x" + Long.toHexString(strangeRo));
        require(bytes.getLong(0x88) == 1, "it spans " + bytes.getLong(0x88) + " devices");
        require(bytes.getLong(0x60) == 0, "its log must be replayed first: mount and unmount it");
    }

    private void checkSizes(long volumeBytes) throws UnsureException {
        require(isSize(sectorBytes(), 512), "sectors of " + sectorBytes() + " bytes");
        require(isSize(nodeBytes(), sectorBytes()), "nodes of " + nodeBytes() + " bytes");
        require(
                deviceBytes() > 0 && deviceBytes() <= volumeBytes && deviceBytes() == bytes.getLong(0x70),
                deviceBytes() + " bytes in a volume of " + volumeBytes + " bytes");
        require(rootLevel() <= MAX_LEVEL && chunkRootLevel() <= MAX_LEVEL, "trees of too many levels");
    }

    private static boolean isSize(int bytes, int least) {
        return bytes >= least && bytes <= 64 << 10 && Integer.bitCount(bytes) == 1;
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("Btrfs superblock: " + otherwise);
        }
    }

    /** Places of the superblock and its copies on the device. */
    List<Long> copies() {
        return COPIES.stream().filter(place -> place <= deviceBytes() - BYTES).toList();
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

    int checksumType() {
        return bytes.getShort(0xC4);
    }

    long generation() {
        return bytes.getLong(0x48);
    }

    /** Logical address of the tree of trees. */
    long root() {
        return bytes.getLong(0x50);
    }

    int rootLevel() {
        return Byte.toUnsignedInt(bytes.get(0xC6));
    }

    /** Logical address of the tree that maps logical addresses. */
    long chunkRoot() {
        return bytes.getLong(0x58);
    }

    int chunkRootLevel() {
        return Byte.toUnsignedInt(bytes.get(0xC7));
    }

    long chunkRootGeneration() {
        return bytes.getLong(0xA4);
    }

    /** Bytes of all extents, each counted once. */
    long usedBytes() {
        return bytes.getLong(0x78);
    }

    int sectorBytes() {
        return bytes.getInt(0x90);
    }

    int nodeBytes() {
        return bytes.getInt(0x94);
    }

    long deviceNumber() {
        return bytes.getLong(DEVICE);
    }

    long deviceBytes() {
        return bytes.getLong(DEVICE + 8);
    }

    /** The UUID in every tree block. */
    ByteBuffer treeUuid() {
        boolean isOwn = (bytes.getLong(0xBC) & INCOMPAT_METADATA_UUID) != 0;
        return bytes.slice(isOwn ? METADATA_UUID : FSID, UUID_BYTES);
    }

    /** Keys and items of the chunks that the chunk tree lies in, one behind the other. */
    ByteBuffer systemChunks() throws UnsureException {
        int length = bytes.getInt(0xA0);
        require(length > 0 && length <= CHUNKS_BYTES, "system chunks of " + length + " bytes");
        return bytes.slice(CHUNKS, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
