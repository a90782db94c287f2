package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;

/**
 * A checkpoint of f2fs, little-endian: blocks of which the first and the last are alike and carry version and checksum. Source: Linux,
 * include/linux/f2fs_fs.h, struct f2fs_checkpoint.
 *
 * @param offset byte of the volume at which it begins
 * @param head its first block
 */
record F2fsCheckpoint(long offset, ByteBuffer head) {
    private static final int FLAGS = 132;
    private static final int UNMOUNTED = 0x01;

    /** To be checked, and stopped by an error. */
    private static final int BAD_FLAGS = 0x18;

    private static final int BLOCK_COUNT = 136;
    private static final int CHECKSUM_OFFSET = 164;
    private static final int LEAST_CHECKSUM_OFFSET = 192;
    private static final int CHECKSUM_START = 0xF2F5_2010;

    static F2fsCheckpoint read(BlockSource volume, long offset, int blockBytes)
            throws UnsureException, DeviceException {
        return new F2fsCheckpoint(offset, VolumeBytes.little(volume, offset, blockBytes, "f2fs checkpoint"));
    }

    long version() {
        return head.getLong(0);
    }

    boolean isClean() {
        int flags = head.getInt(FLAGS);
        return (flags & UNMOUNTED) != 0 && (flags & BAD_FLAGS) == 0;
    }

    /**
     * Whether it was written to its end. Of one that was not, Linux takes the older one, and then finds files that were written since in
     * blocks that the older one calls free.
     */
    boolean isWhole(BlockSource volume, long segmentBlocks) throws UnsureException, DeviceException {
        long blocks = Integer.toUnsignedLong(head.getInt(BLOCK_COUNT));
        if (blocks < 2 || blocks > segmentBlocks || !hasChecksum()) {
            return false;
        }
        F2fsCheckpoint last = read(volume, offset + (blocks - 1) * head.capacity(), head.capacity());
        return last.version() == version() && last.hasChecksum();
    }

    /** Of all bytes but those of the checksum. */
    private boolean hasChecksum() {
        int at = head.getInt(CHECKSUM_OFFSET);
        if (at < LEAST_CHECKSUM_OFFSET || at > head.capacity() - Integer.BYTES) {
            return false;
        }
        int crc = ChainedCrc.crc32(CHECKSUM_START, head, 0, at);
        int behind = at + Integer.BYTES;
        return ChainedCrc.crc32(crc, head, behind, head.capacity() - behind) == head.getInt(at);
    }
}
