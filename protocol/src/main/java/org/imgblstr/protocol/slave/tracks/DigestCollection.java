package org.imgblstr.protocol.slave.tracks;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;

/** The digest tracks that a slave collects before it asks for anything else, and how far the comparison has come. One thread. */
final class DigestCollection {
    private final int trackCount;
    private final int endTrack;
    private final SlotPool slots;
    private final boolean isComparing;
    private final IntPredicate isWanted;
    private final BitSet received = new BitSet();

    /** Of those: what they say is not known yet. */
    private final BitSet beingRead = new BitSet();

    private final Map<Integer, TrackSlot> partial = new HashMap<>();
    private int comparedTracks;

    /**
     * For one image.
     *
     * @param isComparing whether all digest tracks are needed, as the disk may hold something already
     * @param isWanted whether tracks wait for a digest track, even for one that came before
     */
    DigestCollection(int trackCount, SlotPool slots, boolean isComparing, IntPredicate isWanted) {
        this.isComparing = isComparing;
        this.isWanted = isWanted;
        this.trackCount = trackCount;
        this.endTrack = trackCount + DigestTracks.count(trackCount);
        this.slots = slots;
    }

    /** Takes symbols of a digest track. Returns its slot when it is complete, else null. */
    TrackSlot add(SymbolRun run) {
        int track = run.track();
        boolean isNeeded = !received.get(track) || (!beingRead.get(track) && isWanted.test(track));
        if (!isNeeded || run.sourceSymbols() > slots.maxSymbolCount()) {
            return null;
        }
        TrackSlot slot = partial.get(track);
        if (slot != null && !slot.isSameEncoding(run)) {
            slots.give(partial.remove(track));
            slot = null;
        }
        if (slot == null) {
            slot = slots.take(track, run.generation(), run.sourceSymbols());
            if (slot == null) {
                return null;
            }
            partial.put(track, slot);
        }
        if (!slot.add(run) || slot.deficit() > 0) {
            return null;
        }
        partial.remove(track);
        received.set(track);
        beingRead.set(track);
        return slot;
    }

    /** A digest track was of no use: it is asked for again. */
    void ask(int track) {
        received.clear(track);
        beingRead.clear(track);
    }

    /** What a digest track says is known. */
    void onRead(int track) {
        beingRead.clear(track);
    }

    void onCompared(int tracks) {
        comparedTracks += tracks;
    }

    /** Whether the whole disk has been compared. */
    boolean isCompared() {
        return comparedTracks == trackCount;
    }

    /**
     * Asks for digest tracks that are missing, as far as there is room in the request.
     *
     * @param closedEnd only for those whose tracks lie all before this one
     */
    void addRecords(ResendRequestFlyweight request, int closedEnd) {
        int track = trackCount;
        while (track < endTrack && DigestTracks.endTrack(track, trackCount) <= closedEnd && !request.isFull()) {
            if (!beingRead.get(track) && (isWanted.test(track) || (isComparing && !received.get(track)))) {
                TrackSlot slot = partial.get(track);
                request.add(track, 1, slot == null ? 0 : slot.deficit(), slot == null ? 0 : slot.generation());
            }
            track++;
        }
    }
}
