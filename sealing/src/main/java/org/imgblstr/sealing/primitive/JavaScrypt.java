package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * scrypt in Java, for machines without libcrypto: HMAC is that of the JDK, the rest are the additions and rotations of Salsa20/8. Names of the
 * steps are those of RFC 7914; blocks are arrays of little-endian words. Its table lies on the heap: 32 MiB for a join code.
 */
final class JavaScrypt implements MemoryHard {
    /** Words of a Salsa20 block. */
    private static final int BLOCK = 16;

    @Override
    public SecretBytes scrypt(SecretBytes password, byte[] salt, int n, int r, int p, int length) {
        MemoryHard.check(n, r, p);
        Mac mac = JdkHashing.keyed(password);
        int words = 2 * r * BLOCK;
        byte[] bytes = pbkdf2(mac, salt, p * words * Integer.BYTES);
        ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int[] block = new int[words];
        int[][] table = new int[n][words];
        for (int i = 0; i < p; i++) {
            blocks.position(i * words * Integer.BYTES);
            blocks.asIntBuffer().get(block);
            roMix(block, table, r);
            blocks.asIntBuffer().put(block);
        }
        byte[] key = pbkdf2(mac, bytes, length);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(block, 0);
        return SecretBytes.take(key);
    }

    /** PBKDF2 with a single round (RFC 8018, section 5.2). */
    private static byte[] pbkdf2(Mac mac, byte[] salt, int length) {
        byte[] key = new byte[length];
        byte[] number = new byte[Integer.BYTES];
        for (int at = 0, count = 1; at < length; at += Hashing.DIGEST_BYTES, count++) {
            mac.update(salt);
            mac.update(ByteBuffer.wrap(number).putInt(0, count));
            byte[] piece = mac.doFinal();
            System.arraycopy(piece, 0, key, at, Math.min(piece.length, length - at));
        }
        return key;
    }

    /** scryptROMix: fills the table, then mixes with places of it that the data choose. */
    private static void roMix(int[] block, int[][] table, int r) {
        int[] mixed = new int[block.length];
        int[] salsa = new int[BLOCK];
        for (int[] row : table) {
            System.arraycopy(block, 0, row, 0, block.length);
            blockMix(block, mixed, salsa, r);
        }
        for (int i = 0; i < table.length; i++) {
            int[] row = table[block[(2 * r - 1) * BLOCK] & (table.length - 1)];
            for (int word = 0; word < block.length; word++) {
                block[word] ^= row[word];
            }
            blockMix(block, mixed, salsa, r);
        }
    }

    /** scryptBlockMix: chains all blocks; those with even numbers come first in the result. */
    private static void blockMix(int[] block, int[] mixed, int[] salsa, int r) {
        System.arraycopy(block, block.length - BLOCK, salsa, 0, BLOCK);
        for (int i = 0; i < 2 * r; i++) {
            for (int word = 0; word < BLOCK; word++) {
                salsa[word] ^= block[i * BLOCK + word];
            }
            salsa20(salsa);
            System.arraycopy(salsa, 0, mixed, (i / 2 + (i & 1) * r) * BLOCK, BLOCK);
        }
        System.arraycopy(mixed, 0, block, 0, block.length);
    }

    /** Salsa20/8: four times columns, then rows. */
    private static void salsa20(int[] block) {
        int[] x = block.clone();
        for (int i = 0; i < 4; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < BLOCK; i++) {
            block[i] += x[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}
