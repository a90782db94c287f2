package org.imgblstr.disk.filesystem.bitlocker;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Boot sector and metadata of BitLocker, patched. A volume gives a map or the one exception; what is not shown within is always used: the boot
 * sector, and each metadata block that the boot sector names.
 */
public final class BitlockerFuzz {
    private static final long MOST_ALLOCATED_BYTES = 16L << 20;
    private static final int SEEDS = 24;
    private static final int RESEALS = 1;
    private static final int SAME = 2;
    private static final int IS_CUT = 4;
    private static final int BLOCK_BYTES = ForgedBitlocker.BLOCK_BYTES;
    private static final List<PatchedBytes> BASES = List.of(
            base(new ForgedBitlocker(0x8004, 512)),
            base(new ForgedBitlocker(0x8004, 4096)),
            base(new ForgedBitlocker(0x8004, 512).toGo()));

    private BitlockerFuzz() {}

    private static PatchedBytes base(ForgedBitlocker forged) {
        List<int[]> pieces = new ArrayList<>();
        pieces.add(new int[] {0, 512});
        for (int block : ForgedBitlocker.BLOCKS) {
            pieces.add(new int[] {block, block + ForgedBitlocker.LENGTH + 8});
        }
        return new PatchedBytes(forged.content(), pieces);
    }

    /**
     * Which base; flags: bit 0 puts checksums right, bit 1 makes the other blocks the same as the first, bit 2 cuts the volume to a length of four
     * bytes; then the changes.
     */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        PatchedBytes bytes = BASES.get(in.u8() % BASES.size());
        int flags = in.u8();
        int length = bytes.content().length;
        int sizeBytes = (flags & IS_CUT) == 0 ? length : Integer.remainderUnsigned(in.i32(), length);
        try {
            bytes.patch(in);
            seal(bytes, flags);
            check(new MemoryVolume(bytes.content(), sizeBytes));
        } finally {
            bytes.undo();
        }
    }

    private static void seal(PatchedBytes bytes, int flags) {
        byte[] first = new byte[ForgedBitlocker.LENGTH];
        System.arraycopy(bytes.content(), ForgedBitlocker.BLOCKS[0], first, 0, first.length);
        for (int block : ForgedBitlocker.BLOCKS) {
            if ((flags & SAME) != 0) {
                bytes.put(block, first);
            }
            byte[] content = bytes.content();
            int told = ((content[block + 8] & 0xFF) | (content[block + 9] & 0xFF) << Byte.SIZE) * 16;
            if ((flags & RESEALS) != 0 && told <= BLOCK_BYTES - 8) {
                CRC32 sum = new CRC32();
                sum.update(content, block, told);
                int value = (int) sum.getValue();
                bytes.put(block + told + 4, (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte)
                        (value >> 24));
            }
        }
    }

    private static void check(MemoryVolume volume) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            UsedMap map = BitlockerVolume.usedBlocks(volume, area -> new byte[32], within -> {
                if (within.sizeBytes() > volume.sizeBytes()) {
                    throw new AssertionError("more within than there is");
                }
                within.read(0, ByteBuffer.allocate((int) within.sizeBytes()));
                return new UsedMapBuilder(within.sizeBytes()).build();
            });
            BitlockerHeader header = BitlockerHeader.read(volume);
            long kept = 0;
            for (var range : header.layout(volume.sizeBytes()).kept()) {
                kept += range.length();
                if (range.length() > 0 && map.nextFree(range.first()) < range.end()) {
                    throw new AssertionError("metadata is left out");
                }
            }
            if (map.sizeBytes() != volume.sizeBytes() || map.usedBytes() < kept) {
                throw new AssertionError("a map of another size");
            }
        } catch (UnsureException e) {
            if (e.getMessage().isBlank() || e.getMessage().contains("\n")) {
                throw new AssertionError("a reason of several lines", e);
            }
        } catch (DeviceException e) {
            throw new AssertionError("no device has failed", e);
        }
        budget.check();
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int base = 0; base < BASES.size(); base++) {
            seeds.addAll(BASES.get(base).seeds(SEEDS, (byte) base, (byte) (RESEALS | SAME)));
        }
        return seeds;
    }
}
