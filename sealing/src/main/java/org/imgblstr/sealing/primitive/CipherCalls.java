package org.imgblstr.sealing.primitive;

/** The four functions of libcrypto that every sealed datagram needs. Contexts and places are addresses in memory; the results are those of OpenSSL. */
interface CipherCalls {
    /** EVP_CipherInit_ex, without an engine. {@code seals}: 1 to encrypt, 0 to decrypt. */
    int init(long context, long cipher, long key, long nonce, int seals);

    /** EVP_CipherUpdate. {@code written}: where the count of bytes goes, an int. */
    int update(long context, long into, long written, long from, int length);

    /** EVP_CipherFinal_ex. */
    int finish(long context, long into, long written);

    /** EVP_CIPHER_CTX_ctrl. */
    int control(long context, int what, int length, long bytes);
}
