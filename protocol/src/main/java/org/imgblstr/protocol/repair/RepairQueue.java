package org.imgblstr.protocol.repair;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * The master's resend list (FIG. 3 box 307): what slaves lack, merged by the maximum per track, lowest track first. Whole tracks are a bit
 * each, so that one late slave that lacks everything costs no more than a bit map.
 */
public final class RepairQueue {
    /** Marks a track of which all source symbols are needed. */
    public static final int WHOLE = Integer.MAX_VALUE;

    private final BitSet wholeTracks = new BitSet();
    private final BitSet aloneTracks = new BitSet();
    private final TreeMap<Integer, Integer> deficits = new TreeMap<>();
    private int wholeCount;

    /** Adds a need of {@code symbols} more symbols, or {@link #WHOLE}. */
    public void add(int track, int symbols) {
        if (symbols == WHOLE) {
            if (!wholeTracks.get(track)) {
                wholeTracks.set(track);
                wholeCount++;
            }
            deficits.remove(track);
        } else if (!wholeTracks.get(track)) {
            deficits.merge(track, symbols, Math::max);
        }
    }

    /** Somebody cannot use a track as a link: it is to be sent alone. */
    public void onlyAlone(int track) {
        aloneTracks.set(track);
    }

    /** {@link SectorDataFlyweight#ALONE} when the track has to be sent alone, else {@link SectorDataFlyweight#LINK}. */
    public int leastGeneration(int track) {
        return aloneTracks.get(track) ? SectorDataFlyweight.ALONE : SectorDataFlyweight.LINK;
    }

    public boolean isEmpty() {
        return wholeCount == 0 && deficits.isEmpty();
    }

    /** Tracks in the queue. */
    public int size() {
        return wholeCount + deficits.size();
    }

    /** Lowest track at or after {@code fromTrack}, or -1. */
    public int next(int fromTrack) {
        int whole = wholeTracks.nextSetBit(fromTrack);
        Map.Entry<Integer, Integer> deficit = deficits.ceilingEntry(fromTrack);
        if (deficit == null) {
            return whole;
        }
        return whole < 0 ? deficit.getKey() : Math.min(whole, deficit.getKey());
    }

    /** Lowest track at or after {@code fromTrack} that is not needed as a whole, or -1. */
    public int nextPart(int fromTrack) {
        Integer part = deficits.ceilingKey(fromTrack);
        return part == null ? -1 : part;
    }

    /** What a track needs: symbols, {@link #WHOLE}, or 0 when it is not in the queue. */
    public int need(int track) {
        return wholeTracks.get(track) ? WHOLE : deficits.getOrDefault(track, 0);
    }

    public void remove(int track) {
        if (wholeTracks.get(track)) {
            wholeTracks.clear(track);
            wholeCount--;
        }
        deficits.remove(track);
        aloneTracks.clear(track);
    }

    /** Drops everything: slaves say again what they lack. */
    public void clear() {
        wholeTracks.clear();
        deficits.clear();
        aloneTracks.clear();
        wholeCount = 0;
    }
}
