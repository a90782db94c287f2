package org.imgblstr.sealing.primitive;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of OpenSSL where it is installed, else that of Java. Java's own is as fast only when the JVM's second compiler has compiled it, and
 * without that compiler everything else runs faster (docs/performance.md). Source: FIPS 180-4.
 */
public final class Sha256 extends MessageDigest {
    private static final int DIGEST_BYTES = 32;

    /** SHA256_CTX of OpenSSL: eight words of state, two of length, sixteen of data, two numbers. */
    private static final int CONTEXT_BYTES = 112;

    private static final boolean IS_NATIVE = Libcrypto.bind(Sha256.class);

    private final Pointer context = new Memory(CONTEXT_BYTES);

    private Sha256() {
        super("SHA-256");
        SHA256_Init(context);
    }

    /** A digest for one thread at a time. */
    public static MessageDigest create() {
        return IS_NATIVE ? new Sha256() : ofJava();
    }

    static boolean isNative() {
        return IS_NATIVE;
    }

    static MessageDigest ofJava() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    protected void engineReset() {
        SHA256_Init(context);
    }

    @Override
    protected void engineUpdate(byte single) {
        SHA256_Update(context, new byte[] {single}, 1);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {
        update(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    protected void engineUpdate(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (bytes.isDirect()) {
            SHA256_Update(context, bytes.slice(), length);
            bytes.position(bytes.limit());
        } else {
            byte[] copy = new byte[length];
            bytes.get(copy);
            SHA256_Update(context, copy, length);
        }
    }

    @Override
    protected byte[] engineDigest() {
        byte[] digest = new byte[DIGEST_BYTES];
        SHA256_Final(digest, context);
        SHA256_Init(context);
        return digest;
    }

    @Override
    protected int engineGetDigestLength() {
        return DIGEST_BYTES;
    }

    private static native int SHA256_Init(Pointer context);

    private static native int SHA256_Update(Pointer context, Buffer bytes, long length);

    private static native int SHA256_Update(Pointer context, byte[] bytes, long length);

    private static native int SHA256_Final(byte[] digest, Pointer context);
}
