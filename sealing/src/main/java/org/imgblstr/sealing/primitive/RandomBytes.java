package org.imgblstr.sealing.primitive;

/** Where random bytes come from: a generator fit for keys, as {@code new SecureRandom()::nextBytes} is. */
@FunctionalInterface
public interface RandomBytes {
    /** Fills the whole array. */
    void fill(byte[] bytes);
}
