package org.imgblstr.sealing.schedule;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/**
 * The keys that one slave and its master compute, each from its own private key, the public key of the other, and the secret that they share.
 * Close them when the other side has proven itself: then only the pairwise keys are needed.
 */
public final class SlaveKeys implements AutoCloseable {
    private static final byte[] RSVP = SignedBytes.Labels.of("rsvp");
    private static final byte[] DOWN = SignedBytes.Labels.of("master to slave");
    private static final byte[] UP = SignedBytes.Labels.of("slave to master");

    private final Hashing hashing;
    private final Transcript transcript;
    private final SecretBytes prk;
    private final SecretBytes rsvp;

    /**
     * The keys of the time after a slave was confirmed.
     *
     * @param down for what the master sends to this slave alone
     * @param up for all that this slave sends
     */
    public record PairKeys(SecretBytes down, SecretBytes up) implements AutoCloseable {
        @Override
        public void close() {
            down.close();
            up.close();
        }
    }

    private SlaveKeys(Hashing hashing, Transcript transcript, SecretBytes prk) {
        this.hashing = hashing;
        this.transcript = transcript;
        this.prk = prk;
        rsvp = expand(hashing, prk, RSVP, transcript.digest());
    }

    /**
     * Computes them; empty when the public key is one of a small group, and so not one of an honest side.
     *
     * @param secret {@code psk}: that of the join code or key file
     * @param privateKey X25519, of this side
     * @param publicKey X25519, of the other side
     */
    public static Optional<SlaveKeys> agree(
            Primitives primitives,
            SecretBytes secret,
            SecretBytes privateKey,
            byte[] publicKey,
            Transcript transcript) {
        return primitives.agreement().agree(privateKey, publicKey).map(shared -> {
            SecretBytes prk = primitives.hashing().extract(secret, shared);
            shared.close();
            return new SlaveKeys(primitives.hashing(), transcript, prk);
        });
    }

    /** For the boxes of this slave's RSVPs. */
    public SecretBytes rsvp() {
        return rsvp;
    }

    /** The pairwise keys. A slave computes them for the M of each Confirm Download that it gets, until a box opens. */
    public PairKeys pair(long masterNonce) {
        byte[] both = transcript.digestWith(masterNonce);
        return new PairKeys(expand(hashing, prk, DOWN, both), expand(hashing, prk, UP, both));
    }

    /** Wipes these keys; pairwise keys that were made stay. */
    @Override
    public void close() {
        prk.close();
        rsvp.close();
    }

    static SecretBytes expand(Hashing hashing, SecretBytes key, byte[] label, byte[] content) {
        byte[] info = ByteBuffer.allocate(label.length + content.length)
                .put(label)
                .put(content)
                .array();
        return hashing.expand(key, info, Aead.KEY_BYTES);
    }
}
