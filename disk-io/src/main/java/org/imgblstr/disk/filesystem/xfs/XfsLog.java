package org.imgblstr.disk.filesystem.xfs;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The log of XFS. Unmounting ends it with a record that says so; with anything else at its head, metadata on the disk may be older than
 * the log. Source: "XFS Algorithms &amp; Data Structures", Journaling Log.
 *
 * <p>The log is a ring of 512-byte blocks. Each block begins with the number of the round in which it was written (records of more than
 * one block keep what was there in their header), so the head is where the number falls.
 */
final class XfsLog {
    private static final int BLOCK_BYTES = 512;
    private static final int RECORD_MAGIC = 0xFEED_BABE;
    private static final int CYCLE = 4;
    private static final int VERSION = 8;
    private static final int LENGTH = 12;
    private static final int LSN = 16;
    private static final int OPERATIONS = 40;
    private static final int UUID = 304;
    private static final int UUID_BYTES = 16;
    private static final int BUFFER_BYTES = 320;

    /** A header has room for the first words of so many bytes of content; longer buffers have further header blocks. */
    private static final int BYTES_PER_HEADER = 32 << 10;

    private static final int MAX_BUFFER_BYTES = 256 << 10;

    /** The record of unmounting is one operation, rounded up to a buffer at most; header blocks come on top. */
    private static final int MAX_RECORD_BLOCKS = (MAX_BUFFER_BYTES + BYTES_PER_HEADER) / BLOCK_BYTES;

    private static final int OPERATION_FLAGS = 9;
    private static final int UNMOUNT = 0x20;

    private final BlockSource volume;
    private final XfsSuperblock superblock;
    private final long offset;
    private final long blockCount;

    private XfsLog(BlockSource volume, XfsSuperblock superblock) throws UnsureException {
        this.volume = volume;
        this.superblock = superblock;
        this.offset = superblock.logOffset();
        this.blockCount = superblock.logBlocks() * superblock.blockBytes() / BLOCK_BYTES;
    }

    /** Throws unless the log ends with an unmount record. */
    static void requireClean(BlockSource volume, XfsSuperblock superblock) throws UnsureException, DeviceException {
        XfsLog log = new XfsLog(volume, superblock);
        log.requireUnmounted(log.head());
    }

    /** Block behind the last one written: 1 to {@code blockCount}, where the latter is block 0 of the next round. */
    private long head() throws UnsureException, DeviceException {
        int first = cycle(0);
        int last = cycle(blockCount - 1);
        require(first != 0, "was never written");
        require(last == first || last == first - 1, "has lost its order");
        long low = 0;
        long high = last == first ? blockCount : blockCount - 1;
        while (high - low > 1 && last != first) {
            long middle = (low + high) >>> 1;
            int cycle = cycle(middle);
            require(cycle == first || cycle == last, "has lost its order");
            if (cycle == first) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private void requireUnmounted(long head) throws UnsureException, DeviceException {
        for (int back = 1; back <= Math.min(MAX_RECORD_BLOCKS, blockCount); back++) {
            long at = Math.floorMod(head - back, blockCount);
            ByteBuffer block = block(at);
            if (block.getInt(0) == RECORD_MAGIC) {
                require(
                        isUnmount(block, at, head),
                        "holds changes that are not carried out: mount and unmount the file system");
                return;
            }
        }
        throw new UnsureException("XFS: its log has no record before its head");
    }

    private boolean isUnmount(ByteBuffer header, long at, long head) throws UnsureException, DeviceException {
        int version = header.getInt(VERSION);
        require(version == 1 || version == 2, "has a record of unknown version " + version);
        long expected = (long) header.getInt(CYCLE) << Integer.SIZE | at;
        require(header.getLong(LSN) == expected && expected > 0, "has a record that belongs elsewhere");
        require(header.slice(UUID, UUID_BYTES).equals(superblock.uuid()), "belongs to another file system");
        int bufferBytes = version == 1 ? 0 : header.getInt(BUFFER_BYTES);
        int length = header.getInt(LENGTH);
        boolean isSound =
                bufferBytes >= 0 && bufferBytes <= MAX_BUFFER_BYTES && length > 0 && length <= MAX_BUFFER_BYTES;
        require(isSound, "has a record of " + length + " bytes");
        int headerBlocks = Math.max(1, (bufferBytes + BYTES_PER_HEADER - 1) / BYTES_PER_HEADER);
        int dataBlocks = (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
        boolean endsAtHead = (at + headerBlocks + dataBlocks) % blockCount == head % blockCount;
        byte flags = block((at + headerBlocks) % blockCount).get(OPERATION_FLAGS);
        return endsAtHead && header.getInt(OPERATIONS) == 1 && (flags & UNMOUNT) != 0;
    }

    private int cycle(long number) throws UnsureException, DeviceException {
        ByteBuffer block = block(number);
        return block.getInt(0) == RECORD_MAGIC ? block.getInt(CYCLE) : block.getInt(0);
    }

    private ByteBuffer block(long number) throws UnsureException, DeviceException {
        return VolumeBytes.big(volume, offset + number * BLOCK_BYTES, BLOCK_BYTES, "XFS log");
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("XFS: its log " + otherwise);
        }
    }
}
