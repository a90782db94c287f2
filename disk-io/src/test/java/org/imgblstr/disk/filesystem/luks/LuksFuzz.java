package org.imgblstr.disk.filesystem.luks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/** Headers of LUKS, patched. A volume gives a map or the one exception; what lies before the encrypted data is always used. */
public final class LuksFuzz {
    private static final long MOST_ALLOCATED_BYTES = 16L << 20;
    private static final int SEEDS = 24;
    private static final int RESEALS = 1;
    private static final int IS_CUT = 2;
    private static final int DATA_OFFSET = 2 * ForgedLuks.HEADER_BYTES;
    private static final int USED_TEXT_BYTES = 512;
    private static final String SEGMENT = "{\"type\":\"crypt\",\"offset\":\"" + DATA_OFFSET
            + "\",\"size\":\"dynamic\",\"iv_tweak\":\"0\",\"encryption\":\"aes-xts-plain64\",\"sector_size\":4096}";
    private static final List<PatchedBytes> BASES = List.of(
            new PatchedBytes(ForgedLuks.version1(16_384, 4096), List.of(new int[] {0, 112})),
            new PatchedBytes(
                    ForgedLuks.version2(DATA_OFFSET + 16_384 + 512, SEGMENT, ""),
                    List.of(new int[] {0, 512}, new int[] {ForgedLuks.TEXT, ForgedLuks.TEXT + USED_TEXT_BYTES})));

    private LuksFuzz() {}

    /** Which base; flags: bit 0 puts the checksum right, bit 1 cuts the volume to a length of four bytes; then the changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        PatchedBytes bytes = BASES.get(in.u8() % BASES.size());
        int flags = in.u8();
        int length = bytes.content().length;
        int sizeBytes = (flags & IS_CUT) == 0 ? length : Integer.remainderUnsigned(in.i32(), length);
        try {
            bytes.patch(in);
            if ((flags & RESEALS) != 0) {
                seal(bytes);
            }
            check(new MemoryVolume(bytes.content(), sizeBytes));
        } finally {
            bytes.undo();
        }
    }

    /** Over as many bytes as the header says that it has, as far as there are so many. */
    private static void seal(PatchedBytes bytes) {
        byte[] content = bytes.content();
        long told = ByteBuffer.wrap(content).getLong(8);
        if (told > ForgedLuks.TEXT && told <= content.length) {
            bytes.put(ForgedLuks.CHECKSUM, ForgedLuks.checksum(content, (int) told));
        }
    }

    private static void check(MemoryVolume volume) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            UsedMap map = LuksVolume.usedBlocks(volume, area -> new byte[64], within -> {
                if (within.sizeBytes() > volume.sizeBytes()) {
                    throw new AssertionError("more within than there is");
                }
                within.read(0, ByteBuffer.allocate((int) within.sizeBytes()));
                return new UsedMapBuilder(within.sizeBytes()).build();
            });
            LuksHeader header = LuksHeader.read(volume);
            if (map.nextFree(0) < header.dataOffset()) {
                throw new AssertionError("a header or a key slot is left out");
            }
            if (map.sizeBytes() != volume.sizeBytes()) {
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
            seeds.addAll(BASES.get(base).seeds(SEEDS, (byte) base, (byte) RESEALS));
        }
        return seeds;
    }
}
