package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 and HMAC of Java. */
final class JdkHashing implements Hashing {
    @Override
    public SecretBytes hmac(SecretBytes key, ByteBuffer message) {
        Mac mac = keyed(key);
        mac.update(message.duplicate());
        return SecretBytes.take(mac.doFinal());
    }

    /** HMAC-SHA256 under a key. */
    static Mac keyed(SecretBytes key) {
        // HMAC fills keys up with zeros, and Java takes no empty key.
        byte[] copy = new byte[Math.max(1, key.length())];
        key.buffer().get(copy, 0, key.length());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(copy, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HMAC with SHA-256", e);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    @Override
    public byte[] sha256(byte[]... parts) {
        return Hashing.digest(Sha256.ofJava(), parts);
    }
}
