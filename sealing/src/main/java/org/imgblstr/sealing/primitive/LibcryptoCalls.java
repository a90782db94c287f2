package org.imgblstr.sealing.primitive;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.Buffer;

/** Functions of libcrypto, called through JNA; their manual pages are those of OpenSSL 3.0, section 3ossl. Buffers are direct and count from their position. */
final class LibcryptoCalls implements CipherCalls {
    private static final boolean ARE_THERE = Libcrypto.bind(LibcryptoCalls.class);

    /** Whether libcrypto is installed and has all functions. */
    static boolean areThere() {
        return ARE_THERE;
    }

    /** Address of the first byte of a direct buffer, whatever its position. The buffer must stay reachable while the address is used. */
    static long addressOf(Buffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** Throws unless a function has returned 1, which stands for success. */
    static void check(int result, String function) {
        if (result != 1) {
            throw new IllegalStateException(function + " of libcrypto returned " + result);
        }
    }

    /** Throws when a function has returned no object. */
    static long checkMade(long object, String function) {
        if (object == 0) {
            throw new IllegalStateException(function + " of libcrypto returned nothing");
        }
        return object;
    }

    @Override
    public int init(long context, long cipher, long key, long nonce, int seals) {
        return EVP_CipherInit_ex(context, cipher, 0, key, nonce, seals);
    }

    @Override
    public int update(long context, long into, long written, long from, int length) {
        return EVP_CipherUpdate(context, into, written, from, length);
    }

    @Override
    public int finish(long context, long into, long written) {
        return EVP_CipherFinal_ex(context, into, written);
    }

    @Override
    public int control(long context, int what, int length, long bytes) {
        return EVP_CIPHER_CTX_ctrl(context, what, length, bytes);
    }

    static native long EVP_CIPHER_CTX_new();

    static native void EVP_CIPHER_CTX_free(long context);

    static native long EVP_aes_256_gcm();

    private static native int EVP_CipherInit_ex(
            long context, long cipher, long engine, long key, long nonce, int encrypts);

    private static native int EVP_CipherUpdate(long context, long into, long written, long from, int length);

    private static native int EVP_CipherFinal_ex(long context, long into, long written);

    private static native int EVP_CIPHER_CTX_ctrl(long context, int what, int length, long bytes);

    static native long EVP_PKEY_new_raw_private_key(int type, long engine, Buffer key, long length);

    static native long EVP_PKEY_new_raw_public_key(int type, long engine, byte[] key, long length);

    static native int EVP_PKEY_get_raw_public_key(long key, byte[] into, long[] length);

    static native void EVP_PKEY_free(long key);

    static native long EVP_PKEY_CTX_new(long key, long engine);

    static native void EVP_PKEY_CTX_free(long context);

    static native int EVP_PKEY_derive_init(long context);

    static native int EVP_PKEY_derive_set_peer(long context, long publicKey);

    static native int EVP_PKEY_derive(long context, Buffer into, long[] length);

    static native long EVP_MD_CTX_new();

    static native void EVP_MD_CTX_free(long context);

    static native int EVP_DigestSignInit(long context, long keyContext, long digest, long engine, long key);

    static native int EVP_DigestSign(long context, byte[] into, long[] length, byte[] message, long messageBytes);

    static native int EVP_DigestVerifyInit(long context, long keyContext, long digest, long engine, long key);

    static native int EVP_DigestVerify(
            long context, byte[] signature, long signatureBytes, byte[] message, long messageBytes);

    static native long EVP_sha256();

    static native Pointer HMAC(
            long digest, Buffer key, int keyBytes, Buffer message, long messageBytes, Buffer into, int[] length);

    static native int EVP_PBE_scrypt(
            Buffer password,
            long passwordBytes,
            byte[] salt,
            long saltBytes,
            long n,
            long r,
            long p,
            long mostBytes,
            Buffer into,
            long length);
}
