package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;

/**
 * Primitives for a room of a thousand slaves on two cores: a cipher that changes nothing and a signature of zeros. Key agreement and hashes are real, so
 * everything has its length and its order. That forgeries fail is what the other simulations show, with real ciphers.
 */
final class CountedSealing {
    private CountedSealing() {}

    static Primitives primitives() {
        Primitives real = Primitives.best();
        return new Primitives(
                "tags are counted only",
                key -> new CountedTags(),
                real.agreement(),
                new NoSigning(real.signing()),
                real.hashing(),
                real.memoryHard());
    }

    /** Whether a sealed datagram of {@code length} bytes ends with its own tag. */
    static boolean isTagged(ByteBuf buffer, int at, int length) {
        int tag = at + length - Aead.TAG_BYTES;
        return buffer.getLong(tag) == CountedTags.TAG && buffer.getLong(tag + Long.BYTES) == buffer.getLong(at);
    }

    /** A tag says only that it is one, and of which datagram: what a thousand slaves would take to decrypt everything is not what is tested here. */
    private static final class CountedTags implements Aead {
        private static final long TAG = 0x7461_6773_2063_6f75L;

        @Override
        public void seal(ByteBuffer buffer, int nonceAt, int at, int length) {
            buffer.putLong(at + length, TAG).putLong(at + length + Long.BYTES, buffer.getLong(nonceAt));
        }

        @Override
        public boolean open(ByteBuffer buffer, int nonceAt, int at, int length) {
            return buffer.getLong(at + length) == TAG
                    && buffer.getLong(at + length + Long.BYTES) == buffer.getLong(nonceAt);
        }

        @Override
        public void close() {}
    }

    /** Signatures take 0.2 ms, a thousand times for each announcement. */
    private static final class NoSigning implements Signing {
        private final Signing real;

        private NoSigning(Signing real) {
            this.real = real;
        }

        @Override
        public byte[] publicKey(SecretBytes seed) {
            return real.publicKey(seed);
        }

        @Override
        public byte[] sign(SecretBytes seed, byte[] message) {
            return new byte[SIGNATURE_BYTES];
        }

        @Override
        public boolean isSigned(byte[] publicKey, byte[] message, byte[] signature) {
            return true;
        }
    }
}
