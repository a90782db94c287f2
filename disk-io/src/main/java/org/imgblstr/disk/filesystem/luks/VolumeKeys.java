package org.imgblstr.disk.filesystem.luks;

import java.nio.ByteBuffer;
import org.imgblstr.disk.filesystem.UnsureException;

/** Opens the key slots of LUKS volumes. */
@FunctionalInterface
public interface VolumeKeys {
    /** Opens none. */
    VolumeKeys NONE = new VolumeKeys() {
        @Override
        public byte[] open(ByteBuffer area) throws UnsureException {
            throw new UnsureException("encrypted");
        }
    };

    /**
     * The volume key.
     *
     * @param area the volume from its first byte to the encrypted data: headers and key slots
     * @return for the caller to overwrite
     * @throws UnsureException when no slot opens
     */
    byte[] open(ByteBuffer area) throws UnsureException;
}
