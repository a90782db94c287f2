package org.imgblstr.disk.filesystem.luks;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.encrypted.EncryptedVolume;
import org.imgblstr.disk.filesystem.encrypted.VolumeKeys;
import org.imgblstr.sealing.primitive.XtsCipher;

/** The used bytes of a LUKS volume: its headers and key slots, and each sector that holds a used byte of what lies within. */
public final class LuksVolume {
    /** By this name signatures know it. */
    public static final String NAME = "crypto_LUKS";

    private LuksVolume() {}

    /**
     * Reads what is used.
     *
     * @param inner the readers for what lies within; a copy has noise where the readers say that the volume is zero
     * @throws UnsureException when the volume is not understood, or no key opens it
     */
    public static UsedMap usedBlocks(BlockSource volume, VolumeKeys keys, EncryptedVolume.Within inner)
            throws UnsureException, DeviceException {
        LuksHeader header = LuksHeader.read(volume);
        byte[] key = keys.open(header.area(volume));
        try {
            XtsCipher cipher = new XtsCipher(key);
            return EncryptedVolume.usedBlocks(
                    volume,
                    header.layout(volume.sizeBytes()),
                    (bytes, offset, length, place) -> cipher.decrypt(bytes, offset, length, header.tweak(place)),
                    inner);
        } catch (GeneralSecurityException e) {
            throw new UnsureException("LUKS: " + e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
