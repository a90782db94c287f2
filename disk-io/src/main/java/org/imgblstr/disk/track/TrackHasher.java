package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.sealing.primitive.Sha256;

/** Computes what the manifest has of a track with bytes. One thread. */
public final class TrackHasher {
    private final MessageDigest digest = Sha256.create();

    /**
     * SHA-256 of a track: 32 bytes.
     *
     * @param raw its raw bytes, position to limit, which stay
     * @param map what of them the source could not give: it counts too
     */
    public byte[] hash(ByteBuffer raw, UnreadableMap map) {
        digest.update(raw.duplicate());
        if (!map.isNone()) {
            digest.update(map.bits());
        }
        return digest.digest();
    }
}
