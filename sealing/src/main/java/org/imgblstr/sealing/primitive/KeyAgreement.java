package org.imgblstr.sealing.primitive;

import java.util.Optional;

/** X25519. Source: RFC 7748. Any thread. */
public interface KeyAgreement {
    int KEY_BYTES = 32;

    /** The public key of a private one, which is any 32 random bytes. */
    byte[] publicKey(SecretBytes privateKey);

    /**
     * What both sides can compute and nobody else. Empty when the public key does not have 32 bytes, or is one of a small group: then the result
     * would be zeros, whatever the private key.
     */
    Optional<SecretBytes> agree(SecretBytes privateKey, byte[] publicKey);
}
