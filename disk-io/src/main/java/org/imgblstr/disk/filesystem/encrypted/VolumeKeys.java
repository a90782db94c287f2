package org.imgblstr.disk.filesystem.encrypted;

import org.imgblstr.disk.filesystem.UnsureException;

/** Opens the key slots of encrypted volumes. */
@FunctionalInterface
public interface VolumeKeys {
    /** Opens none. */
    VolumeKeys NONE = new VolumeKeys() {
        @Override
        public byte[] open(KeyArea area) throws UnsureException {
            throw new UnsureException("encrypted");
        }
    };

    /**
     * The volume key.
     *
     * @param area what of the volume is not encrypted data: headers and key slots
     * @return for the caller to overwrite
     * @throws UnsureException when no slot opens
     */
    byte[] open(KeyArea area) throws UnsureException;
}
