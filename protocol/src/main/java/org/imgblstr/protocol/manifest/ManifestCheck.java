package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.Signing;

/**
 * The manifest as a slave checks it: each track that came is held against the digest track that the master has signed, whichever of the two comes
 * first. What nobody has judged yet is bounded. One thread. Specification: docs/security.md, section 7.
 */
public final class ManifestCheck {
    /** Chunks of which tracks, or the digest track, wait for the other: 4 MiB. */
    static final int MOST_CHUNKS = 64;

    /** Told what became of tracks, within the calls that bring them and digest tracks. Ranges: from a track to before another. */
    public interface Verdicts {
        /** They are what the master sent. */
        void onRight(int firstTrack, int endTrack);

        /** They are not what the master sent: they are missing. */
        void onRefused(int firstTrack, int endTrack);

        /** There is no room any more to remember what they are: they are missing, and nobody is to blame. */
        void onForgotten(int firstTrack, int endTrack);
    }

    private final int trackCount;
    private final ManifestSignature signature;
    private final Verdicts verdicts;
    private final TreeMap<Integer, Chunk> chunks = new TreeMap<>();
    private final BitSet right = new BitSet();
    private final byte[][] hashes;
    private int signedChunks;
    private int rightCount;

    private static final class Chunk {
        /** What the master has signed; null before. */
        private byte[] signed;

        /** What came. */
        private final byte[] found;

        private final BitSet waiting = new BitSet();
        private final BitSet unhashed = new BitSet();

        private Chunk(int entryBytes) {
            found = new byte[entryBytes];
        }
    }

    public ManifestCheck(int trackCount, ManifestSignature signature, Verdicts verdicts) {
        this.trackCount = trackCount;
        this.signature = signature;
        this.verdicts = verdicts;
        this.hashes = new byte[ManifestTracks.count(trackCount)][];
    }

    /**
     * A track with bytes has come.
     *
     * @param kind DATA or PARTIAL
     * @param digest 32 bytes: SHA-256 of its raw bytes, and of the map of a partial one behind them
     * @return false when there is no room for it: it counts as not received
     */
    public boolean onTrack(int track, TrackKind kind, byte[] digest) {
        return take(track, track + 1, kind, digest, false);
    }

    /** A track with bytes has come while nobody but this slave had the keys: its digest is not known, and only its kind is compared. */
    public boolean onUnhashedTrack(int track, TrackKind kind) {
        return take(track, track + 1, kind, new byte[Hashing.DIGEST_BYTES], true);
    }

    /** A skip range has come. Returns false when there is no room for some of it, which counts as not received: {@link Verdicts#onForgotten} says which. */
    public boolean onSkipped(int firstTrack, int endTrack, TrackKind kind) {
        boolean isTaken = true;
        int from = firstTrack;
        while (from < endTrack) {
            int end = Math.min(endTrack, ManifestTracks.endTrack(from / ManifestTracks.CHUNK_TRACKS, trackCount));
            if (!take(from, end, kind, null, false)) {
                isTaken = false;
                verdicts.onForgotten(from, end);
            }
            from = end;
        }
        return isTaken;
    }

    /** {@code digest}: null when tracks of that kind have none. All of one chunk. */
    private boolean take(int firstTrack, int endTrack, TrackKind kind, byte[] digest, boolean isUnhashed) {
        if (right.nextClearBit(firstTrack) >= endTrack) {
            return true;
        }
        int number = firstTrack / ManifestTracks.CHUNK_TRACKS;
        Chunk chunk = chunk(number);
        if (chunk == null) {
            return false;
        }
        int begin = ManifestTracks.firstTrack(number);
        for (int track = right.nextClearBit(firstTrack); track < endTrack; track = right.nextClearBit(track + 1)) {
            int index = track - begin;
            Arrays.fill(
                    chunk.found, index * ManifestTracks.ENTRY_BYTES, (index + 1) * ManifestTracks.ENTRY_BYTES, (byte)
                            0);
            ManifestTracks.put(chunk.found, index, kind, digest, 0);
            chunk.waiting.set(index);
            chunk.unhashed.set(index, isUnhashed);
        }
        judge(number, chunk);
        return true;
    }

