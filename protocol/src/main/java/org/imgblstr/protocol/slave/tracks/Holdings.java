package org.imgblstr.protocol.slave.tracks;

import java.util.BitSet;
import java.util.function.IntFunction;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.slave.disk.SlaveDisk;

/**
 * What a slave has of an image: its slots, its tracks, what the tracks on the disk hold, and what the disk has done. Has the disk synced once
 * all is there. One thread.
 */
public final class Holdings {
    private final TrackSpace space;
    private final SlaveDisk disk;
    private final SlotPool slots;
    private final TrackTable tracks;
    private final Content content;
    private final DiskTally tally;
    private final BitSet unused = new BitSet();
    private int countedTracks;
    private long countedBytes;

    /**
     * @param slotCount tracks held in memory at most
     * @param stores makes the memory of a slot, given its bytes
     * @param repairWindow tracks behind the newest that the master holds at least
     */
    public Holdings(
            TrackSpace space,
            SlaveDisk disk,
            int slotCount,
            IntFunction<SymbolStore> stores,
            int repairWindow,
            long nowNs) {
        this.space = space;
        this.disk = disk;
        int longest = EncodedTrack.maxBytes(
                Math.max(space.geometry().trackBytes(), DigestTracks.CHUNK_TRACKS * DigestTracks.LEAF_BYTES));
        this.slots = new SlotPool(slotCount, longest, stores);
        this.tracks = new TrackTable(space.trackCount(), slots, repairWindow);
        this.content = new Content(space);
        this.tally = new DiskTally(nowNs);
    }

    /** A track with this checksum of its raw bytes is on the disk, and is what it should be. */
    public void onDone(int track, long checksum) {
        content.onDone(track, checksum);
        done(track, track + 1);
    }

    /** A track turns out to have been on the disk before. */
    public void onHeld(int track, TrackKind kind, long checksum) {
        tracks.settle(track, track + 1);
        tracks.links().onHeld(track);
        content.onHeld(track, kind, checksum);
        noteUnused(track, track + 1, kind);
        done(track, track + 1);
    }

    /** The disk has done what a skip range asked for. */
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        int end = firstTrack + count;
        content.onSkipped(firstTrack, count, kind);
        tally.onWritten(kind.isZeroed() ? space.rangeBytes(firstTrack, end) : 0);
        noteUnused(firstTrack, end, kind);
        done(firstTrack, end);
    }

    private void noteUnused(int firstTrack, int end, TrackKind kind) {
        if (kind == TrackKind.UNUSED) {
            unused.set(firstTrack, end);
            tally.onUnused(space.rangeBytes(firstTrack, end));
        }
    }

    /** Used bytes before the first track that is not done. */
    public long usedBytesGood() {
        while (countedTracks < tracks.goodUpTo()) {
            boolean isUsed = !unused.get(countedTracks);
            int next = isUsed ? unused.nextSetBit(countedTracks) : unused.nextClearBit(countedTracks);
            int end = next < 0 ? tracks.goodUpTo() : Math.min(next, tracks.goodUpTo());
            countedBytes += isUsed ? space.rangeBytes(countedTracks, end) : 0;
            countedTracks = end;
        }
        return countedBytes;
    }

    private void done(int firstTrack, int end) {
        tally.onDone(space.rangeBytes(firstTrack, end));
        tracks.done(firstTrack, end);
        if (tracks.isComplete() && tally.beginSync()) {
            disk.sync();
        }
    }

    public TrackSpace space() {
        return space;
    }

    public SlotPool slots() {
        return slots;
    }

    /** Which tracks are where. */
    public TrackTable tracks() {
        return tracks;
    }

    /** What the tracks that are done hold. */
    public Content content() {
        return content;
    }

    /** What the disk has done. */
    public DiskTally tally() {
        return tally;
    }
}
