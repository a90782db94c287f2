package org.imgblstr.disk.filesystem.encrypted;

import java.security.GeneralSecurityException;

/** Decrypts the sectors of a volume. One thread. */
@FunctionalInterface
public interface SectorCipher {
    /**
     * Decrypts one sector in place.
     *
     * @param place the first byte of the sector in the encrypted volume
     */
    void decrypt(byte[] bytes, int offset, int length, long place) throws GeneralSecurityException;
}
