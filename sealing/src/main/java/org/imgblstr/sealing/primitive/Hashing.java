package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** SHA-256, and HMAC and HKDF with it. Source: FIPS 180-4, RFC 2104, RFC 5869. Any thread. */
public interface Hashing {
    int DIGEST_BYTES = 32;

    /** HMAC-SHA256 of the bytes between position and limit, which stay: 32 bytes. */
    SecretBytes hmac(SecretBytes key, ByteBuffer message);

    /** SHA-256 of the parts, one behind the other. */
    default byte[] sha256(byte[]... parts) {
        return digest(Sha256.create(), parts);
    }

    /** The digest of the parts, one behind the other. */
    static byte[] digest(MessageDigest digest, byte[]... parts) {
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** HKDF-Extract: 32 bytes. */
    default SecretBytes extract(SecretBytes salt, SecretBytes input) {
        return hmac(salt, input.buffer());
    }

    /** HKDF-Expand: {@code length} bytes, at most 8,160. */
    default SecretBytes expand(SecretBytes key, byte[] info, int length) {
        if (length > 255 * DIGEST_BYTES) {
            throw new IllegalArgumentException("HKDF gives 8160 bytes at most, asked for " + length);
        }
        SecretBytes expanded = new SecretBytes(length);
        ByteBuffer into = expanded.buffer();
        try (SecretBytes block = new SecretBytes(DIGEST_BYTES + info.length + 1)) {
            int begin = DIGEST_BYTES;
            for (int count = 1; into.hasRemaining(); count++) {
                ByteBuffer message = block.buffer();
                message.position(DIGEST_BYTES).put(info).put((byte) count).position(begin);
                try (SecretBytes digest = hmac(key, message)) {
                    into.put(digest.buffer().limit(Math.min(DIGEST_BYTES, into.remaining())));
                    block.buffer().put(digest.buffer());
                }
                begin = 0;
            }
        }
        return expanded;
    }
}
