package org.imgblstr.protocol.master.tracks;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.manifest.DigestStore;
import org.imgblstr.protocol.manifest.LateDigests;

/**
 * Where the master's engine gets its tracks. Called by the engine's one thread; nothing blocks. Whoever implements it ticks the engine when
 * something that was missing has arrived.
 */
public interface TrackSupply {
    /** What comes next in the pass. */
    sealed interface Item {}

    /** A data track; its bytes are {@link TrackSupply#held}. */
    record Data(int track) implements Item {}

    /** Tracks that are not sent as data. */
    record Skip(int firstTrack, int count, TrackKind kind) implements Item {}

    /**
     * Tracks of a delta session: what they are, not their bytes.
     *
     * @param firstTrack the first of them
     * @param leaves raw bytes of a digest track or a part of it, one description a track; in a sealed session one entry of the manifest a track
     */
    record Leaves(int firstTrack, ByteBuffer leaves) implements Item {}

    /** The pass is over. */
    final class End implements Item {
        private final byte[] contentDigest;

        /** {@code contentDigest}: 32 bytes. */
        public End(byte[] contentDigest) {
            this.contentDigest = contentDigest.clone();
        }

        public byte[] contentDigest() {
            return contentDigest.clone();
        }
    }

    /** The next item, or null when none is ready. The same one until {@link #advance}. */
    Item next();

    /** The item of {@link #next} was taken; older tracks may be given up for it. */
    void advance();

    /** The encoded track, position to limit, valid until the next call of {@link #advance}; null when it is not held (any more). */
    ByteBuffer held(int track);

    /** Of a track that is held since the pass, in a sealed session: SHA-256 of its raw bytes, 32 bytes; null when it is not known. */
    default byte[] digest(int track) {
        return null;
    }

    /** In a sealed session: the digest of this track is wanted when it is read again. {@code isNow}: it is to be read for that alone. */
    default void wantDigest(int track, boolean isNow) {}

    /** Gives the digests that were wanted and have been found since the last call. */
    default void takeDigests(LateDigests.Taker taker) {}

    /** Where digests of older tracks are kept, in a sealed session. */
    default DigestStore olderDigests() {
        return null;
    }

    /**
     * Asks for a track to be read again that is not held, or held as a link of a chain: it will be held in an encoding that stands alone.
     * Asking twice does no harm.
     */
    void request(int track);

    /** All tracks before {@code endTrack} that were sent need not be held any longer. Not to be called while one of them is being sent. */
    void forget(int endTrack);

    /** A track that was requested has been sent and need not be held any longer. */
    void release(int track);
}
