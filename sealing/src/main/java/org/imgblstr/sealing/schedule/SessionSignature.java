package org.imgblstr.sealing.schedule;

import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;

/** What only the master of one session can sign, and its slaves can check. Any thread. Specification: docs/security.md, section 7. */
public final class SessionSignature {
    private final Signing signing;
    private final long sessionId;
    private final SecretBytes seed;
    private final byte[] verify;

    private SessionSignature(Signing signing, long sessionId, SecretBytes seed, byte[] verify) {
        this.signing = signing;
        this.sessionId = sessionId;
        this.seed = seed;
        this.verify = verify;
    }

    /** At the master. {@code seed}: of the key pair of this session, 32 bytes; the caller wipes it. */
    public static SessionSignature ofMaster(Signing signing, long sessionId, SecretBytes seed) {
        return new SessionSignature(signing, sessionId, seed, signing.publicKey(seed));
    }

    /** At a slave. {@code verify}: V of the hello, 32 bytes. */
    public static SessionSignature ofSlave(Signing signing, long sessionId, byte[] verify) {
        return new SessionSignature(signing, sessionId, null, verify.clone());
    }

    /** V: 32 bytes, for the hello. */
    public byte[] verify() {
        return verify.clone();
    }

    /** Signs {@code what} under a label: 64 bytes. Only at the master. */
    public byte[] sign(SignedBytes label, byte[] what) {
        return signing.sign(seed, label.of(sessionId, what));
    }

    /** Whether the master has signed {@code what} under a label. */
    public boolean isSigned(SignedBytes label, byte[] what, byte[] signature) {
        return signing.isSigned(verify, label.of(sessionId, what), signature);
    }
}
