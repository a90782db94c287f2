package org.imgblstr.sealing.primitive;

import static org.imgblstr.sealing.primitive.LibcryptoCalls.check;
import static org.imgblstr.sealing.primitive.LibcryptoCalls.checkMade;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** AES-256-GCM of libcrypto: one context holds the key for all datagrams, and each takes four calls. */
final class LibcryptoAead implements Aead {
    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;

    private final CipherCalls calls;
    private final ByteBuffer written = ByteBuffer.allocateDirect(Integer.BYTES);
    private final long writtenAt = LibcryptoCalls.addressOf(written);
    private long context = checkMade(LibcryptoCalls.EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
    private ByteBuffer lastBuffer = written;
    private long lastBase = writtenAt;

    LibcryptoAead(SecretBytes key, CipherCalls calls) {
        Aead.checkKey(key);
        this.calls = calls;
        ByteBuffer bytes = key.buffer();
        try {
            long address = LibcryptoCalls.addressOf(bytes);
            check(calls.init(context, LibcryptoCalls.EVP_aes_256_gcm(), address, 0, 1), "EVP_CipherInit_ex");
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    @Override
    public void seal(ByteBuffer buffer, int nonceAt, int at, int length) {
        try {
            long base = begin(buffer, nonceAt, at, length, 1);
            check(calls.finish(context, base + at, writtenAt), "EVP_CipherFinal_ex");
            check(calls.control(context, GET_TAG, TAG_BYTES, base + at + length), "EVP_CIPHER_CTX_ctrl");
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    @Override
    public boolean open(ByteBuffer buffer, int nonceAt, int at, int length) {
        try {
            long base = begin(buffer, nonceAt, at, length, 0);
            check(calls.control(context, SET_TAG, TAG_BYTES, base + at + length), "EVP_CIPHER_CTX_ctrl");
            return calls.finish(context, base + at, writtenAt) == 1;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** All but the tag. Returns the address of the buffer. */
    private long begin(ByteBuffer buffer, int nonceAt, int at, int length, int seals) {
        Aead.check(buffer, nonceAt, at, length);
        if (context == 0) {
            throw new IllegalStateException("the key was forgotten");
        }
        long base = base(buffer);
        check(calls.init(context, 0, 0, base + nonceAt, seals), "EVP_CipherInit_ex");
        if (length > 0) {
            check(calls.update(context, base + at, writtenAt, base + at, length), "EVP_CipherUpdate");
        }
        return base;
    }

    /** Datagrams come in the same few buffers, and asking for an address costs a call. */
    @SuppressWarnings("ReferenceEquality") // equal bytes elsewhere have another address
    private long base(ByteBuffer buffer) {
        if (buffer != lastBuffer) {
            lastBase = LibcryptoCalls.addressOf(buffer);
            lastBuffer = buffer;
        }
        return lastBase;
    }

    @Override
    public void close() {
        LibcryptoCalls.EVP_CIPHER_CTX_free(context);
        context = 0;
        lastBuffer = written;
        lastBase = writtenAt;
    }
}
