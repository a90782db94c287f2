package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Collects the leaves of all tracks, in any order, and makes the content digest of them. One thread at a time. Source:
 * docs/architecture.md, section 4.
 *
 * <p>A leaf may be set again (the track was repaired with another content) until its chunk is folded, which {@link #isFolded}
 * tells. Chunks are folded in the order in which they became complete, and only when more than {@link #KEPT_CHUNKS} are complete.
 * So memory is 48 bytes a chunk and at most 9 KiB for each chunk that is kept or incomplete: for 16 TiB that arrive roughly in
 * order, 3 MiB and 9 MiB. Chunks set as a whole by one range cost nothing and are not folded.
 */
public final class ContentDigest {
    /** Tracks whose leaves make one chunk. */
    public static final int CHUNK_TRACKS = 1024;

    /** Complete chunks that are kept open: with tracks of 256 KiB, the last 256 GiB. */
    static final int KEPT_CHUNKS = 1024;

    /** Leaf of a track of kind {@link TrackKind#UNUSED}. */
    public static final long UNUSED_LEAF = 0;

    /** Leaf of a track of kind {@link TrackKind#UNREADABLE}. */
    public static final long UNREADABLE_LEAF = -1;

    /** Bytes of the digest. */
    public static final int DIGEST_BYTES = 32;

    private static final int LEAF_BYTES = 1 + Long.BYTES;
    private static final byte MISSING = -1;

    private final int trackCount;

    /** Of each chunk: null (nothing yet), {@link Leaves}, {@link Uniform}, or the digest itself once it is folded. */
    private final Object[] chunks;

    /** Chunks of {@link Leaves} in the order in which they became complete. */
    private final ArrayDeque<Integer> complete = new ArrayDeque<>();

    private final MessageDigest sha256 = sha256();
    private int missingTracks;
    private Uniform lastUniform;

    /** A chunk whose tracks are all alike; whole chunks share one. */
    private static final class Uniform {
        final byte kind;
        final long leaf;
        final byte[] wholeDigest;

        Uniform(byte kind, long leaf, byte[] wholeDigest) {
            this.kind = kind;
            this.leaf = leaf;
            this.wholeDigest = wholeDigest;
        }
    }

    /** A chunk being collected: what is hashed in the end, with {@link #MISSING} where nothing has come yet. */
    private static final class Leaves {
        final ByteBuffer bytes;
        int missing;

        Leaves(int tracks) {
            bytes = ByteBuffer.allocate(tracks * LEAF_BYTES);
            Arrays.fill(bytes.array(), MISSING);
            missing = tracks;
        }

        /** True when the track was missing. */
        boolean set(int index, byte kind, long leaf) {
            int at = index * LEAF_BYTES;
            boolean isNew = bytes.get(at) == MISSING;
            bytes.put(at, kind).putLong(at + 1, leaf);
            missing -= isNew ? 1 : 0;
            return isNew;
        }

        int firstMissing() {
            int index = 0;
            while (bytes.get(index * LEAF_BYTES) != MISSING) {
                index++;
            }
            return index;
        }
    }

    /**
     * @param trackCount tracks of the track space, at least 1
     */
    public ContentDigest(int trackCount) {
        if (trackCount < 1) {
            throw new IllegalArgumentException("track count: expected at least 1, found " + trackCount);
        }
        this.trackCount = trackCount;
        this.missingTracks = trackCount;
        this.chunks = new Object[(trackCount - 1) / CHUNK_TRACKS + 1];
    }

    /** Tracks that have not been set. */
    public int missingTracks() {
        return missingTracks;
    }

    /** True when a track's leaf can no longer be set. */
    public boolean isFolded(int track) {
        checkRange(track, 1);
        return chunks[track / CHUNK_TRACKS] instanceof byte[];
    }

    /**
     * Sets, or replaces, the leaf of one track.
     *
     * @param checksum {@link TrackChecksum} of its raw bytes, for {@link TrackKind#ZERO} too; of {@link TrackKind#PARTIAL} what
     *     {@link UnreadableMap#leaf} makes of it; not looked at for other skipped kinds
     * @throws IllegalStateException when the chunk of the track is folded
     */
    public void set(int track, TrackKind kind, long checksum) {
        checkRange(track, 1);
        setInChunk(track / CHUNK_TRACKS, track % CHUNK_TRACKS, 1, hashedKind(kind), leaf(kind, checksum));
    }

    /**
     * Sets, or replaces, the leaves of tracks that are all alike. Immediate however many they are.
     *
     * @param kind a kind that is skipped
     * @param rawBytes length of each of these tracks; matters for {@link TrackKind#ZERO} only
     * @throws IllegalStateException when a chunk of them is folded; then none is set
     */
    public void setRange(int firstTrack, int count, TrackKind kind, int rawBytes) {
        checkRange(firstTrack, count);
        if (kind.isEncoded()) {
            throw new IllegalArgumentException("kind of a range: expected one that is skipped, found " + kind);
        }
        int endTrack = firstTrack + count;
        for (int track = firstTrack; track < endTrack; track = chunkEnd(track, endTrack)) {
            checkOpen(track / CHUNK_TRACKS);
        }
        byte hashedKind = hashedKind(kind);
        long leaf = leaf(kind, kind == TrackKind.ZERO ? TrackChecksum.ofZeros(rawBytes) : 0);
        for (int track = firstTrack; track < endTrack; track = chunkEnd(track, endTrack)) {
            int tracks = chunkEnd(track, endTrack) - track;
            setInChunk(track / CHUNK_TRACKS, track % CHUNK_TRACKS, tracks, hashedKind, leaf);
        }
    }

    /**
     * As {@link #setRange(int, int, TrackKind, int)}, for tracks whose lengths may differ (the last one of a region may be short).
     *
     * @param rawBytesOf length of a track by its number; asked for {@link TrackKind#ZERO} only
     */
    public void setRange(int firstTrack, int count, TrackKind kind, IntUnaryOperator rawBytesOf) {
        checkRange(firstTrack, count);
        if (kind != TrackKind.ZERO) {
            setRange(firstTrack, count, kind, 0);
            return;
        }
        int endTrack = firstTrack + count;
        int track = firstTrack;
        while (track < endTrack) {
            int rawBytes = rawBytesOf.applyAsInt(track);
            int sameEnd = track + 1;
            while (sameEnd < endTrack && rawBytesOf.applyAsInt(sameEnd) == rawBytes) {
                sameEnd++;
            }
            setRange(track, sameEnd - track, kind, rawBytes);
            track = sameEnd;
        }
    }

    /**
     * The content digest, 32 bytes. Leaves may still be set afterwards.
     *
     * @throws IllegalStateException when tracks are missing
     */
    public byte[] digest() {
        if (missingTracks > 0) {
            throw new IllegalStateException(missingTracks + " tracks have no leaf, the first is " + firstMissing());
        }
        var all = sha256();
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            all.update(chunkDigest(chunk));
        }
        return all.digest();
    }

    private void setInChunk(int chunk, int index, int tracks, byte kind, long leaf) {
        checkOpen(chunk);
        if (tracks == chunkTracks(chunk)) {
            setWholeChunk(chunk, kind, leaf);
            return;
        }
        Leaves leaves = leavesOf(chunk);
        boolean wasComplete = leaves.missing == 0;
        for (int i = index; i < index + tracks; i++) {
            missingTracks -= leaves.set(i, kind, leaf) ? 1 : 0;
        }
        if (leaves.missing == 0 && !wasComplete) {
            keep(chunk);
        }
    }

    private void setWholeChunk(int chunk, byte kind, long leaf) {
        if (chunks[chunk] == null) {
            missingTracks -= chunkTracks(chunk);
        } else if (chunks[chunk] instanceof Leaves leaves) {
            missingTracks -= leaves.missing;
        }
        if (lastUniform == null || lastUniform.kind != kind || lastUniform.leaf != leaf) {
            lastUniform = new Uniform(
                    kind,
                    leaf,
                    sha256.digest(uniformLeaves(CHUNK_TRACKS, kind, leaf).bytes.array()));
        }
        chunks[chunk] = lastUniform;
    }

    private Leaves leavesOf(int chunk) {
        if (chunks[chunk] instanceof Leaves leaves) {
            return leaves;
        }
        Leaves leaves;
        if (chunks[chunk] instanceof Uniform uniform) {
            leaves = uniformLeaves(chunkTracks(chunk), uniform.kind, uniform.leaf);
            keep(chunk);
        } else {
            leaves = new Leaves(chunkTracks(chunk));
        }
        chunks[chunk] = leaves;
        return leaves;
    }

    private static Leaves uniformLeaves(int tracks, byte kind, long leaf) {
        var leaves = new Leaves(tracks);
        for (int i = 0; i < tracks; i++) {
            leaves.set(i, kind, leaf);
        }
        return leaves;
    }

    private void keep(int chunk) {
        complete.addLast(chunk);
        if (complete.size() > KEPT_CHUNKS) {
            int oldest = complete.removeFirst();
            // It may have become uniform since, which needs no room, or be waiting a second time.
            if (chunks[oldest] instanceof Leaves) {
                chunks[oldest] = chunkDigest(oldest);
            }
        }
    }

    private byte[] chunkDigest(int chunk) {
        if (chunks[chunk] instanceof byte[] folded) {
            return folded;
        }
        if (chunks[chunk] instanceof Uniform uniform) {
            int tracks = chunkTracks(chunk);
            return tracks == CHUNK_TRACKS
                    ? uniform.wholeDigest
                    : sha256.digest(uniformLeaves(tracks, uniform.kind, uniform.leaf)
                            .bytes
                            .array());
        }
        return sha256.digest(((Leaves) chunks[chunk]).bytes.array());
    }

    private int firstMissing() {
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            if (chunks[chunk] == null) {
                return chunk * CHUNK_TRACKS;
            }
            if (chunks[chunk] instanceof Leaves leaves && leaves.missing > 0) {
                return chunk * CHUNK_TRACKS + leaves.firstMissing();
            }
        }
        throw new IllegalStateException("no track is missing");
    }

    private void checkOpen(int chunk) {
        if (chunks[chunk] instanceof byte[]) {
            throw new IllegalStateException("tracks from " + chunk * CHUNK_TRACKS + " on are folded into their digest");
        }
    }

    private void checkRange(int firstTrack, int count) {
        if (firstTrack < 0 || count < 0 || firstTrack > trackCount - count) {
            throw new IllegalArgumentException("tracks: expected within 0 to " + (trackCount - 1) + ", found " + count
                    + " from " + firstTrack + " on");
        }
    }

    private int chunkTracks(int chunk) {
        return Math.min(CHUNK_TRACKS, trackCount - chunk * CHUNK_TRACKS);
    }

    private static int chunkEnd(int track, int endTrack) {
        int inChunk = CHUNK_TRACKS - track % CHUNK_TRACKS;
        return inChunk < endTrack - track ? track + inChunk : endTrack;
    }

    private static byte hashedKind(TrackKind kind) {
        return switch (kind) {
            case DATA, ZERO -> 0;
            case UNUSED -> 1;
            case UNREADABLE -> 2;
            case PARTIAL -> 3;
        };
    }

    private static long leaf(TrackKind kind, long checksum) {
        return switch (kind) {
            case DATA, ZERO, PARTIAL -> checksum;
            case UNUSED -> UNUSED_LEAF;
            case UNREADABLE -> UNREADABLE_LEAF;
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
