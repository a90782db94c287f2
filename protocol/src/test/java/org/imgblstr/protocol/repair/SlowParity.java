package org.imgblstr.protocol.repair;

/** The parity of docs/protocol.md, section 3.4, by polynomials: no tables, nothing shared with the code under test. */
final class SlowParity {
    private SlowParity() {}

    static int multiply(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            if (((b >>> bit) & 1) == 1) {
                product ^= a << bit;
            }
        }
        for (int bit = 14; bit >= 8; bit--) {
            if (((product >>> bit) & 1) == 1) {
                product ^= 0x11D << (bit - 8);
            }
        }
        return product;
    }

    static int inverse(int a) {
        for (int b = 1; b < 256; b++) {
            if (multiply(a, b) == 1) {
                return b;
            }
        }
        throw new ArithmeticException("no inverse of " + a);
    }

    static byte[] row(int row, int k, int symbolBytes, byte[] encoded) {
        byte[] parity = new byte[symbolBytes];
        for (int i = 0; i < k; i++) {
            int coefficient = inverse((255 - row) ^ i);
            for (int at = 0; at < symbolBytes && i * symbolBytes + at < encoded.length; at++) {
                parity[at] ^= (byte) multiply(coefficient, encoded[i * symbolBytes + at] & 0xFF);
            }
        }
        return parity;
    }
}
