package org.imgblstr.disk.filesystem.bitlocker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.filesystem.UnsureException;

/**
 * The first sector of a BitLocker volume. Integers are little-endian.
 * <pre>
 *   0 EB 58 90, or EB 52 90 for Windows Vista | 3 "-FVE-FS-", or "MSWIN4.1" for BitLocker To Go | 11 u16 bytes of a sector
 *   160, or 424 for BitLocker To Go: 16 identifier | 16 u64 * 3 where the metadata blocks are
 * </pre>
 *
 * @param sectorBytes 512 or 4096: what is encrypted at once
 * @param metadata the first byte of each of the three metadata blocks, as the sector says
 */
record BootSector(int sectorBytes, List<Long> metadata) {
    static final int BYTES = BitlockerMark.BYTES;

    private static final byte[] JUMP = {(byte) 0xEB, 0x58, (byte) 0x90};
    private static final byte[] VISTA = {(byte) 0xEB, 0x52, (byte) 0x90};
    private static final byte[] TO_GO_MARK = "MSWIN4.1".getBytes(StandardCharsets.US_ASCII);

    private static final int SECTOR_BYTES = 11;
    private static final int FIXED_IDENTIFIER = 160;
    private static final int METADATA = 16;

    BootSector {
        metadata = List.copyOf(metadata);
    }

    /** {@code sector}: its first {@link #BYTES} bytes, little-endian. */
    static BootSector of(ByteBuffer sector) throws UnsureException {
        if (BitlockerMark.has(sector, 0, VISTA)) {
            throw new UnsureException("BitLocker: a volume of Windows Vista");
        }
        boolean isToGo = BitlockerMark.has(sector, BitlockerMark.NAME, TO_GO_MARK);
        boolean isFixed = BitlockerMark.isFixed(sector);
        if (!BitlockerMark.has(sector, 0, JUMP) || !(isToGo || isFixed)) {
            throw new UnsureException("BitLocker: its boot sector is not understood");
        }
        int identifier = isToGo ? BitlockerMark.TO_GO_IDENTIFIER : FIXED_IDENTIFIER;
        if (BitlockerMark.isUnfinished(sector, identifier)) {
            throw new UnsureException("BitLocker: Windows has not finished encrypting or decrypting it");
        }
        if (!BitlockerMark.isEncrypted(sector, identifier)) {
            throw new UnsureException("BitLocker: the identifier in its boot sector is unknown");
        }
        int told = Short.toUnsignedInt(sector.getShort(SECTOR_BYTES));
        int sectorBytes = told == 0 ? BYTES : told;
        if (sectorBytes != 512 && sectorBytes != 4096) {
            throw new UnsureException("BitLocker: sectors of " + sectorBytes + " bytes");
        }
        List<Long> metadata = new ArrayList<>();
        for (int copy = 0; copy < BitlockerHeader.COPIES; copy++) {
            metadata.add(sector.getLong(identifier + METADATA + copy * Long.BYTES));
        }
        return new BootSector(sectorBytes, metadata);
    }
}
