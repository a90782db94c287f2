package org.imgblstr.sealing.primitive;

import static org.imgblstr.sealing.primitive.LibcryptoCalls.check;
import static org.imgblstr.sealing.primitive.LibcryptoCalls.checkMade;

import java.util.Optional;

/** X25519 of libcrypto. */
final class LibcryptoAgreement implements KeyAgreement {
    private static final int X25519 = 1034;

    @Override
    public byte[] publicKey(SecretBytes privateKey) {
        return publicKey(X25519, privateKey);
    }

    /** The public key of a private key of 32 bytes. {@code type}: number that OpenSSL gives the algorithm. */
    static byte[] publicKey(int type, SecretBytes privateKey) {
        long key = privateKey(type, privateKey);
        try {
            byte[] publicKey = new byte[KEY_BYTES];
            check(
                    LibcryptoCalls.EVP_PKEY_get_raw_public_key(key, publicKey, new long[] {KEY_BYTES}),
                    "EVP_PKEY_get_raw_public_key");
            return publicKey;
        } finally {
            LibcryptoCalls.EVP_PKEY_free(key);
        }
    }

    static long privateKey(int type, SecretBytes key) {
        return checkMade(
                LibcryptoCalls.EVP_PKEY_new_raw_private_key(type, 0, key.buffer(), key.length()),
                "EVP_PKEY_new_raw_private_key");
    }

    @Override
    public Optional<SecretBytes> agree(SecretBytes privateKey, byte[] publicKey) {
        long other = LibcryptoCalls.EVP_PKEY_new_raw_public_key(X25519, 0, publicKey, publicKey.length);
        if (other == 0) {
            return Optional.empty();
        }
        long key = privateKey(X25519, privateKey);
        long context = checkMade(LibcryptoCalls.EVP_PKEY_CTX_new(key, 0), "EVP_PKEY_CTX_new");
        try {
            check(LibcryptoCalls.EVP_PKEY_derive_init(context), "EVP_PKEY_derive_init");
            check(LibcryptoCalls.EVP_PKEY_derive_set_peer(context, other), "EVP_PKEY_derive_set_peer");
            SecretBytes shared = new SecretBytes(KEY_BYTES);
            boolean isOfLargeGroup =
                    LibcryptoCalls.EVP_PKEY_derive(context, shared.buffer(), new long[] {KEY_BYTES}) == 1;
            return isOfLargeGroup ? Optional.of(shared) : Optional.empty();
        } finally {
            LibcryptoCalls.EVP_PKEY_CTX_free(context);
            LibcryptoCalls.EVP_PKEY_free(key);
            LibcryptoCalls.EVP_PKEY_free(other);
        }
    }
}
