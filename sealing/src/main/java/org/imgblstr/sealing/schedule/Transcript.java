package org.imgblstr.sealing.schedule;

import java.nio.ByteBuffer;
import org.imgblstr.sealing.primitive.Hashing;

/** Everything that master and slave said before they had keys, as a digest. So keys are the same only when both have heard the same. */
public final class Transcript {
    private static final byte[] LABEL = SignedBytes.Labels.of("transcript");

    private final Hashing hashing;
    private final byte[] digest;

    private Transcript(Hashing hashing, byte[] digest) {
        this.hashing = hashing;
        this.digest = digest;
    }

    /**
     * Of one slave in one session.
     *
     * @param nonce of the slave's RSVPs
     * @param exchange X, the slave's public key of X25519
     */
    public static Transcript of(Hashing hashing, long sessionId, Hello hello, long nonce, byte[] exchange) {
        byte[] digest = hashing.sha256(LABEL, bytesOf(sessionId), hello.signedPart(), bytesOf(nonce), exchange);
        return new Transcript(hashing, digest);
    }

    /** {@code h} of docs/security.md: 32 bytes. */
    byte[] digest() {
        return digest.clone();
    }

    /** {@code h2}: with the random number M that the master has chosen for this slave. */
    byte[] digestWith(long masterNonce) {
        return hashing.sha256(digest, bytesOf(masterNonce));
    }

    private static byte[] bytesOf(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
