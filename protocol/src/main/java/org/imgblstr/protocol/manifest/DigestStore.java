package org.imgblstr.protocol.manifest;

/** Where a master keeps the digests of older tracks, outside of its heap. Calls return at once. One thread. */
public interface DigestStore {
    /** Keeps the digests of a chunk until the end of the session. {@code digests}: 32 bytes a track; not changed afterwards. */
    void put(int chunk, byte[] digests);

    /** The digests of a chunk that was put; null while they are being fetched: then it is asked again. */
    byte[] get(int chunk);
}
