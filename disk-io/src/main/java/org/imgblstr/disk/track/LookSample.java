package org.imgblstr.disk.track;

import java.util.BitSet;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import org.imgblstr.disk.geometry.TrackSpace;

/** Which groups of tracks a last look reads when it does not read all. Used once, by one thread. Source: docs/targets.md, section 6. */
final class LookSample {
    /** Tracks of each kind that are taken at least, and at most: 16 MiB and 1 GiB. */
    static final int LEAST_SPREAD = 64;

    static final int MOST_SPREAD = 4096;

    /** Capacities that are looked for by pairs of tracks: parts of the space, as n out of this. */
    private static final int PARTS = 12;

    /** Powers of two that are looked for: from this part of the space on. What is smaller destroys nearly everything. */
    private static final int LEAST_PART = 256;

    private final TrackSpace space;
    private final int groupTracks;
    private final RandomGenerator random;
    private final BitSet groups = new BitSet();

    LookSample(TrackSpace space, int groupTracks, RandomGenerator random) {
        this.space = space;
        this.groupTracks = groupTracks;
        this.random = random;
    }

    BitSet groups() {
        return groups;
    }

    private void add(int track) {
        groups.set(track / groupTracks);
    }

    /** The first and the last track of each region that are known, and denser towards the ends of all than in the middle. */
    void addEnds(BitSet known) {
        for (int region = 0; region < space.regions().size(); region++) {
            addFirstAndLast(known, space.firstTrackOf(region), space.endTrackOf(region));
        }
        int first = known.nextSetBit(0);
        int last = known.length() - 1;
        for (int distance = 1; first >= 0 && distance <= (last - first) / 2; distance *= 2) {
            add(known.nextSetBit(first + distance + random.nextInt(distance)));
            add(known.previousSetBit(last - distance - random.nextInt(distance)));
        }
    }

    private void addFirstAndLast(BitSet known, int firstTrack, int endTrack) {
        int first = known.nextSetBit(firstTrack);
        if (first >= 0 && first < endTrack) {
            add(first);
            add(known.previousSetBit(endTrack - 1));
        }
    }

    /** One track by chance from each of as many equal parts as twice the root of all: no run of two such parts is without one. */
    void addSpread(BitSet tracks) {
        int count = tracks.cardinality();
        int wanted = Math.min(count, (spread(count) - 1) / groupTracks + 1);
        int part = 0;
        int rank = 0;
        int next = wanted == 0 ? -1 : rankIn(part, wanted, count);
        for (int track = tracks.nextSetBit(0); track >= 0 && part < wanted; track = tracks.nextSetBit(track + 1)) {
            if (rank++ == next) {
                add(track);
                next = rankIn(++part, wanted, count);
            }
        }
    }

    private int rankIn(int part, int parts, int count) {
        int from = (int) ((long) count * part / parts);
        int to = (int) ((long) count * (part + 1) / parts);
        return from + random.nextInt(Math.max(1, to - from));
    }

    /** How many of so many tracks are read. */
    static int spread(int count) {
        return (int) Math.max(LEAST_SPREAD, Math.min(MOST_SPREAD, 2 * Math.sqrt(count)));
    }

    /**
     * For each likely false capacity two tracks that would lie in the same place: one of them is not what was written, whichever came first.
     * Likely are powers of two, and simple parts of the space.
     */
    void addAliases(BitSet known, IntToLongFunction sums) {
        int count = space.trackCount();
        for (int distance = Integer.highestOneBit(Math.max(1, count / LEAST_PART));
                distance < count && distance > 0;
                distance *= 2) {
            addPair(known, distance, sums);
        }
        for (int part = 1; part < PARTS; part++) {
            addPair(known, (int) ((long) count * part / PARTS), sums);
        }
        addPair(known, count - 1, sums);
    }

    /** Any two tracks so far apart that differ. */
    private void addPair(BitSet known, int distance, IntToLongFunction sums) {
        int end = space.trackCount() - distance;
        if (distance == 0 || end <= 0) {
            return;
        }
        int start = random.nextInt(end);
        if (!addPair(known, distance, start, end, sums)) {
            addPair(known, distance, 0, start, sums);
        }
    }

    private boolean addPair(BitSet known, int distance, int from, int to, IntToLongFunction sums) {
        for (int track = known.nextSetBit(from); track >= 0 && track < to; track = known.nextSetBit(track + 1)) {
            int other = track + distance;
            boolean isAlike = sums.applyAsLong(track / groupTracks) == sums.applyAsLong(other / groupTracks);
            if (known.get(other) && !isAlike) {
                add(track);
                add(other);
                return true;
            }
        }
        return false;
    }
}
