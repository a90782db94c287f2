package org.imgblstr.protocol.master.tracks;

import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.manifest.Manifest;

/** What kind each track turned out to be, for tracks that the pass has reached. A bit for each track and kind. One thread. */
public final class KindMap implements Manifest.Kinds {
    /** Tracks between two marks of {@link #dataBefore(int)}. */
    private static final int MARK_TRACKS = 1024;

    private final BitSet data = new BitSet();
    /** Of those in {@link #data}: some of their sectors could not be read. */
    private final BitSet partial = new BitSet();

    private final BitSet zero = new BitSet();
    private final BitSet unreadable = new BitSet();
    private int endTrack;
    private int dataCount;
    private int usedCount;

    /** Data tracks before each multiple of {@link #MARK_TRACKS} that was reached. */
    private int[] dataAtMark = new int[1];

    /** The same of tracks that are not unused. */
    private int[] usedAtMark = new int[1];

    /** First track that the pass has not reached. */
    @Override
    public int endTrack() {
        return endTrack;
    }

    public int dataCount() {
        return dataCount;
    }

    /** Notes that the next {@code count} tracks are of one kind. */
    public void append(int count, TrackKind kind) {
        int end = endTrack + count;
        switch (kind) {
            case DATA, PARTIAL -> {
                data.set(endTrack, end);
                dataCount += count;
                partial.set(endTrack, end, kind == TrackKind.PARTIAL);
            }
            case ZERO -> zero.set(endTrack, end);
            case UNREADABLE -> unreadable.set(endTrack, end);
            case UNUSED -> {}
        }
        usedCount += kind == TrackKind.UNUSED ? 0 : count;
        mark(end, kind);
        endTrack = end;
    }

    private void mark(int end, TrackKind kind) {
        int reached = end / MARK_TRACKS;
        if (reached >= dataAtMark.length) {
            int marks = Math.max(reached + 1, 2 * dataAtMark.length);
            dataAtMark = Arrays.copyOf(dataAtMark, marks);
            usedAtMark = Arrays.copyOf(usedAtMark, marks);
        }
        for (int mark = endTrack / MARK_TRACKS + 1; mark <= reached; mark++) {
            int beyond = end - mark * MARK_TRACKS;
            dataAtMark[mark] = dataCount - (kind.isEncoded() ? beyond : 0);
            usedAtMark[mark] = usedCount - (kind == TrackKind.UNUSED ? 0 : beyond);
        }
    }

    /** Data tracks among the tracks before {@code track}, as far as the pass has reached them. */
    public int dataBefore(int track) {
        int end = Math.min(track, endTrack);
        int mark = end / MARK_TRACKS;
        int count = dataAtMark[mark];
        int at = data.nextSetBit(mark * MARK_TRACKS);
        while (at >= 0 && at < end) {
            count++;
            at = data.nextSetBit(at + 1);
        }
        return count;
    }

    /** Tracks before {@code track} that are not unused, as far as the pass has reached them. */
    public int usedBefore(int track) {
        int end = Math.min(track, endTrack);
        int mark = end / MARK_TRACKS;
        int count = usedAtMark[mark];
        int at = mark * MARK_TRACKS;
        while (at < end) {
            int runEnd = runEnd(at, end);
            count += kindOf(at) == TrackKind.UNUSED ? 0 : runEnd - at;
            at = runEnd;
        }
        return count;
    }

    /** {@code track}: below {@link #endTrack}. */
    @Override
    public TrackKind kindOf(int track) {
        if (data.get(track)) {
            return partial.get(track) ? TrackKind.PARTIAL : TrackKind.DATA;
        }
        if (zero.get(track)) {
            return TrackKind.ZERO;
        }
        return unreadable.get(track) ? TrackKind.UNREADABLE : TrackKind.UNUSED;
    }

    /** First track after {@code track} of another kind, at most {@code limit}; data and partial count as one kind. */
    public int runEnd(int track, int limit) {
        int end =
                switch (kindOf(track)) {
                    case DATA, PARTIAL -> data.nextClearBit(track);
                    case ZERO -> zero.nextClearBit(track);
                    case UNREADABLE -> unreadable.nextClearBit(track);
                    case UNUSED -> firstSetFrom(track, limit);
                };
        return Math.min(end, limit);
    }

    private int firstSetFrom(int track, int limit) {
        int first = limit;
        for (BitSet set : new BitSet[] {data, zero, unreadable}) {
            int next = set.nextSetBit(track);
            if (next >= 0) {
                first = Math.min(first, next);
            }
        }
        return first;
    }
}
