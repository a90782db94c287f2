package org.imgblstr.disk.filesystem.luks;

import java.math.BigInteger;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts a sector by the text of IEEE Std 1619-2018, with big numbers, for tests. */
public final class XtsEncryption {
    private static final BigInteger FEEDBACK = BigInteger.valueOf(0x87);

    private XtsEncryption() {}

    public static void encrypt(byte[] key, byte[] bytes, int offset, int length, long number) throws Exception {
        Cipher data = aes(Arrays.copyOf(key, key.length / 2));
        Cipher tweaks = aes(Arrays.copyOfRange(key, key.length / 2, key.length));
        byte[] tweak = new byte[16];
        for (int at = 0; at < 8; at++) {
            tweak[at] = (byte) (number >>> (8 * at));
        }
        BigInteger mask = number(tweaks.doFinal(tweak));
        for (int at = offset; at < offset + length; at += 16) {
            BigInteger block = number(Arrays.copyOfRange(bytes, at, at + 16)).xor(mask);
            BigInteger encrypted = number(data.doFinal(bytes(block))).xor(mask);
            System.arraycopy(bytes(encrypted), 0, bytes, at, 16);
            mask = mask.shiftLeft(1);
            mask = mask.testBit(128) ? mask.clearBit(128).xor(FEEDBACK) : mask;
        }
    }

    private static Cipher aes(byte[] key) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        return cipher;
    }

    /** The first byte is the lowest. */
    private static BigInteger number(byte[] block) {
        byte[] turned = new byte[16];
        for (int at = 0; at < 16; at++) {
            turned[at] = block[15 - at];
        }
        return new BigInteger(1, turned);
    }

    private static byte[] bytes(BigInteger number) {
        byte[] turned = number.toByteArray();
        byte[] block = new byte[16];
        for (int at = 0; at < Math.min(16, turned.length); at++) {
            block[at] = turned[turned.length - 1 - at];
        }
        return block;
    }
}
