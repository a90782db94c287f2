package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.SessionSignature;
import org.imgblstr.sealing.schedule.SignedBytes;

/**
 * The master's signature of digest tracks, and D, which Done and Disconnect bring. One session, any thread. Specification: docs/security.md,
 * section 7.
 */
public final class ManifestSignature {
    private final Primitives primitives;
    private final long sessionId;
    private final SessionSignature signature;

    private ManifestSignature(Primitives primitives, long sessionId, SessionSignature signature) {
        this.primitives = primitives;
        this.sessionId = sessionId;
        this.signature = signature;
    }

    /** At the master. {@code seed}: of the key pair of this session; the caller wipes it. */
    public static ManifestSignature ofMaster(Primitives primitives, long sessionId, SecretBytes seed) {
        return new ManifestSignature(
                primitives, sessionId, SessionSignature.ofMaster(primitives.signing(), sessionId, seed));
    }

    /** At a slave. {@code verify}: V of the hello, 32 bytes. */
    public static ManifestSignature ofSlave(Primitives primitives, long sessionId, byte[] verify) {
        return new ManifestSignature(
                primitives, sessionId, SessionSignature.ofSlave(primitives.signing(), sessionId, verify));
    }

    /** SHA-256 of entries: what is signed, and what D is made of. */
    byte[] hash(byte[] entries) {
        return primitives.hashing().sha256(entries);
    }

    /** Signs a digest track. {@code hash}: of its entries. Only at the master. */
    byte[] sign(int digestTrack, byte[] hash) {
        return signature.sign(SignedBytes.DIGESTS, signed(digestTrack, hash));
    }

    /** Whether the master has signed a digest track. {@code hash}: of its entries. */
    boolean isSigned(int digestTrack, byte[] hash, byte[] itsSignature) {
        return signature.isSigned(SignedBytes.DIGESTS, signed(digestTrack, hash), itsSignature);
    }

    private static byte[] signed(int digestTrack, byte[] hash) {
        return ByteBuffer.allocate(Integer.BYTES + hash.length)
                .putInt(digestTrack)
                .put(hash)
                .array();
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
