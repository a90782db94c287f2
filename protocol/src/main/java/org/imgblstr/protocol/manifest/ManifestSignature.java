package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SignedBytes;

/**
 * The master's signature of digest tracks, and D, which Done and Disconnect bring. One session, any thread. Specification: docs/security.md,
 * section 7.
 */
public final class ManifestSignature {
    private final Primitives primitives;
    private final long sessionId;
    private final SecretBytes seed;
    private final byte[] verify;

    private ManifestSignature(Primitives primitives, long sessionId, SecretBytes seed, byte[] verify) {
        this.primitives = primitives;
        this.sessionId = sessionId;
        this.seed = seed;
        this.verify = verify;
    }

    /** At the master. {@code seed}: of the key pair of this session; the caller wipes it. */
    public static ManifestSignature ofMaster(Primitives primitives, long sessionId, SecretBytes seed) {
        return new ManifestSignature(
                primitives, sessionId, seed, primitives.signing().publicKey(seed));
    }

    /** At a slave. {@code verify}: V of the hello, 32 bytes. */
    public static ManifestSignature ofSlave(Primitives primitives, long sessionId, byte[] verify) {
        return new ManifestSignature(primitives, sessionId, null, verify.clone());
    }

    /** SHA-256 of entries: what is signed, and what D is made of. */
    byte[] hash(byte[] entries) {
        return primitives.hashing().sha256(entries);
    }

    /** Signs a digest track. {@code hash}: of its entries. Only at the master. */
    byte[] sign(int digestTrack, byte[] hash) {
        return primitives.signing().sign(seed, signed(digestTrack, hash));
    }

    /** Whether the master has signed a digest track. {@code hash}: of its entries. */
    boolean isSigned(int digestTrack, byte[] hash, byte[] signature) {
        return primitives.signing().isSigned(verify, signed(digestTrack, hash), signature);
    }

    private byte[] signed(int digestTrack, byte[] hash) {
        byte[] what = ByteBuffer.allocate(Integer.BYTES + hash.length)
                .putInt(digestTrack)
                .put(hash)
                .array();
        return SignedBytes.DIGESTS.of(sessionId, what);
    }

    /** D. {@code hashes}: of the entries of all digest tracks, in order. */
    byte[] root(int trackCount, byte[][] hashes) {
        ByteBuffer what = ByteBuffer.allocate(Integer.BYTES + hashes.length * hashes[0].length);
        what.putInt(trackCount);
        for (byte[] hash : hashes) {
            what.put(hash);
        }
        return primitives.hashing().sha256(SignedBytes.MANIFEST.of(sessionId, what.array()));
    }
}
