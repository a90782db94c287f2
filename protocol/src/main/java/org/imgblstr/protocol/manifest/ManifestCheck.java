package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.TrackKind;
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
    private int rightCount;

    private static final class Chunk {
        /** What the master has signed; null before. */
        private byte[] signed;

        /** What came. */
        private final byte[] found;

        private final BitSet waiting = new BitSet();

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
        return take(track, track + 1, kind, digest);
    }

    /** Tracks came while nobody but this slave had a group key: they are what the master sent. */
    public void onTrusted(int firstTrack, int endTrack) {
        int track = right.nextClearBit(firstTrack);
        while (track < endTrack) {
            int end = Math.min(endTrack, endOfClear(track));
            right.set(track, end);
            rightCount += end - track;
            verdicts.onRight(track, end);
            track = right.nextClearBit(end);
        }
        int last = (endTrack - 1) / ManifestTracks.CHUNK_TRACKS;
        for (int number = firstTrack / ManifestTracks.CHUNK_TRACKS; number <= last; number++) {
            if (isWhole(number)) {
                chunks.remove(number);
            }
        }
    }

    private int endOfClear(int track) {
        int next = right.nextSetBit(track);
        return next < 0 ? trackCount : next;
    }

    /** A skip range has come. Returns false when there is no room for some of it, which counts as not received: {@link Verdicts#onForgotten} says which. */
    public boolean onSkipped(int firstTrack, int endTrack, TrackKind kind) {
        boolean isTaken = true;
        int from = firstTrack;
        while (from < endTrack) {
            int end = Math.min(endTrack, ManifestTracks.endTrack(from / ManifestTracks.CHUNK_TRACKS, trackCount));
            if (!take(from, end, kind, null)) {
                isTaken = false;
                verdicts.onForgotten(from, end);
            }
            from = end;
        }
        return isTaken;
    }

    /** {@code digest}: null when tracks of that kind have none. All of one chunk. */
    private boolean take(int firstTrack, int endTrack, TrackKind kind, byte[] digest) {
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

    /**
     * A digest track that nothing waits for can come again. And the pass goes up: what came of tracks far ahead of it is what somebody has made up,
     * or can come again too.
     */
    private boolean makeRoomFor(int number) {
        for (Map.Entry<Integer, Chunk> each : chunks.entrySet()) {
            if (each.getValue().signed != null && each.getValue().waiting.isEmpty()) {
                chunks.remove(each.getKey());
                return true;
            }
        }
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
        hashes[number] = hash;
        if (isWhole(number)) {
            return true;
        }
        Chunk chunk = chunk(number);
        if (chunk == null) {
            return false;
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
            good.set(i, ManifestTracks.isSame(chunk.found, chunk.signed, i));
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

    /** Whether tracks wait for a digest track that has not come, or whose place another one has taken. */
    public boolean isWanted(int digestTrack) {
        Chunk chunk = chunks.get(digestTrack - trackCount);
        return chunk != null && chunk.signed == null && !chunk.waiting.isEmpty();
    }

    /** Whether a track is what the master sent. */
    public boolean isRight(int track) {
        return right.get(track);
    }

    /** Whether every track is what the master sent. */
    public boolean isWhole() {
        return rightCount == trackCount;
    }

    /** D, 32 bytes; null when some digest track was not needed, as its tracks were trusted. Once {@link #isWhole()}. */
    public byte[] root() {
        if (!isWhole()) {
            throw new IllegalStateException(rightCount + " of " + trackCount + " tracks are right");
        }
        for (byte[] hash : hashes) {
            if (hash == null) {
                return null;
            }
        }
        return signature.root(trackCount, hashes);
    }
}
