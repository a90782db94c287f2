package org.imgblstr.protocol.slave.disk;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.repair.TrackSlot;

/**
 * What a slave's engine orders its disk to do. Called by the engine's one thread; nothing blocks: the disk answers later, in the order of the
 * work, through {@link DiskAnswers}. After {@link DiskAnswers#onDiskError} the disk takes orders and answers none.
 */
public interface SlaveDisk {
    /** Checks without writing whether the image fits the disk: answers onChecked or onRefused. */
    void check(SessionImage image);

    /**
     * Opens the disk for writing: answers onOpened or onRefused. All other orders come after onOpened.
     *
     * @param asked what the master asks to be done with the disk when it is complete
     */
    void open(SessionImage image, AfterCopy asked);

    /**
     * Decodes, checks, writes: answers onWritten or onBadTrack, both of which give the slot back, or onDiskError. When reading back is
     * wanted, onVerified or onBadTrack follows for a track that was written. A link of a chain that comes before its turn answers onWaiting
     * first, and onWritten, onBadTrack or onUseless when it is known which.
     */
    void write(TrackSlot slot);

    /**
     * In a sealed session: whether tracks written from now on are hashed, which they are at first. Answers onHashing between the answers of what
     * was ordered before and after. A disk of an open session hashes nothing.
     */
    void hash(boolean isHashed);

    /** What a link waits for will not come: answers onUseless for it and those that wait with it, unless it was decoded meanwhile. */
    void giveUp(int track);

    /** Does what a skip range asks for: answers onSkipped, perhaps in several steps that cover the range. */
    void skip(int firstTrack, int count, TrackKind kind);

    /** Decodes a digest track without writing it: answers onDigests or onBadTrack, both of which give the slot back. */
    void decodeDigests(TrackSlot slot);

    /**
     * Compares tracks on the disk with their digests: answers onCompared, perhaps in several steps that cover the range.
     *
     * @param leaves raw bytes of a digest track, index 0 is {@code firstTrack}; not written to while it is compared
     */
    void compare(int firstTrack, int count, ByteBuffer leaves);

    /**
     * Syncs, looks a last time at what is on the disk, and whether it is still the disk that the operator named; then does what
     * else is to be done with a complete disk: answers onSynced.
     */
    void sync();
}
