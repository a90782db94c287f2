package org.imgblstr.protocol.manifest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The digests of tracks that were sent while nobody needed them, at a master: such a track is hashed when it is read again, for a repair or for its
 * digest alone. Any thread.
 */
public final class LateDigests {
    /** Tracks that wait to be read for their digests alone: repairs wait behind them. */
    static final int MOST_TO_READ = 64;

    private final Set<Integer> wanted = new HashSet<>();
    private final Set<Integer> toRead = new HashSet<>();
    private final Map<Integer, byte[]> found = new HashMap<>();

    /** Takes the digest of a track. */
    public interface Taker {
        /** {@code digest}: 32 bytes. */
        void take(int track, byte[] digest);
    }

    /** The digest of a track is wanted when it is read again. */
    public synchronized void want(int track) {
        if (!found.containsKey(track)) {
            wanted.add(track);
        }
    }

    /** As {@link #want}. Returns whether the track is to be read for that now: it is not read already, and there are not too many. */
    public synchronized boolean wantNow(int track) {
        want(track);
        return wanted.contains(track) && toRead.size() < MOST_TO_READ && toRead.add(track);
    }

    /** Whether a track that was read again is to be hashed. */
    public synchronized boolean isWanted(int track) {
        return wanted.contains(track);
    }

    /** The digest of a track that was read again. */
    public synchronized void found(int track, byte[] digest) {
        if (wanted.remove(track)) {
            found.put(track, digest);
        }
        toRead.remove(track);
    }

    /** Gives all that were found since the last call. */
    public synchronized void take(Taker taker) {
        found.forEach(taker::take);
        found.clear();
    }
}
