package org.imgblstr.sealing.primitive;

/** scrypt: makes each try of a weak secret cost memory and time. Source: RFC 7914. Any thread. */
@FunctionalInterface
public interface MemoryHard {
    /** What is said where only Java is there. */
    String MISSING =
            "join codes need libcrypto of OpenSSL 3, which is not installed here: install libssl3, or use --key-file,"
                    + " or --open";

    /**
     * A key from a password; it takes 128 n r bytes of memory.
     *
     * @param n cost: a power of two
     * @param r size of a block
     * @param p how often one after the other
     * @param length bytes of the key
     * @throws UnsupportedOperationException without libcrypto
     */
    SecretBytes scrypt(SecretBytes password, byte[] salt, int n, int r, int p, int length);

    /** Throws when the costs make no sense, or would take more than 1 GiB. */
    static void check(int n, int r, int p) {
        boolean isSound = Integer.bitCount(n) == 1 && n > 1 && r > 0 && p > 0;
        if (!isSound || 128L * n * r > 1 << 30 || 128L * r * p > 1 << 20) {
            throw new IllegalArgumentException("scrypt with N " + n + ", r " + r + ", p " + p);
        }
    }
}