    /** The chunk of this number, opened when there is room; one that is further on and has only tracks makes room for it. Null when there is none. */
    private Chunk chunk(int number) {
        Chunk known = chunks.get(number);
        if (known != null) {
            return known;
        }
        if (chunks.size() >= MOST_CHUNKS && !makeRoomFor(number)) {
            return null;
        }
        Chunk opened = new Chunk(ManifestTracks.entryBytes(number, trackCount));
        chunks.put(number, opened);
        return opened;
    }

    /** The pass goes up: what came of tracks far ahead of it is what somebody has made up, or can come again. */
    private boolean makeRoomFor(int number) {
        for (Map.Entry<Integer, Chunk> last :
                chunks.tailMap(number, false).descendingMap().entrySet()) {
            Chunk chunk = last.getValue();
            if (chunk.signed == null) {
                int begin = ManifestTracks.firstTrack(last.getKey());
                chunks.remove(last.getKey());
                forEachRun(chunk.waiting, (from, end) -> verdicts.onForgotten(begin + from, begin + end));
                return true;
            }
        }
        return false;
    }

    /**
     * A digest track has come.
     *
     * @param raw its raw bytes, position to limit
     * @return false when the master has not signed it, or there is no room for it: it counts as not received
     */
    public boolean onDigestTrack(int digestTrack, ByteBuffer raw) {
        int number = digestTrack - trackCount;
        byte[] entries = new byte[ManifestTracks.entryBytes(number, trackCount)];
        if (raw.remaining() != entries.length + Signing.SIGNATURE_BYTES) {
            return false;
        }
        byte[] signed = new byte[Signing.SIGNATURE_BYTES];
        raw.duplicate().get(entries).get(signed);
        byte[] hash = signature.hash(entries);
        if (!ManifestTracks.isSound(entries) || !signature.isSigned(digestTrack, hash, signed)) {
            return false;
        }
        if (isWhole(number)) {
            return true;
        }
        Chunk chunk = chunk(number);
        if (chunk == null) {
            return false;
        }
        if (hashes[number] == null) {
            hashes[number] = hash;
            signedChunks++;
        }
        chunk.signed = entries;
        judge(number, chunk);
        return true;
    }

    private void judge(int number, Chunk chunk) {
        if (chunk.signed == null) {
            return;
        }
        int begin = ManifestTracks.firstTrack(number);
        BitSet good = new BitSet();
        for (int i = chunk.waiting.nextSetBit(0); i >= 0; i = chunk.waiting.nextSetBit(i + 1)) {
            boolean isKind =
                    chunk.found[i * ManifestTracks.ENTRY_BYTES] == chunk.signed[i * ManifestTracks.ENTRY_BYTES];
            good.set(i, chunk.unhashed.get(i) ? isKind : ManifestTracks.isSame(chunk.found, chunk.signed, i));
        }
        BitSet bad = (BitSet) chunk.waiting.clone();
        bad.andNot(good);
        chunk.waiting.clear();
        forEachRun(good, (from, end) -> right.set(begin + from, begin + end));
        rightCount += good.cardinality();
        if (isWhole(number)) {
            chunks.remove(number);
        }
        forEachRun(good, (from, end) -> verdicts.onRight(begin + from, begin + end));
        forEachRun(bad, (from, end) -> verdicts.onRefused(begin + from, begin + end));
    }

    private interface Run {
        void accept(int from, int end);
    }

    private static void forEachRun(BitSet set, Run run) {
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int end = set.nextClearBit(from);
            run.accept(from, end);
            from = set.nextSetBit(end);
        }
    }

    private boolean isWhole(int number) {
        int end = ManifestTracks.endTrack(number, trackCount);
        return right.nextClearBit(ManifestTracks.firstTrack(number)) >= end;
    }

    /** Whether a digest track is lacked: a signed one has not come, or what it says was forgotten and is still needed. */
    public boolean isWanted(int digestTrack) {
        int number = digestTrack - trackCount;
        Chunk chunk = chunks.get(number);
        return !isWhole(number) && (chunk == null || chunk.signed == null);
    }

    /** Whether a track is what the master sent. */
    public boolean isRight(int track) {
        return right.get(track);
    }

    /** Whether every track is what the master sent: D is known. */
    public boolean isWhole() {
        return rightCount == trackCount && signedChunks == hashes.length;
    }

    /** D, 32 bytes. Once {@link #isWhole()}. */
    public byte[] root() {
        if (!isWhole()) {
            throw new IllegalStateException(rightCount + " of " + trackCount + " tracks are right");
        }
        return signature.root(trackCount, hashes);
    }
}
