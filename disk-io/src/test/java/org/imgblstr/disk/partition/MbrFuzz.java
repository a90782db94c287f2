package org.imgblstr.disk.partition;

import static org.imgblstr.disk.partition.TableImages.mbr;

import java.util.List;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/** Master boot records with a chain of extended boot records, patched. Rules: {@link TableRun}. */
public final class MbrFuzz {
    private static final int SECTORS = 6144;
    private static final PatchedBytes DISK =
            new PatchedBytes(chain(), TableRun.sectors(512, 0, 20, 30, 1, 8, 21, 31, 40, SECTORS - 1));

    private MbrFuzz() {}

    private static byte[] chain() {
        byte[] disk = new byte[SECTORS * 512];
        put(disk, 0, mbr("00000000 83 000000 02000000 0a000000", "00000000 05 000000 14000000 64000000"));
        put(disk, 20, mbr("00000000 83 000000 01000000 05000000", "00000000 05 000000 0a000000 0a000000"));
        put(disk, 30, mbr("00000000 83 000000 01000000 05000000"));
        return disk;
    }

    private static void put(byte[] disk, int lba, byte[] sector) {
        System.arraycopy(sector, 0, disk, lba * 512, 512);
    }

    /** Sectors of 4096 bytes, or of 512; then the changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int sectorBytes = in.u8() % 8 == 7 ? 4096 : 512;
        try {
            DISK.patch(in);
            TableRun.of(DISK.content(), sectorBytes);
        } finally {
            DISK.undo();
        }
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return DISK.seeds(64, (byte) 0);
    }
}
