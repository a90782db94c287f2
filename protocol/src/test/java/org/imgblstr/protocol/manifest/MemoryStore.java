package org.imgblstr.protocol.manifest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps digests in memory; each is fetched at the second question, as from a disk. */
final class MemoryStore implements DigestStore {
    final Map<Integer, byte[]> stored = new HashMap<>();
    private final Set<Integer> asked = new HashSet<>();

    @Override
    public void put(int chunk, byte[] digests) {
        if (stored.put(chunk, digests) != null) {
            throw new AssertionError("chunk " + chunk + " is put twice");
        }
    }

    @Override
    public byte[] get(int chunk) {
        return asked.add(chunk) ? null : stored.get(chunk);
    }
}
