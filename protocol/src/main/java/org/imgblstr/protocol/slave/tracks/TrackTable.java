package org.imgblstr.protocol.slave.tracks;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.TrackSlot;

/**
 * Which tracks a slave has: done ones, ones with the disk, and half received ones in slots. This is the patent's "good upto" and "missing
 * list". Two bits a track. One thread.
 */
public final class TrackTable {
    /** Tracks over which their mean length is taken. */
    private static final double MEAN_TRACKS = 64;

    private final int trackCount;
    private final SlotPool slots;
    private final BitSet done = new BitSet();
    private final BitSet settled = new BitSet();
    private final Map<Integer, TrackSlot> partial = new HashMap<>();
    private final ChainLinks links = new ChainLinks();
    private final int leastHeld;
    private TrackSlot latest;
    private double meanSymbols;
    private int doneCount;
    private int settledCount;
    private int goodUpTo;
    private int firstHeard = -1;
    private int endTrack;
    private int closedEnd;

    /** {@code leastHeld}: tracks behind the newest that the master holds at least, if they are as long as tracks can be. */
    public TrackTable(int trackCount, SlotPool slots, int leastHeld) {
        this.trackCount = trackCount;
        this.slots = slots;
        this.leastHeld = leastHeld;
    }

    /** Notes that the master is at {@code track} in its pass: tracks before it are closed, as is this one when {@code isFlush}. */
    public void onHeardOf(int track, boolean isFlush) {
        if (firstHeard < 0) {
            firstHeard = track;
        }
        if (track >= endTrack) {
            endTrack = track + 1;
        }
        if (track >= closedEnd) {
            closedEnd = isFlush ? track + 1 : track;
        }
    }

    /** Notes that all tracks before {@code end} were sent. */
    public void onSentUpTo(int end) {
        endTrack = Math.max(endTrack, end);
        closedEnd = Math.max(closedEnd, end);
    }

    /** The links of chains among the tracks. */
    public ChainLinks links() {
        return links;
    }

    /** The first track that the master was heard to be at, or -1: those before it are not sent again while the pass runs. */
    public int firstHeard() {
        return firstHeard;
    }

    /** Whether a track needs no more symbols: it is done or with the disk. */
    public boolean isSettled(int track) {
        return settled.get(track);
    }

    /** First track at or after {@code track} that still needs something, at most {@code limit}. */
    public int nextUnsettled(int track, int limit) {
        return Math.min(limit, settled.nextClearBit(track));
    }

    /** First settled track at or after {@code track}, at most {@code limit}. */
    public int nextSettled(int track, int limit) {
        int next = settled.nextSetBit(track);
        return next < 0 ? limit : Math.min(limit, next);
    }

    /** The slot of a track that is half received; null when nothing of it is held. */
    public TrackSlot slotOf(int track) {
        if (latest != null && latest.track() == track) {
            return latest;
        }
        TrackSlot slot = partial.get(track);
        if (slot != null) {
            latest = slot;
        }
        return slot;
    }

    /** First track that the master, which holds so many bytes, can be expected to send again while the pass runs. */
    public int firstRepaired() {
        double share = meanSymbols == 0 ? 1 : slots.maxSymbolCount() / meanSymbols;
        return endTrack - (int) Math.min(leastHeld * share, Integer.MAX_VALUE);
    }

    /** A slot for the first symbol of a track, or null when there is no room: then those half received that are not repaired are given up. */
    public TrackSlot begin(int track, int generation, int symbolCount) {
        meanSymbols = meanSymbols == 0 ? symbolCount : meanSymbols + (symbolCount - meanSymbols) / MEAN_TRACKS;
        if (slots.freeCount() == 0) {
            giveUpBefore(firstRepaired());
        }
        TrackSlot slot = slots.take(track, generation, symbolCount);
        if (slot != null) {
            partial.put(track, slot);
            latest = slot;
        }
        return slot;
    }

    /** A half received track restarts from nothing: it was encoded anew. */
    public void drop(TrackSlot slot) {
        forget(slot);
        slots.give(slot);
    }

    /** A track has all its symbols and goes to the disk. */
    public void settle(TrackSlot slot) {
        forget(slot);
        settled.set(slot.track());
        settledCount++;
    }

    /** A run of tracks that are not sent as data goes to the disk: none of them settled. */
    public void settle(int firstTrack, int end) {
        for (int track = firstTrack; track < end && !partial.isEmpty(); track++) {
            TrackSlot slot = partial.get(track);
            if (slot != null) {
                drop(slot);
            }
        }
        settled.set(firstTrack, end);
        settledCount += end - firstTrack;
    }

    /** The disk has done with a slot. */
    public void free(TrackSlot slot) {
        slots.give(slot);
    }

    /** The disk could not use a track: it is missing again. */
    public void unsettle(int track) {
        if (settled.get(track)) {
            settled.clear(track);
            settledCount--;
        }
    }

    /** Tracks are on the disk. */
    public void done(int firstTrack, int end) {
        done.set(firstTrack, end);
        doneCount += end - firstTrack;
        goodUpTo = done.nextClearBit(goodUpTo);
    }

    /** A track that is on the disk is not what the master sent: it is missing again. */
    void undo(int track) {
        if (done.get(track)) {
            done.clear(track);
            doneCount--;
            goodUpTo = Math.min(goodUpTo, track);
        }
        unsettle(track);
    }

    public boolean isComplete() {
        return doneCount == trackCount;
    }

    private void giveUpBefore(int track) {
        List<TrackSlot> old = new ArrayList<>();
        for (TrackSlot slot : partial.values()) {
            if (slot.track() < track) {
                old.add(slot);
            }
        }
        old.forEach(this::drop);
    }

    /** Of the half received tracks the lower ones are given up, one at least. */
    void giveUpLowerHalf() {
        List<TrackSlot> all = partial();
        all.subList(0, (all.size() + 1) / 2).forEach(this::drop);
    }

    private void forget(TrackSlot slot) {
        partial.remove(slot.track());
        if (latest == slot) {
            latest = null;
        }
    }

    public int doneCount() {
        return doneCount;
    }

    public int goodUpTo() {
        return goodUpTo;
    }

    /** Highest track heard of, plus one. */
    public int endTrack() {
        return endTrack;
    }

    /** First track that is not closed. */
    public int closedEnd() {
        return closedEnd;
    }

    /** Tracks below {@link #endTrack} that still need something. */
    public int missingCount() {
        return Math.max(0, endTrack - settledCount);
    }

    /** First track that there is no room for. */
    public int windowEnd() {
        return endTrack + slots.freeCount();
    }

    public boolean hasRoom() {
        return slots.freeCount() > 0;
    }

    /** Half received tracks, lowest first. */
    public List<TrackSlot> partial() {
        List<TrackSlot> all = new ArrayList<>(partial.values());
        all.sort(Comparator.comparingInt(TrackSlot::track));
        return all;
    }

    /** How many they are. */
    public int partialCount() {
        return partial.size();
    }
}
