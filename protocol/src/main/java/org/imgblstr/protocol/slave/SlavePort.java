package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.repair.TrackSlot;

/**
 * What the slave's engine does to the world. Called by the engine's one thread; nothing blocks: the disk answers later through the engine's
 * {@code on...} methods.
 */
public interface SlavePort {
    /** An empty direct buffer with room for {@code bytes}. */
    ByteBuf allocate(int bytes);

    /** Sends one datagram to the master; the buffer is the callee's to release. */
    void send(ByteBuf datagram, InetSocketAddress to);

    /** Joins the data group, so that nothing is missed once the master starts. */
    void joinData(InetSocketAddress group);

    /** Leaves the data group, if it was joined. */
    void leaveData();

    /** Leaves and joins the data group again: a switch may have forgotten the membership. */
    void rejoinData();

    /** Checks without writing whether the image fits the disk: answers onChecked or onRefused. */
    void check(SessionImage image);

    /** Opens the disk for writing: answers onOpened or onRefused. */
    void open(SessionImage image);

    /**
     * Decodes, checks, writes: answers onWritten or onBadTrack, both of which give the slot back, or onDiskError. When reading back is
     * wanted, onVerified or onBadTrack follows for a track that was written. A link of a chain that comes before its turn answers onWaiting
     * first, and onWritten, onBadTrack or onUseless when it is known which.
     */
    void write(TrackSlot slot);

    /** What a link waits for will not come: answers onUseless for it and those that wait with it, unless it was decoded meanwhile. */
    void giveUp(int track);

    /** Decodes a digest track without writing it: answers onDigests or onBadTrack, both of which give the slot back. */
    void decodeDigests(TrackSlot slot);

    /**
     * Compares tracks on the disk with their digests: answers onCompared, perhaps in several steps that cover the range.
     *
     * @param leaves raw bytes of a digest track, index 0 is {@code firstTrack}; not written to while it is compared
     */
    void compare(int firstTrack, int count, ByteBuffer leaves);

    /** Does what a skip range asks for: answers onSkipped or onDiskError. */
    void skip(int firstTrack, int count, TrackKind kind);

    /** Syncs the disk: answers onSynced or onDiskError. */
    void sync();
}
