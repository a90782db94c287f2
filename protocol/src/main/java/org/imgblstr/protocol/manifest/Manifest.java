package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.Signing;

/**
 * The manifest as its master makes it: a SHA-256 of each track, and of these the digest tracks, signed. The digests of the newest tracks are here,
 * those of older ones in a {@link DigestStore}. One thread. Specification: docs/security.md, section 7.
 */
public final class Manifest {
    /** Chunks whose digests are kept here: 2 MiB. */
    static final int KEPT_CHUNKS = 64;

    /** What the tracks are, as far as the pass has reached them. */
    public interface Kinds {
        /** First track that the pass has not reached. */
        int endTrack();

        /** {@code track}: before {@link #endTrack}. */
        TrackKind kindOf(int track);
    }

    private final int trackCount;
    private final Kinds kinds;
    private final ManifestSignature signature;
    private final DigestStore older;

    /** Chunks that lack digests, or are not reached to their end. */
    private final Map<Integer, Chunk> open = new HashMap<>();

    /** Whole chunks whose digests are here, by their number. */
    private final TreeMap<Integer, byte[]> kept = new TreeMap<>();

    private final byte[][] hashes;
    private int wholeChunks;
    private byte[] root;

    private static final class Chunk {
        private final byte[] digests = new byte[ManifestTracks.CHUNK_TRACKS * Hashing.DIGEST_BYTES];
        private final BitSet known = new BitSet();
    }

    public Manifest(int trackCount, Kinds kinds, ManifestSignature signature, DigestStore older) {
        this.trackCount = trackCount;
        this.kinds = kinds;
        this.signature = signature;
        this.older = older;
        this.hashes = new byte[ManifestTracks.count(trackCount)][];
    }

    /** Digest of a track that has bytes. The first one of a track counts: slaves may have it already. {@code digest}: 32 bytes. */
    public void note(int track, byte[] digest) {
        int chunk = track / ManifestTracks.CHUNK_TRACKS;
        if (hashes[chunk] != null) {
            return;
        }
        Chunk into = open.computeIfAbsent(chunk, number -> new Chunk());
        int index = track - ManifestTracks.firstTrack(chunk);
        if (!into.known.get(index)) {
            into.known.set(index);
            System.arraycopy(digest, 0, into.digests, index * Hashing.DIGEST_BYTES, Hashing.DIGEST_BYTES);
        }
        close(chunk);
    }

    /** The pass has gone on from {@code firstTrack} to {@link Kinds#endTrack}: chunks may be whole now. */
    public void onReached(int firstTrack) {
        int first = firstTrack / ManifestTracks.CHUNK_TRACKS;
        int end = (kinds.endTrack() + ManifestTracks.CHUNK_TRACKS - 1) / ManifestTracks.CHUNK_TRACKS;
        for (int chunk = first; chunk < end; chunk++) {
            close(chunk);
        }
    }

    private void close(int chunk) {
        int end = ManifestTracks.endTrack(chunk, trackCount);
        if (hashes[chunk] != null || !isReached(chunk) || firstUnknown(ManifestTracks.firstTrack(chunk), end) >= 0) {
            return;
        }
        Chunk whole = open.remove(chunk);
        byte[] digests = whole == null ? new byte[ManifestTracks.CHUNK_TRACKS * Hashing.DIGEST_BYTES] : whole.digests;
        hashes[chunk] = signature.hash(entries(chunk, digests));
        wholeChunks++;
        kept.put(chunk, digests);
        if (kept.size() > KEPT_CHUNKS) {
            Map.Entry<Integer, byte[]> oldest = kept.pollFirstEntry();
            older.put(oldest.getKey(), oldest.getValue());
        }
    }

    /** Whether the pass has reached all tracks of a chunk. */
    public boolean isReached(int chunk) {
        return kinds.endTrack() >= ManifestTracks.endTrack(chunk, trackCount);
    }

    /** The first of some tracks of one chunk that has bytes and whose digest is not known; -1 when there is none among those that were reached. */
    public int firstUnknown(int fromTrack, int endTrack) {
        int chunk = fromTrack / ManifestTracks.CHUNK_TRACKS;
        int end = Math.min(kinds.endTrack(), endTrack);
        if (fromTrack >= end || hashes[chunk] != null) {
            return -1;
        }
        Chunk here = open.get(chunk);
        int first = ManifestTracks.firstTrack(chunk);
        int track = fromTrack;
        while (track < end
                && (isKnown(here, track - first) || !kinds.kindOf(track).isEncoded())) {
            track++;
        }
        return track < end ? track : -1;
    }

    private static boolean isKnown(Chunk chunk, int index) {
        return chunk != null && chunk.known.get(index);
    }

    /** Whether a digest track can be made: each of its tracks was reached, and the digest of each is known. */
    public boolean isWhole(int digestTrack) {
        return hashes[digestTrack - trackCount] != null;
    }

    /**
     * Raw bytes of a digest track, signed.
     *
     * @return null while it is not whole, or while its digests are being fetched: then it is asked again
     */
    public ByteBuffer raw(int digestTrack) {
        int chunk = digestTrack - trackCount;
        if (hashes[chunk] == null) {
            return null;
        }
        byte[] digests = kept.get(chunk);
        if (digests == null) {
            digests = older.get(chunk);
        }
        if (digests == null) {
            return null;
        }
        byte[] entries = entries(chunk, digests);
        return ByteBuffer.allocate(entries.length + Signing.SIGNATURE_BYTES)
                .put(entries)
                .put(signature.sign(digestTrack, hashes[chunk]))
                .flip();
    }

    private byte[] entries(int chunk, byte[] digests) {
        byte[] entries = new byte[ManifestTracks.entryBytes(chunk, trackCount)];
        int first = ManifestTracks.firstTrack(chunk);
        for (int track = first; track < ManifestTracks.endTrack(chunk, trackCount); track++) {
            int index = track - first;
            ManifestTracks.put(entries, index, kinds.kindOf(track), digests, index * Hashing.DIGEST_BYTES);
        }
        return entries;
    }

    /** Whether D is known: all digest tracks are whole. */
    public boolean isWhole() {
        return wholeChunks == hashes.length;
    }

    /** D, 32 bytes. Once {@link #isWhole()}. */
    public byte[] root() {
        if (!isWhole()) {
            throw new IllegalStateException(wholeChunks + " of " + hashes.length + " digest tracks are whole");
        }
        if (root == null) {
            root = signature.root(trackCount, hashes);
        }
        return root.clone();
    }
}
