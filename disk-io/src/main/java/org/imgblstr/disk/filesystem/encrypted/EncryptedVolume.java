package org.imgblstr.disk.filesystem.encrypted;

import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;

/** The used bytes of an encrypted volume: all that is not encrypted data, and each sector that holds a used byte of what lies within. */
public final class EncryptedVolume {
    private EncryptedVolume() {}

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
     * @throws UnsureException when what lies within is not understood
     */
    public static UsedMap usedBlocks(BlockSource volume, EncryptedLayout layout, SectorCipher cipher, Within inner)
            throws UnsureException, DeviceException {
        UsedMap within = inner.usedBlocks(new DecryptedVolume(volume, layout, cipher));
        UsedMapBuilder used = new UsedMapBuilder(volume.sizeBytes()).use(0, volume.sizeBytes());
        for (EncryptedLayout.Segment segment : layout.segments()) {
            if (segment.place() != EncryptedLayout.NOWHERE) {
                used.free(segment.place(), segment.length());
            }
        }
        for (EncryptedLayout.Segment segment : layout.segments()) {
            if (segment.place() != EncryptedLayout.NOWHERE) {
                use(used, segment, layout.sectorBytes(), within);
            }
        }
        for (EncryptedLayout.Range range : layout.kept()) {
            used.use(range.first(), range.length());
        }
        return used.build();
    }

    /** A sector is encrypted as a whole: it is used when any byte of it is, and left out as zero only when all of it is zero. */
    private static void use(UsedMapBuilder used, EncryptedLayout.Segment segment, int sector, UsedMap within) {
        long moved = segment.place() - segment.first();
        within.forEachUsed(segment.first(), segment.end(), (first, end) -> {
            long from = first / sector * sector;
            used.use(moved + from, (end + sector - 1) / sector * sector - from);
        });
        within.forEachZero(segment.first(), segment.end(), (first, end) -> {
            long from = (first + sector - 1) / sector * sector;
            used.zero(moved + from, end / sector * sector - from);
        });
    }
}
