package org.imgblstr.protocol.slave.tracks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * What a slave knows of chains: which links wait in their slots for others, and which tracks it can only use alone. Two bits a track. One
 * thread. Source: docs/decisions/15-chains.md.
 */
public final class ChainLinks {
    /** How a track of which nothing is here is asked for. */
    public enum Want {
        /** Whatever the master has, when it suits it. */
        ANY(0, SectorDataFlyweight.LINK),
        /** Links wait for it. */
        SOON(ResendRequestFlyweight.ALL_NOW, SectorDataFlyweight.LINK),
        /** A link would be of no use. */
        ALONE(0, SectorDataFlyweight.ALONE);

        private final int symbols;
        private final int generation;

        Want(int symbols, int generation) {
            this.symbols = symbols;
            this.generation = generation;
        }

        /** For a record of a Resend Request. */
        public int symbols() {
            return symbols;
        }

        /** For a record of a Resend Request. */
        public int generation() {
            return generation;
        }
    }

    private final BitSet wantedAlone = new BitSet();
    private final BitSet held = new BitSet();
    /** Links that wait, and the track that their chain begins with. */
    private final TreeMap<Integer, Integer> waiting = new TreeMap<>();

    /** A link is kept until those before it have come. */
    public void onWaiting(int track, int chainStart) {
        waiting.put(track, chainStart);
    }

    public void onWritten(int track) {
        waiting.remove(track);
    }

    /** The disk had this track before, so no decoder reads this link. */
    public void onHeld(int track) {
        held.set(track);
    }

    public void wantAlone(int track) {
        wantedAlone.set(track);
        waiting.remove(track);
    }

    /** Whether a link would be of no use as the encoding of a track: it was tried in vain, or what it gave was wrong. */
    public boolean isWantedAlone(int track) {
        return wantedAlone.get(track);
    }

    /** Whether all tracks are wanted in the same way. */
    public boolean areNone() {
        return waiting.isEmpty() && wantedAlone.isEmpty() && held.isEmpty();
    }

    public Want wantOf(int track) {
        if (wantedAlone.get(track) || isAnyHeldBefore(track)) {
            return Want.ALONE;
        }
        Map.Entry<Integer, Integer> next = waiting.higherEntry(track);
        return next != null && next.getValue() <= track ? Want.SOON : Want.ANY;
    }

    private boolean isAnyHeldBefore(int track) {
        int first = held.nextSetBit(EncodedTrack.groupStart(track));
        return first >= 0 && first < track;
    }

    /**
     * For each chain, the first waiting link that can no longer be decoded in time:
     * <ul>
     *   <li>every track before it is here, and none of them is the link that it needs;
     *   <li>a track that is missing will not be sent again before the catch-up;
     *   <li>the waiting links take too many slots.
     * </ul>
     * Each link is given once.
     */
    public List<Integer> hopeless(TrackTable tracks, int slotCount) {
        List<Integer> hopeless = new ArrayList<>();
        int firstRepaired = Math.max(tracks.firstHeard(), tracks.firstRepaired());
        boolean isShort = !waiting.isEmpty() && (!tracks.hasRoom() || waiting.size() > slotCount / 2);
        int chain = -1;
        for (Map.Entry<Integer, Integer> link : waiting.entrySet()) {
            int missing = tracks.nextUnsettled(link.getValue(), link.getKey());
            boolean isAllHere = missing == link.getKey();
            boolean isLost = tracks.slotOf(missing) == null && (missing < firstRepaired || isShort);
            if (link.getValue() != chain && (isAllHere || isLost)) {
                chain = link.getValue();
                hopeless.add(link.getKey());
            }
        }
        hopeless.forEach(waiting::remove);
        return hopeless;
    }
}
