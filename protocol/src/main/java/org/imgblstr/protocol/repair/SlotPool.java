package org.imgblstr.protocol.repair;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.IntFunction;

/** The slots of a slave: its window. Memory is allocated as slots are first used and then reused. One thread. */
public final class SlotPool {
    private final ArrayDeque<TrackSlot> free = new ArrayDeque<>();
    private final IntFunction<ByteBuffer> allocate;
    private final int slotBytes;
    private final int symbolBytes;
    private final int slotCount;
    private int made;

    /**
     * @param slotCount tracks held at most
     * @param longestTrackBytes of an encoded track
     * @param symbolBytes S
     * @param allocate makes a buffer of so many bytes
     */
    public SlotPool(int slotCount, int longestTrackBytes, int symbolBytes, IntFunction<ByteBuffer> allocate) {
        this.slotCount = slotCount;
        this.symbolBytes = symbolBytes;
        this.slotBytes = (longestTrackBytes + symbolBytes - 1) / symbolBytes * symbolBytes;
        this.allocate = allocate;
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
        return slotBytes / symbolBytes;
    }

    /** An empty slot for a track, or null when all are taken. */
    public TrackSlot take(int track, int generation, int symbolCount) {
        TrackSlot slot = free.pollLast();
        if (slot == null) {
            if (made == slotCount) {
                return null;
            }
            slot = new TrackSlot(allocate.apply(slotBytes));
            made++;
        }
        slot.begin(track, generation, symbolCount, symbolBytes);
        return slot;
    }

    public void give(TrackSlot slot) {
        free.addLast(slot);
    }
}
