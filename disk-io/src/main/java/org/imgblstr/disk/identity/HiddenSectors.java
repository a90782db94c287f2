package org.imgblstr.disk.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.imgblstr.disk.filesystem.bitlocker.BitlockerMark;

/**
 * The sectors before a volume on its disk, as the boot sector of NTFS and FAT tells them ("hidden sectors"). The boot code of Windows adds this
 * number to each place that it reads. Immutable. Integers are little-endian. Source: docs/targets.md, section 10.
 * <pre>
 *   11 u16 bytes of a sector | 28 u32 sectors before the volume | 510 55 AA
 *   NTFS   3 "NTFS    " | 40 u64 sectors of the file system, behind which the copy of the boot sector lies
 *   FAT32 82 "FAT32   " | 50 u16 sector of the copy of the boot sector; 0 and FFFF stand for none
 *   FAT12, FAT16 54 "FAT1"                            without a copy
 * </pre>
 *
 * @param type {@code NTFS} or {@code FAT}
 * @param sectorBytes bytes of a sector
 * @param count sectors before the volume, 0 to {@link #MOST}; 0 when nobody has told the file system
 * @param copySector sector of the volume that has the copy of the boot sector; 0 for none
 */
public record HiddenSectors(String type, int sectorBytes, long count, long copySector) {
    /** What the field can hold. */
    public static final long MOST = 0xFFFF_FFFFL;

    private static final int BOOT_BYTES = 512;
    private static final int SECTOR_BYTES = 11;
    private static final int COUNT = 28;
    private static final int NTFS_SECTORS = 40;
    private static final int FAT32_COPY = 50;
    private static final int NO_COPY = 0xFFFF;
    private static final int MARK = 510;
    private static final int MARK_VALUE = 0xAA55;

    /**
     * Reads it.
     *
     * @param sector the first sector of a volume, or its copy, from position 0 to limit
     * @return empty for what is no boot sector of NTFS or FAT, and for BitLocker, whose boot sector looks like one of FAT
     */
    public static Optional<HiddenSectors> of(ByteBuffer sector) {
        ByteBuffer bytes = sector.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < BOOT_BYTES || unsigned(bytes, MARK) != MARK_VALUE || BitlockerMark.isOn(bytes)) {
            return Optional.empty();
        }
        if (has(bytes, 3, "NTFS    ")) {
            return Optional.of(of("NTFS", bytes, Math.max(0, bytes.getLong(NTFS_SECTORS))));
        }
        if (has(bytes, 82, "FAT32   ")) {
            int copy = unsigned(bytes, FAT32_COPY);
            return Optional.of(of("FAT", bytes, copy == NO_COPY ? 0 : copy));
        }
        return has(bytes, 54, "FAT1") ? Optional.of(of("FAT", bytes, 0)) : Optional.empty();
    }

    private static HiddenSectors of(String type, ByteBuffer bytes, long copySector) {
        return new HiddenSectors(
                type, unsigned(bytes, SECTOR_BYTES), Integer.toUnsignedLong(bytes.getInt(COUNT)), copySector);
    }

    /**
     * The same sector with another number in it.
     *
     * @param sector as {@link #of} takes it; stays as it is
     * @param count 0 to {@link #MOST}
     */
    public static ByteBuffer with(ByteBuffer sector, long count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("sectors before a volume: expected 0 to " + MOST + ", found " + count);
        }
        ByteBuffer changed = ByteBuffer.allocate(sector.limit()).order(ByteOrder.LITTLE_ENDIAN);
        changed.put(sector.duplicate().rewind());
        return changed.putInt(COUNT, (int) count).flip();
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static boolean has(ByteBuffer bytes, int at, String text) {
        byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
        return bytes.slice(at, expected.length).equals(ByteBuffer.wrap(expected));
    }
}
