package org.imgblstr.sealing.primitive;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decrypts sectors of disks that are encrypted as BitLocker does without a diffuser: AES in CBC mode, where the initial vector of a sector is the
 * encryption of the number of its first byte with the same key. By the cipher of Java. One thread. Source: libbde, "BitLocker Drive Encryption
 * (BDE) format".
 */
public final class CbcCipher {
    private static final int BLOCK = 16;

    private final SecretKeySpec key;
    private final Cipher data;
    private final Cipher vectors;

    /**
     * With a key.
     *
     * @param key 16 or 32 bytes; copied by the ciphers
     * @throws GeneralSecurityException when it has another length
     */
    public CbcCipher(byte[] key) throws GeneralSecurityException {
        if (key.length != 16 && key.length != 32) {
            throw new GeneralSecurityException("a volume key of " + key.length + " bytes");
        }
        this.key = new SecretKeySpec(key, "AES");
        data = Cipher.getInstance("AES/CBC/NoPadding");
        vectors = Cipher.getInstance("AES/ECB/NoPadding");
        vectors.init(Cipher.ENCRYPT_MODE, this.key);
    }

    /**
     * Decrypts one sector in place.
     *
     * @param length a multiple of 16
     * @param firstByte where the sector begins on its volume
     */
    public void decrypt(byte[] bytes, int offset, int length, long firstByte) throws GeneralSecurityException {
        byte[] number = new byte[BLOCK];
        for (int at = 0; at < Long.BYTES; at++) {
            number[at] = (byte) (firstByte >>> (at * Byte.SIZE));
        }
        data.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(vectors.doFinal(number)));
        data.doFinal(bytes, offset, length, bytes, offset);
    }
}
