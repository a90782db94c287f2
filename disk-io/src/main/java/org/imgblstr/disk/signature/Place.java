package org.imgblstr.disk.signature;

/** Where a structure lies on a volume: at a fixed place, or counted from the end. */
@FunctionalInterface
interface Place {
    int SECTOR_BYTES = 512;

    /** Byte of the volume; negative when a volume of {@code sizeBytes} is too small for it. */
    long on(long sizeBytes);

    static Place at(long offset) {
        return sizeBytes -> offset;
    }

    /** {@code bytes} before the end, wherever that is. */
    static Place beforeEnd(long bytes) {
        return sizeBytes -> sizeBytes - bytes;
    }

    /** The {@code number}-th sector from the end; 1 is the last whole one. */
    static Place sectorFromEnd(long number) {
        return sectorFromEnd(number, SECTOR_BYTES);
    }

    static Place sectorFromEnd(long number, int sectorBytes) {
        return unitFromEnd(number * sectorBytes, sectorBytes);
    }

    /** {@code bytes} before the last multiple of {@code unitBytes}. */
    static Place unitFromEnd(long bytes, long unitBytes) {
        return sizeBytes -> sizeBytes - sizeBytes % unitBytes - bytes;
    }
}
