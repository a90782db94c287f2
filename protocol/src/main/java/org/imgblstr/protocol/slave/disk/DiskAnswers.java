package org.imgblstr.protocol.slave.disk;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.TrackSlot;

/** What the disk answers to the orders of a {@link SlaveDisk}. Called by the engine's one thread. */
public interface DiskAnswers {
    /** The disk fits what was announced. */
    void onChecked(long nowNs);

    /** The disk does not fit, or may not be written. */
    void onRefused(Result why, String because, long nowNs);

    /** Whether tracks of which the disk tells from now on are hashed. */
    default void onHashing(boolean isHashed) {}

    /** In a sealed session, before a track counts as written or held: SHA-256 of what it holds, for the manifest; null when it was not hashed. */
    default void onHashed(int track, TrackKind kind, byte[] digest) {}

    /** The disk is open for writing. */
    void onOpened(long nowNs);

    /** A link of a chain keeps its slot until the links before it have come; the first of them is {@code chainStart}. */
    void onWaiting(TrackSlot slot, int chainStart);

    /** A link cannot be decoded, as others before it were not or will not be; its slot is free, and the track is wanted alone. */
    void onUseless(TrackSlot slot);

    /** Told before {@link #onWritten} of a track that lacks what the master could not read: the disk has zeros there. */
    void onPartial(int track, UnreadableMap map);

    /** A track was decoded and written; its slot is free. {@code checksum} is that of its raw bytes. */
    void onWritten(TrackSlot slot, long checksum, int rawBytes);

    /** A track that was written has been read back and is what it should be. */
    void onVerified(int track, long checksum);

    /** A track cannot be used: its symbols do not decode ({@code slot} is then not null and free), or it read back wrong. */
    void onBadTrack(int track, TrackSlot slot, String why, long nowNs);

    /** Tracks of a skip range were dealt with. */
    void onSkipped(int firstTrack, int count, TrackKind kind);

    /** Digests of tracks came and decode to {@code leaves}; the slot is free. */
    void onDigests(TrackSlot slot, ByteBuffer leaves);

    /** The disk was read from {@code firstTrack} on: bit n tells whether track {@code firstTrack + n} holds what the digests say. */
    void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves);

    /**
     * Everything written is on the medium, and the last look found nothing.
     *
     * @param lack what could not be done with the complete disk, one sentence; "" for nothing
     * @param remark what was done with it, a few words; "" for nothing
     */
    void onSynced(String lack, String remark);

    /** The disk failed after its retries, or holds something else than it was given: nothing more is answered. */
    void onDiskError(int errno, String why, long nowNs);
}
