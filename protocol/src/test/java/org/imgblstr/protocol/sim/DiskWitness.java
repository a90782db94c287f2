package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.Download;
import org.imgblstr.protocol.slave.disk.DiskAnswers;

/**
 * Sees each access to the disk of a simulated slave and each answer to its engine, and fails when they break what a slave promises:
 * <ul>
 *   <li>no write outside the range, and none to a track that no file system uses;
 *   <li>no track is skipped that was written;
 *   <li>one write a track; another one only after the track was read back and was wrong;
 *   <li>a track that is called verified was read after it was written;
 *   <li>a track that is done was verified, skipped or found on the disk;
 *   <li>no more slots than the window has;
 *   <li>"good up to" never falls.
 * </ul>
 * One life of a slave.
 */
final class DiskWitness implements DiskAnswers {
    private final SimulatedSource source;
    private final TrackSpace space;
    private final int mostSlots;
    private final int[] writes;
    private final BitSet wrong = new BitSet();
    private final BitSet zeroed = new BitSet();
    private final BitSet readBack = new BitSet();
    private final BitSet done = new BitSet();
    private int slots;
    private int waited;
    private int goodUpTo;
    private int doneCount;
    private boolean mayRepeat;

    DiskWitness(SimulatedSource source, int mostSlots) {
        this.source = source;
        this.space = source.image.space();
        this.mostSlots = mostSlots;
        this.writes = new int[source.trackCount()];
    }

    /** Somebody forges data: tracks that are refused are written again, and "good up to" falls. */
    void mayRepeat() {
        mayRepeat = true;
    }

    /** Links that came before their turn. */
    int waited() {
        return waited;
    }

    /** The slave was started again: it knows nothing of what it did. */
    void onNewLife() {
        Arrays.fill(writes, 0);
        wrong.clear();
        zeroed.clear();
        readBack.clear();
        done.clear();
        slots = 0;
        goodUpTo = 0;
        doneCount = 0;
    }

    private static void check(boolean isRight, String what) {
        if (!isRight) {
            throw new AssertionError(what);
        }
    }

    // ---- the engine

    /** A slot gets its memory. */
    void onSlotMade() {
        check(++slots <= mostSlots, slots + " slots, where the window has " + mostSlots);
    }

    /** After each event. */
    void check(Download download) {
        if (download == null) {
            return;
        }
        int now = download.goodUpTo();
        if (now == goodUpTo && download.doneTracks() <= doneCount) {
            return;
        }
        check(now >= goodUpTo || mayRepeat, "good up to fell from " + goodUpTo + " to " + now);
        check(done.nextClearBit(goodUpTo) >= now, "a track before track " + now + " is good, but was not read back");
        check(download.doneTracks() <= done.cardinality(), "more tracks are done than were read back");
        goodUpTo = now;
        doneCount = download.doneTracks();
    }

    // ---- the disk

    void onWrite(int track, int bytes) {
        check(track >= 0 && track < space.trackCount(), "track " + track + " is outside of the range");
        check(bytes == space.rawBytes(track), "track " + track + " was written with " + bytes + " bytes");
        check(source.kind(track) != TrackKind.UNUSED || mayRepeat, "track " + track + " is unused, and was written");
        boolean isFirst = writes[track]++ == 0;
        check(isFirst || wrong.get(track) || zeroed.get(track) || mayRepeat, "track " + track + " was written again");
        wrong.clear(track);
        readBack.clear(track);
    }

    void onSkip(int firstTrack, int count, TrackKind kind) {
        check(firstTrack >= 0 && firstTrack + count <= space.trackCount(), "a skip range is outside of the range");
        for (int track = firstTrack; track < firstTrack + count; track++) {
            check(
                    writes[track] == 0 || wrong.get(track) || mayRepeat,
                    "track " + track + " was written, and is skipped");
        }
        if (kind.isZeroed()) {
            zeroed.set(firstTrack, firstTrack + count);
            readBack.clear(firstTrack, firstTrack + count);
        }
    }

    void onRead(int track) {
        readBack.set(track);
    }

    // ---- the answers

    @Override
    public void onChecked(long nowNs) {}

    @Override
    public void onRefused(Result why, String because, long nowNs) {}

    @Override
    public void onOpened(long nowNs) {}

    @Override
    public void onWaiting(TrackSlot slot, int chainStart) {
        waited++;
    }

    @Override
    public void onUseless(TrackSlot slot) {
        check(writes[slot.track()] == 0 || mayRepeat, "a link of no use was written");
    }

    @Override
    public void onPartial(int track, UnreadableMap map) {}

    @Override
    public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        check(writes[slot.track()] > 0, "track " + slot.track() + " is called written");
    }

    @Override
    public void onVerified(int track, long checksum) {
        check(writes[track] > 0 && readBack.get(track), "track " + track + " is called verified");
        done.set(track);
    }

    @Override
    public void onBadTrack(int track, TrackSlot slot, String why, long nowNs) {
        if (slot == null) {
            wrong.set(track);
        }
    }

    @Override
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        int end = firstTrack + count;
        check(!kind.isZeroed() || readBack.nextClearBit(firstTrack) >= end, "zeros were not read back");
        done.set(firstTrack, end);
    }

    @Override
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {}

    @Override
    public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        held.stream().forEach(track -> {
            check(readBack.get(firstTrack + track), "track " + (firstTrack + track) + " was not read");
            done.set(firstTrack + track);
        });
    }

    @Override
    public void onSynced(String lack, String remark) {
        check(done.cardinality() == space.trackCount(), "synced before all was done");
    }

    @Override
    public void onDiskError(int errno, String why, long nowNs) {}
}
