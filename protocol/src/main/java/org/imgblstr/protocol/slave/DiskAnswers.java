package org.imgblstr.protocol.slave;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.TrackSlot;

/** What the disk answers to the orders of a {@link SlavePort}. Called by the engine's one thread. */
public final class DiskAnswers {
    private final SlaveEngine engine;

    DiskAnswers(SlaveEngine engine) {
        this.engine = engine;
    }

    /** A track was decoded and written; its slot is free. {@code checksum} is that of its raw bytes. */
    public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        engine.download().onWritten(slot, checksum, rawBytes);
    }

    /** A track that is about to be written lacks what the master could not read: it has zeros there. */
    public void onPartial(int track, UnreadableMap map) {
        engine.download().onPartial(track, map);
    }

    /** A link of a chain keeps its slot until the links before it have come; the first of them is {@code chainStart}. */
    public void onWaiting(TrackSlot slot, int chainStart) {
        engine.download().onWaiting(slot, chainStart);
    }

    /** A link cannot be decoded, as others before it were not or will not be; its slot is free. */
    public void onUseless(TrackSlot slot) {
        engine.download().onUseless(slot);
    }

    /** A track that was written has been read back and is what it should be. */
    public void onVerified(int track, long checksum) {
        engine.download().onVerified(track, checksum);
    }

    /** A track cannot be used: its symbols do not decode ({@code slot} is then not null and free), or it read back wrong. */
    public void onBadTrack(int track, TrackSlot slot, String why, long nowNs) {
        if (!engine.download().onBadTrack(track, slot, why)) {
            // What was decoded once and reads back wrong is the disk's fault; what does not decode is not.
            Result result = slot == null ? Result.DISK_ERROR : Result.VERIFY_FAILED;
            engine.goodbye(result, "track " + track + " failed again and again: " + why, nowNs);
        }
    }

    /** Tracks of a skip range were dealt with. */
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        engine.download().onSkipped(firstTrack, count, kind);
    }

    /** Digests of tracks from {@code firstTrack} on came and decode to {@code leaves}. */
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {
        engine.download().onDigests(slot, leaves);
    }

    /** The disk was read from {@code firstTrack} on: bit n tells whether track {@code firstTrack + n} holds what the digests say. */
    public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        engine.download().onCompared(firstTrack, count, held, leaves);
    }

    /** Everything written is on the medium. */
    public void onSynced() {
        engine.download().onSynced();
    }

    /** The disk failed after its retries: the slave gives up. */
    public void onDiskError(int errno, String why, long nowNs) {
        if (engine.download() == null) {
            engine.onRefused(Result.DISK_ERROR, why, nowNs);
            return;
        }
        engine.download().onDiskError(errno);
        engine.goodbye(Result.DISK_ERROR, why, nowNs);
    }
}
