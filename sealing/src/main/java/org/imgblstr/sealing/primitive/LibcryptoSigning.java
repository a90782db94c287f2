package org.imgblstr.sealing.primitive;

import static org.imgblstr.sealing.primitive.LibcryptoCalls.check;
import static org.imgblstr.sealing.primitive.LibcryptoCalls.checkMade;

/** Ed25519 of libcrypto. */
final class LibcryptoSigning implements Signing {
    private static final int ED25519 = 1087;

    @Override
    public byte[] publicKey(SecretBytes seed) {
        return LibcryptoAgreement.publicKey(ED25519, seed);
    }

    @Override
    public byte[] sign(SecretBytes seed, byte[] message) {
        long key = LibcryptoAgreement.privateKey(ED25519, seed);
        long context = checkMade(LibcryptoCalls.EVP_MD_CTX_new(), "EVP_MD_CTX_new");
        try {
            byte[] signature = new byte[SIGNATURE_BYTES];
            check(LibcryptoCalls.EVP_DigestSignInit(context, 0, 0, 0, key), "EVP_DigestSignInit");
            check(
                    LibcryptoCalls.EVP_DigestSign(
                            context, signature, new long[] {SIGNATURE_BYTES}, message, message.length),
                    "EVP_DigestSign");
            return signature;
        } finally {
            LibcryptoCalls.EVP_MD_CTX_free(context);
            LibcryptoCalls.EVP_PKEY_free(key);
        }
    }

    @Override
    public boolean isSigned(byte[] publicKey, byte[] message, byte[] signature) {
        long key = LibcryptoCalls.EVP_PKEY_new_raw_public_key(ED25519, 0, publicKey, publicKey.length);
        if (key == 0) {
            return false;
        }
        long context = checkMade(LibcryptoCalls.EVP_MD_CTX_new(), "EVP_MD_CTX_new");
        try {
            return LibcryptoCalls.EVP_DigestVerifyInit(context, 0, 0, 0, key) == 1
                    && LibcryptoCalls.EVP_DigestVerify(context, signature, signature.length, message, message.length)
                            == 1;
        } finally {
            LibcryptoCalls.EVP_MD_CTX_free(context);
            LibcryptoCalls.EVP_PKEY_free(key);
        }
    }
}
