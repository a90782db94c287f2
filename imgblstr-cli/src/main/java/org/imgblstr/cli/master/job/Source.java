package org.imgblstr.cli.master.job;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.pass.TrackFeed;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.session.TrackRereader;

/** Where the tracks of a run come from: a disk or an image file, open. */
public interface Source extends Closeable {
    TrackSpace space();

    /** What an image of this source says about itself. */
    ImageHeader header();

    /** What slaves are told. */
    SessionImage sessionImage();

    /**
     * One pass over all tracks.
     *
     * @param demand what the sinks do with them
     */
    TrackFeed feed(Demand demand);

    /**
     * What a run does with the tracks of its source.
     *
     * @param isKept whether they are stored as they are encoded
     * @param isDescribed whether nobody wants the bytes of a track but only its header
     * @param ahead what was taken and not sent yet, as a part of what is taken at most; any thread. Null when
     *     nothing is sent
     * @param isHashed whether SHA-256 of a track that is read now is wanted; any thread
     */
    record Demand(boolean isKept, boolean isDescribed, DoubleSupplier ahead, BooleanSupplier isHashed) {}

    /** Encodes a track once more for a repair. */
    TrackRereader rereader();

    /** Bytes that are read and sent, zeros included: all but what is unused. */
    long usedBytes();

    /** What is read, and what is made of that before it is written, for the operator. */
    List<Plan.Step> steps();

    /** The image file; null when a disk is read. */
    default ImageReader image() {
        return null;
    }

    /**
     * Checks that a whole disk has a partition table that can get new identifiers, as far as its table is known already.
     *
     * @throws RefusedException when it has not; the message is a clause
     */
    default void checkNewIds() throws IOException, RefusedException {}

    /** Whether the first track can be read without {@link #prepare}. */
    default boolean isReady() {
        return true;
    }

    /**
     * Does what has to be done before the first track is read, once the operator has agreed. Blocking, perhaps for minutes.
     *
     * @param progress is told the bytes that are done, and all of them
     * @param isStopped whether the operator has interrupted the run
     */
    default void prepare(Progress progress, BooleanSupplier isStopped) throws IOException, RefusedException {}

    /** How far something has come. */
    interface Progress {
        void on(long doneBytes, long totalBytes);
    }

    /** What is on the disk, as far as it was looked at. */
    List<Plan.Volume> volumes();

    @Override
    void close() throws IOException;
}
