package org.imgblstr.sealing.primitive;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Decrypts sectors of disks that are encrypted with AES in XTS mode, numbers as tweaks (aes-xts-plain64), by the cipher of Java. One thread. Source: IEEE Std 1619-2018. */
public final class XtsCipher {
    private static final int BLOCK = 16;

    /** x^128 = x^7 + x^2 + x + 1. */
    private static final int FEEDBACK = 0x87;

    private final Cipher data;
    private final Cipher tweaks;

    /**
     * With a key.
     *
     * @param key 32 or 64 bytes; copied by the ciphers
     * @throws GeneralSecurityException when it has another length
     */
    public XtsCipher(byte[] key) throws GeneralSecurityException {
        if (key.length != 32 && key.length != 64) {
            throw new GeneralSecurityException("a volume key of " + key.length + " bytes");
        }
        data = aes(Cipher.DECRYPT_MODE, Arrays.copyOf(key, key.length / 2));
        tweaks = aes(Cipher.ENCRYPT_MODE, Arrays.copyOfRange(key, key.length / 2, key.length));
    }

    /** Overwrites {@code half}. */
    private static Cipher aes(int mode, byte[] half) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(mode, new SecretKeySpec(half, "AES"));
        Arrays.fill(half, (byte) 0);
        return cipher;
    }

    /**
     * Decrypts one sector in place.
     *
     * @param length a multiple of 16
     * @param number its tweak
     */
    public void decrypt(byte[] bytes, int offset, int length, long number) throws GeneralSecurityException {
        byte[] masks = masks(length, number);
        xor(bytes, offset, masks);
        data.doFinal(bytes, offset, length, bytes, offset);
        xor(bytes, offset, masks);
    }

    private byte[] masks(int length, long number) throws GeneralSecurityException {
        byte[] masks = new byte[length];
        for (int at = 0; at < Long.BYTES; at++) {
            masks[at] = (byte) (number >>> (at * Byte.SIZE));
        }
        tweaks.doFinal(masks, 0, BLOCK, masks, 0);
        for (int at = BLOCK; at < length; at += BLOCK) {
            int carry = 0;
            for (int i = 0; i < BLOCK; i++) {
                int value = (Byte.toUnsignedInt(masks[at - BLOCK + i]) << 1) | carry;
                masks[at + i] = (byte) value;
                carry = value >>> Byte.SIZE;
            }
            masks[at] ^= (byte) (carry * FEEDBACK);
        }
        return masks;
    }

    private static void xor(byte[] bytes, int offset, byte[] masks) {
        for (int at = 0; at < masks.length; at++) {
            bytes[offset + at] ^= masks[at];
        }
    }
}
