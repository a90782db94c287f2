package org.imgblstr.disk.filesystem.luks;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.sealing.primitive.XtsCipher;

/** The used bytes of a LUKS volume: its headers and key slots, and each sector that holds a used byte of what lies within. */
public final class LuksVolume {
    /** By this name signatures know it. */
    public static final String NAME = "crypto_LUKS";

    private LuksVolume() {}

    /** Tells which bytes are used of what lies within. */
    @FunctionalInterface
    public interface Within {
        /**
         * The bytes to keep.
         *
         * @throws UnsureException when all of them are
         */
        UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException;
    }

    /**
     * Reads what is used.
     *
     * @param inner the readers for what lies within; a copy has noise where the readers say that the volume is zero
     * @throws UnsureException when the volume is not understood, or no key opens it
     */
    public static UsedMap usedBlocks(BlockSource volume, VolumeKeys keys, Within inner)
            throws UnsureException, DeviceException {
        LuksHeader header = LuksHeader.read(volume);
        byte[] key = keys.open(header.area(volume));
        try {
            DecryptedVolume within = new DecryptedVolume(volume, header, new XtsCipher(key));
            return outer(volume, header, inner.usedBlocks(within));
        } catch (GeneralSecurityException e) {
            throw new UnsureException("LUKS: " + e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** A sector is encrypted as a whole: it is used when any byte of it is, and left out as zero only when all of it is zero. */
    private static UsedMap outer(BlockSource volume, LuksHeader header, UsedMap inner) {
        long offset = header.dataOffset();
        int sector = header.sectorBytes();
        long size = inner.sizeBytes();
        UsedMapBuilder used = new UsedMapBuilder(volume.sizeBytes()).use(0, offset);
        inner.forEachUsed(0, size, (first, end) -> {
            long from = first / sector * sector;
            used.use(offset + from, (end + sector - 1) / sector * sector - from);
        });
        inner.forEachZero(0, size, (first, end) -> {
            long from = (first + sector - 1) / sector * sector;
            used.zero(offset + from, end / sector * sector - from);
        });
        return used.use(offset + size, volume.sizeBytes() - offset - size).build();
    }
}
