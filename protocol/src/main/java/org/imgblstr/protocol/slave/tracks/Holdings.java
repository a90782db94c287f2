package org.imgblstr.protocol.slave.tracks;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.IntFunction;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.manifest.ManifestTracks;
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

    /** Null in an open session. */
    private final Judgement judgement;

    private final BitSet unused = new BitSet();
    private int countedTracks;
    private long countedBytes;

    /**
     * @param slotCount tracks held in memory at most
     * @param stores makes the memory of a slot, given its bytes
     * @param repairWindow tracks behind the newest that the master holds at least
     * @param signature of the master's manifest; null in an open session
     */
    public Holdings(
            TrackSpace space,
            SlaveDisk disk,
            int slotCount,
            IntFunction<SymbolStore> stores,
            int repairWindow,
            ManifestSignature signature,
            long nowNs) {
        this.space = space;
        this.disk = disk;
        int digestBytes =
                signature == null ? DigestTracks.CHUNK_TRACKS * DigestTracks.LEAF_BYTES : ManifestTracks.MOST_RAW_BYTES;
        int longest = EncodedTrack.maxBytes(Math.max(space.geometry().trackBytes(), digestBytes));
        this.slots = new SlotPool(slotCount, longest, stores);
        this.tracks = new TrackTable(space.trackCount(), slots, repairWindow);
        this.content = new Content(space, signature != null);
        this.judgement = signature == null ? null : new Judgement(space.trackCount(), signature, tracks, content);
        this.tally = new DiskTally(nowNs);
    }

    /** A track with this checksum of its raw bytes is on the disk, and is what it should be. */
    public void onDone(int track, long checksum) {
        content.onDone(track, checksum);
        done(track, track + 1);
        if (judgement != null) {
            judgement.onDone(track);
            finish();
        }
    }

    /** A track turns out to have been on the disk before. */
    public void onHeld(int track, TrackKind kind, long checksum) {
        tracks.settle(track, track + 1);
        tracks.links().onHeld(track);
        content.onHeld(track, kind, checksum);
        noteUnused(track, track + 1, kind);
        done(track, track + 1);
        if (judgement != null) {
            judgement.onDone(track);
            finish();
        }
    }

    /** Takes a digest track of a manifest. Returns false when it counts as not received. */
    boolean onDigestTrack(int digestTrack, ByteBuffer raw) {
        boolean isTaken = judgement.onDigestTrack(digestTrack, raw);
        finish();
        return isTaken;
    }

    /** The disk has done what a skip range asked for. */
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        int end = firstTrack + count;
        content.onSkipped(firstTrack, count, kind);
        tally.onWritten(kind.isZeroed() ? space.rangeBytes(firstTrack, end) : 0);
        noteUnused(firstTrack, end, kind);
        done(firstTrack, end);
        if (judgement != null) {
            judgement.onSkipped(firstTrack, end, kind);
            finish();
        }
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
        if (judgement == null) {
            finish();
        }
    }

    private void finish() {
        boolean isAll = tracks.isComplete() && (judgement == null || judgement.isWhole());
        if (isAll && tally.beginSync()) {
            disk.sync();
        }
    }

    /** What the manifest says; null in an open session. */
    public Judgement judgement() {
        return judgement;
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
