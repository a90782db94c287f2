package org.imgblstr.disk.filesystem.bitlocker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * By what the first sector of a BitLocker volume is known. Beside these marks it looks like the boot sector of a FAT, so that a Windows without
 * BitLocker does not ask to format the volume. Source: libbde, "BitLocker Drive Encryption (BDE) format".
 */
public final class BitlockerMark {
    /** How much of the sector {@link #isOn} looks at. */
    public static final int BYTES = 512;

    static final int NAME = 3;
    static final int TO_GO_IDENTIFIER = 424;
    private static final byte[] FIXED = "-FVE-FS-".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED = HexFormat.of().parseHex("3BD66749292ED84A8399F6A339E3D001");
    private static final byte[] UNFINISHED = HexFormat.of().parseHex("3B4DA89280DD0E4D9E4EB1E3284EAED8");

    private BitlockerMark() {}

    /** Whether a sector bears a mark: the name of BitLocker, or an identifier where BitLocker To Go has one. {@code sector}: from position 0 to limit. */
    public static boolean isOn(ByteBuffer sector) {
        return sector.limit() >= BYTES && (isFixed(sector) || isToGo(sector));
    }

    /** Whether it has an identifier where BitLocker To Go has one. {@code sector}: {@link #BYTES} or more. */
    public static boolean isToGo(ByteBuffer sector) {
        return isEncrypted(sector, TO_GO_IDENTIFIER) || isUnfinished(sector, TO_GO_IDENTIFIER);
    }

    static boolean isFixed(ByteBuffer sector) {
        return has(sector, NAME, FIXED);
    }

    /** Whether a volume that is encrypted as a whole has its identifier at {@code place}. */
    static boolean isEncrypted(ByteBuffer sector, int place) {
        return has(sector, place, ENCRYPTED);
    }

    /** Whether a volume that Windows is encrypting where it is written has its identifier at {@code place}. */
    static boolean isUnfinished(ByteBuffer sector, int place) {
        return has(sector, place, UNFINISHED);
    }

    static boolean has(ByteBuffer sector, int at, byte[] bytes) {
        return sector.slice(at, bytes.length).equals(ByteBuffer.wrap(bytes));
    }
}
