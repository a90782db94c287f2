package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Secret bytes in direct memory, which the garbage collector neither moves nor copies. Whoever made them wipes them. Not for several threads
 * while one of them wipes.
 */
public final class SecretBytes implements AutoCloseable {
    private final ByteBuffer bytes;

    /** {@code length} zeros, to be written through {@link #buffer()}. */
    SecretBytes(int length) {
        bytes = ByteBuffer.allocateDirect(length);
    }

    /** A copy; the array stays as it is. */
    public static SecretBytes copyOf(byte[] bytes) {
        SecretBytes secret = new SecretBytes(bytes.length);
        secret.bytes.duplicate().put(bytes);
        return secret;
    }

    /** Takes the bytes and leaves zeros in the array. */
    public static SecretBytes take(byte[] bytes) {
        SecretBytes secret = copyOf(bytes);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }

    /** The ASCII bytes of a text. */
    public static SecretBytes ofAscii(String text) {
        return take(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** New random bytes. */
    public static SecretBytes random(int length, RandomBytes random) {
        byte[] bytes = new byte[length];
        random.fill(bytes);
        return take(bytes);
    }

    public int length() {
        return bytes.capacity();
    }

    /** The bytes themselves, position 0 to their end; what is written there changes them. */
    public ByteBuffer buffer() {
        return bytes.duplicate();
    }

    /** A copy on the heap, which the caller wipes. */
    public byte[] copy() {
        byte[] copy = new byte[bytes.capacity()];
        bytes.duplicate().get(copy);
        return copy;
    }

    /** Whether both hold the same bytes; how long that takes does not tell where they differ. */
    public boolean isSameAs(SecretBytes other) {
        int difference = length() ^ other.length();
        for (int i = 0; i < Math.min(length(), other.length()); i++) {
            difference |= bytes.get(i) ^ other.bytes.get(i);
        }
        return difference == 0;
    }

    /** Overwrites the bytes with zeros. */
    @Override
    public void close() {
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "hidden";
    }
}
