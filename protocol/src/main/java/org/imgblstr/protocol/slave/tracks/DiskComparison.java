package org.imgblstr.protocol.slave.tracks;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;

/**
 * The comparison of a disk with the master's digests, in a delta session or when a slave was started again: what the disk holds already is
 * not asked for. In a sealed session it collects the manifest too. One thread.
 */
public final class DiskComparison {
    private final TrackSpace space;
    private final SlaveDisk disk;
    private final Holdings held;
    private final DigestCollection digests;
    private final boolean isComparing;
    private final BitSet compared = new BitSet();

    /** {@code isComparing}: false when the disk holds nothing yet, and digest tracks only say what is right. */
    public DiskComparison(SlaveDisk disk, Holdings held, boolean isComparing) {
        this.isComparing = isComparing;
        this.space = held.space();
        this.disk = disk;
        this.held = held;
        this.digests = new DigestCollection(
                space.trackCount(),
                held.slots(),
                isComparing,
                held.judgement() == null ? track -> false : held.judgement()::isWanted);
    }

    /** Symbols of a digest track. */
    public void onSymbols(SymbolRun run) {
        TrackSlot complete = digests.add(run);
        if (complete != null) {
            disk.decodeDigests(complete);
        }
    }

    /** A digest track was of no use: it is asked for again. */
    public void ask(int digestTrack) {
        digests.ask(digestTrack);
    }

    /** What a digest track says: its tracks are compared with the disk, those apart that came meanwhile. */
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {
        int first = DigestTracks.firstTrack(slot.track(), space.trackCount());
        int end = DigestTracks.endTrack(slot.track(), space.trackCount());
        held.tracks().free(slot);
        digests.onRead(slot.track());
        if (held.judgement() != null && !held.onDigestTrack(slot.track(), leaves)) {
            digests.ask(slot.track());
        } else if (isComparing && !compared.get(slot.track())) {
            compared.set(slot.track());
            disk.compare(first, end - first, leaves);
        }
    }

    public void onCompared(int firstTrack, int count, BitSet found, ByteBuffer leaves) {
        int i = 0;
        held.tally()
                .onCompared(
                        (long) (count - found.cardinality()) * space.geometry().trackBytes());
        while (i < count) {
            TrackKind kind = DigestTracks.kind(leaves, i);
            int end = i + 1;
            if (isToSkip(firstTrack + i, kind, found.get(i))) {
                while (end < count
                        && DigestTracks.kind(leaves, end) == kind
                        && isToSkip(firstTrack + end, kind, found.get(end))) {
                    end++;
                }
                held.tracks().settle(firstTrack + i, firstTrack + end);
                disk.skip(firstTrack + i, end - i, kind);
            } else if (found.get(i) && !held.tracks().isSettled(firstTrack + i)) {
                held.onHeld(firstTrack + i, kind, DigestTracks.checksum(leaves, i));
            }
            i = end;
        }
        digests.onCompared(count);
    }

    private boolean isToSkip(int track, TrackKind kind, boolean isHeld) {
        return !held.tracks().isSettled(track)
                && (kind == TrackKind.UNUSED || kind == TrackKind.UNREADABLE || (kind == TrackKind.ZERO && !isHeld));
    }

    /** Whether the whole disk has been compared. */
    public boolean isOver() {
        return !isComparing || digests.isCompared();
    }

    /** Asks for digest tracks that are missing, as far as there is room in the request. */
    public void addRecords(ResendRequestFlyweight request) {
        digests.addRecords(
                request, isComparing ? space.trackCount() : held.tracks().closedEnd());
    }
}
