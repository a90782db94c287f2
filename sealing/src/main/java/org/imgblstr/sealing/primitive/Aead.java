package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;

/**
 * AES-256-GCM under one key, with a nonce of 12 bytes, a tag of 16, and no associated data. Source: NIST SP 800-38D. A nonce must never serve
 * twice for sealing under one key; the caller sees to that. One thread at a time.
 */
public interface Aead extends AutoCloseable {
    int KEY_BYTES = 32;
    int NONCE_BYTES = 12;
    int TAG_BYTES = 16;

    /**
     * Encrypts bytes in place and writes the tag behind them.
     *
     * @param buffer direct; its position and limit do not count and stay
     * @param nonceAt where the nonce lies in the buffer, outside of what is encrypted
     * @param at first byte
     * @param length 0 or more; the buffer holds 16 bytes more behind them
     */
    void seal(ByteBuffer buffer, int nonceAt, int at, int length);

    /**
     * Decrypts bytes in place. False when the tag behind them is wrong: then the bytes are lost.
     *
     * @param length 0 or more, without the tag; the other parameters are those of {@link #seal}
     */
    boolean open(ByteBuffer buffer, int nonceAt, int at, int length);

    /** Forgets the key. */
    @Override
    void close();

    /** Throws when key or places make no sense. */
    static void check(ByteBuffer buffer, int nonceAt, int at, int length) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("expected a direct buffer");
        }
        boolean isApart = nonceAt + NONCE_BYTES <= at || nonceAt >= at + length + TAG_BYTES;
        if (nonceAt < 0 || at < 0 || length < 0 || !isApart) {
            throw new IllegalArgumentException("nonce at " + nonceAt + ", " + length + " bytes at " + at);
        }
        if (Math.max(nonceAt + NONCE_BYTES, at + length + TAG_BYTES) > buffer.capacity()) {
            throw new IndexOutOfBoundsException(
                    "nonce at " + nonceAt + ", " + length + " bytes at " + at + ", a buffer of " + buffer.capacity());
        }
    }

    /** Throws unless the key has 32 bytes. */
    static void checkKey(SecretBytes key) {
        if (key.length() != KEY_BYTES) {
            throw new IllegalArgumentException("expected a key of 32 bytes, found " + key.length());
        }
    }
}
