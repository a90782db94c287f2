package org.imgblstr.protocol.repair;

import java.util.ArrayDeque;
import java.util.function.IntFunction;

/** The slots of a slave: its window. Memory is allocated as slots are first used and then reused. One thread. */
public final class SlotPool {
    private final ArrayDeque<TrackSlot> free = new ArrayDeque<>();
    private final IntFunction<SymbolStore> stores;
    private final int longestTrackBytes;
    private final int slotCount;
    private int symbolBytes;
    private int made;

    /**
     * @param slotCount tracks held at most
     * @param longestTrackBytes of an encoded track
     * @param stores makes a store for source symbols of so many bytes
     */
    public SlotPool(int slotCount, int longestTrackBytes, IntFunction<SymbolStore> stores) {
        this.slotCount = slotCount;
        this.longestTrackBytes = longestTrackBytes;
        this.stores = stores;
    }

    /** Symbols are so long, in every slot: to be said before the first is taken. */
    public void symbolBytes(int value) {
        if (made > 0 && value != symbolBytes) {
            throw new IllegalStateException("symbols of " + symbolBytes + " bytes are in use, not of " + value);
        }
        symbolBytes = value;
    }

    public int slotCount() {
        return slotCount;
    }

    /** Slots that are free. */
    public int freeCount() {
        return slotCount - made + free.size();
    }

    /** Longest track in symbols: k is never more. */
    public int maxSymbolCount() {
        return (longestTrackBytes + symbolBytes - 1) / symbolBytes;
    }

    /** An empty slot for a track, or null when all are taken. */
    public TrackSlot take(int track, int generation, int symbolCount) {
        TrackSlot slot = free.pollLast();
        if (slot == null) {
            if (made == slotCount) {
                return null;
            }
            slot = new TrackSlot(stores.apply(maxSymbolCount() * symbolBytes));
            made++;
        }
        slot.begin(track, generation, symbolCount, symbolBytes);
        return slot;
    }

    public void give(TrackSlot slot) {
        free.addLast(slot);
    }
}
