package org.imgblstr.disk.image.sealed;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.sealing.primitive.Sha256;

/** Computes what a digest record has of a track. One thread. */
public final class TrackHasher {
    private final MessageDigest sha256 = Sha256.create();

    /** SHA-256 of the raw bytes between position and limit, which stay, and of the map of a partial track. */
    public byte[] hash(ByteBuffer raw, UnreadableMap unreadable) {
        sha256.update(raw.duplicate());
        if (!unreadable.isNone()) {
            sha256.update(unreadable.bits());
        }
        return sha256.digest();
    }
}
