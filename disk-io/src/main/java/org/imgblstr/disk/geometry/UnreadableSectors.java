package org.imgblstr.disk.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.UnreadableMap;

/**
 * Collects which sectors of a source disk could not be read: how many, and where the first ones are. Memory is bounded however many there
 * are. Each track is added once, in any order. One thread.
 */
public final class UnreadableSectors {
    /** Ranges that are kept, those with the lowest numbers. */
    public static final int MOST_RANGES = 1000;

    /** Ranges that a line for a person names. */
    private static final int MOST_SHOWN = 5;

    private final TrackSpace space;
    private final TreeMap<Long, Long> endOfFirst = new TreeMap<>();
    private int tracks;
    private long sectors;
    private boolean isCut;

    /**
     * Sectors of the source disk without one between them that was read.
     *
     * @param firstLba number of the first
     * @param sectorCount how many, at least 1
     */
    public record Range(long firstLba, long sectorCount) {
        @Override
        public String toString() {
            return sectorCount == 1 ? "LBA " + firstLba : "LBA " + firstLba + " to " + (firstLba + sectorCount - 1);
        }
    }

    public UnreadableSectors(TrackSpace space) {
        this.space = space;
    }

    /** Adds what one track lacks. */
    public void add(int track, UnreadableMap map) {
        tracks++;
        int sectorBytes = space.geometry().sectorBytes();
        long lba = space.sourceLba(track);
        map.forEachRange(
                (from, end) -> add(lba + from / sectorBytes, lba + ((long) end + sectorBytes - 1) / sectorBytes));
    }

    /** Adds tracks of which nothing was read. */
    public void addTracks(int firstTrack, int count) {
        tracks += count;
        int track = firstTrack;
        while (track < firstTrack + count) {
            int regionEnd = Math.min(firstTrack + count, space.endTrackOf(space.regionIndexOf(track)));
            add(space.sourceLba(track), space.sourceLba(regionEnd - 1) + space.sectorCount(regionEnd - 1));
            track = regionEnd;
        }
    }

    private void add(long first, long end) {
        sectors += end - first;
        long joinedFirst = first;
        long joinedEnd = end;
        Map.Entry<Long, Long> before = endOfFirst.floorEntry(first);
        if (before != null && before.getValue() >= first) {
            joinedFirst = before.getKey();
            joinedEnd = Math.max(end, before.getValue());
        }
        Long after = endOfFirst.remove(end);
        endOfFirst.put(joinedFirst, after == null ? joinedEnd : after);
        if (endOfFirst.size() > MOST_RANGES) {
            endOfFirst.pollLastEntry();
            isCut = true;
        }
    }

    public boolean isEmpty() {
        return sectors == 0;
    }

    /** How many tracks lack something. */
    public int tracks() {
        return tracks;
    }

    /** How many sectors. */
    public long sectors() {
        return sectors;
    }

    /** Bytes of them. */
    public long bytes() {
        return sectors * space.geometry().sectorBytes();
    }

    /** The ranges with the lowest numbers, ascending. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        endOfFirst.forEach((first, end) -> ranges.add(new Range(first, end - first)));
        return ranges;
    }

    /** Whether there are more than {@link #ranges}. */
    public boolean isCut() {
        return isCut;
    }

    /** Count and the first ranges, for a person. */
    @Override
    public String toString() {
        List<Range> all = ranges();
        int shown = Math.min(MOST_SHOWN, all.size());
        StringBuilder text = new StringBuilder(sectors == 1 ? "1 sector" : sectors + " sectors");
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? ": " : ", ").append(all.get(i));
        }
        return text.append(isCut || all.size() > shown ? " and more" : "").toString();
    }
}
