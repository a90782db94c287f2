package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;

/** The addresses of an entry of an MBR in cylinders, heads and sectors, as Linux tools write them: 255 heads, 63 sectors, and 1023/254/63 behind their reach. */
final class MbrChs {
    private static final int START = 1;
    private static final int END = 5;
    private static final int HEADS = 255;
    private static final int SECTORS = 63;
    private static final int MOST_CYLINDER = 1023;

    private MbrChs() {}

    /** {@code lba}: the first sector on the disk. */
    static void putStart(ByteBuffer sector, int slot, long lba) {
        put(sector, MbrReader.ENTRIES + slot * MbrReader.ENTRY_BYTES + START, lba);
    }

    /** {@code endLba}: the first sector on the disk behind the partition. */
    static void putEnd(ByteBuffer sector, int slot, long endLba) {
        put(sector, MbrReader.ENTRIES + slot * MbrReader.ENTRY_BYTES + END, endLba - 1);
    }

    private static void put(ByteBuffer sector, int at, long lba) {
        long cylinder = lba / (HEADS * SECTORS);
        boolean isFar = cylinder > MOST_CYLINDER;
        int cylinderNumber = isFar ? MOST_CYLINDER : (int) cylinder;
        long head = isFar ? HEADS - 1 : lba / SECTORS % HEADS;
        long sectorNumber = isFar ? SECTORS : lba % SECTORS + 1;
        sector.put(at, (byte) head);
        sector.put(at + 1, (byte) (sectorNumber | (cylinderNumber >> 2 & 0xC0)));
        sector.put(at + 2, (byte) cylinderNumber);
    }
}
