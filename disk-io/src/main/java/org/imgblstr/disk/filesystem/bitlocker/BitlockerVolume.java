package org.imgblstr.disk.filesystem.bitlocker;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.encrypted.EncryptedVolume;
import org.imgblstr.disk.filesystem.encrypted.VolumeKeys;

/**
 * The used bytes of a BitLocker volume: what starts Windows or tells of BitLocker To Go, the metadata, the moved first sectors, and each sector that
 * holds a used byte of what lies within.
 */
public final class BitlockerVolume {
    /** By this name signatures know it. */
    public static final String NAME = "BitLocker";

    private BitlockerVolume() {}

    /**
     * Reads what is used.
     *
     * @param inner the readers for what lies within; a copy has noise where the readers say that the volume is zero
     * @throws UnsureException when the volume is not understood, or no key opens it
     */
    public static UsedMap usedBlocks(BlockSource volume, VolumeKeys keys, EncryptedVolume.Within inner)
            throws UnsureException, DeviceException {
        BitlockerHeader header = BitlockerHeader.read(volume);
        byte[] key = keys.open(header.area());
        try {
            return EncryptedVolume.usedBlocks(volume, header.layout(volume.sizeBytes()), header.cipher(key), inner);
        } catch (GeneralSecurityException e) {
            throw new UnsureException("BitLocker: " + e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
