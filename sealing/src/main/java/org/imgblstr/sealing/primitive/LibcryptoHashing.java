package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;

/** HMAC and scrypt of libcrypto. */
final class LibcryptoHashing implements Hashing {
    /** What scrypt needs besides its table is less than this. */
    private static final long FURTHER_BYTES = 2 << 20;

    private final long sha256 = LibcryptoCalls.EVP_sha256();

    @Override
    public SecretBytes hmac(SecretBytes key, ByteBuffer message) {
        int length = message.remaining();
        ByteBuffer direct = message.isDirect()
                ? message.slice()
                : ByteBuffer.allocateDirect(length).put(message.duplicate()).clear();
        SecretBytes mac = new SecretBytes(DIGEST_BYTES);
        if (LibcryptoCalls.HMAC(sha256, key.buffer(), key.length(), direct, length, mac.buffer(), new int[1]) == null) {
            throw new IllegalStateException("HMAC of libcrypto failed");
        }
        return mac;
    }

    SecretBytes scrypt(SecretBytes password, byte[] salt, int n, int r, int p, int length) {
        MemoryHard.check(n, r, p);
        SecretBytes key = new SecretBytes(length);
        int result = LibcryptoCalls.EVP_PBE_scrypt(
                password.buffer(),
                password.length(),
                salt,
                salt.length,
                n,
                r,
                p,
                128L * r * (n + p) + FURTHER_BYTES,
                key.buffer(),
                length);
        LibcryptoCalls.check(result, "EVP_PBE_scrypt");
        return key;
    }
}
