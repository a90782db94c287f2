package org.imgblstr.disk.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The identifier by which a file system, or swap, is found: as Linux spells it ({@code blkid}, {@code /dev/disk/by-uuid}).
 * <pre>
 *   ext2-4 1128 | XFS 32 | Btrfs 65568 | swap 1036     UUID, 16 bytes in order
 *   FAT32 67 | FAT12, FAT16 39 | exFAT 100             serial number, u32 little-endian: 0815-ABCD
 *   NTFS 72                                            serial number, u64 little-endian: 16 digits
 * </pre>
 */
public final class VolumeId {
    /** Bytes at the start of a volume that have to be known. */
    public static final int START_BYTES = 68 * 1024;

    /** Length of a serial number as text. */
    static final int SERIAL_CHARS = 9;

    private static final int EXT = 1128;
    private static final int XFS = 32;
    private static final int BTRFS = 65_568;
    private static final int BTRFS_DEVICES = 65_672;
    private static final int SWAP = 1036;
    private static final int FAT32 = 67;
    private static final int FAT = 39;
    private static final int EXFAT = 100;
    private static final int NTFS = 72;
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    private VolumeId() {}

    /**
     * Tells it.
     *
     * @param type what {@code ContentProbe} found there
     * @param start the first bytes of the volume, from position 0 to limit
     * @return "" for another type, and where the bytes end before it
     */
    public static String of(String type, ByteBuffer start) {
        ByteBuffer bytes = start.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case "ext2", "ext3", "ext4" -> uuid(bytes, EXT);
            case "xfs" -> uuid(bytes, XFS);
            case "btrfs" -> uuid(bytes, BTRFS);
            case "swap" -> uuid(bytes, SWAP);
            case "vfat" -> serial(bytes, isFat32(bytes) ? FAT32 : FAT);
            case "exfat" -> serial(bytes, EXFAT);
            case "ntfs" -> has(bytes, NTFS, Long.BYTES) ? UPPER.toHexDigits(bytes.getLong(NTFS)) : "";
            default -> "";
        };
    }

    /** Whether the start of a Btrfs says that the file system has other devices too. */
    public static boolean hasOtherDevices(ByteBuffer start) {
        ByteBuffer bytes = start.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return has(bytes, BTRFS_DEVICES, Long.BYTES) && bytes.getLong(BTRFS_DEVICES) != 1;
    }

    private static boolean isFat32(ByteBuffer bytes) {
        byte[] name = "FAT32".getBytes(StandardCharsets.US_ASCII);
        return has(bytes, 82, name.length) && bytes.slice(82, name.length).equals(ByteBuffer.wrap(name));
    }

    private static String uuid(ByteBuffer bytes, int at) {
        if (!has(bytes, at, Guids.BYTES)) {
            return "";
        }
        ByteBuffer inOrder = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        return new UUID(inOrder.getLong(at), inOrder.getLong(at + Long.BYTES)).toString();
    }

    private static String serial(ByteBuffer bytes, int at) {
        if (!has(bytes, at, Integer.BYTES)) {
            return "";
        }
        String digits = UPPER.toHexDigits(bytes.getInt(at));
        return digits.substring(0, 4) + "-" + digits.substring(4);
    }

    private static boolean has(ByteBuffer bytes, int at, int length) {
        return at + length <= bytes.limit();
    }
}
