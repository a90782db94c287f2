package org.imgblstr.sealing.primitive;

/** Ed25519. Source: RFC 8032. Any thread. */
public interface Signing {
    int KEY_BYTES = 32;
    int SIGNATURE_BYTES = 64;

    /** The public key of a seed, which is any 32 random bytes. */
    byte[] publicKey(SecretBytes seed);

    /** 64 bytes. */
    byte[] sign(SecretBytes seed, byte[] message);

    /** Whether that is a signature of the message. False also for keys and signatures that cannot be any. */
    boolean isSigned(byte[] publicKey, byte[] message, byte[] signature);
}
