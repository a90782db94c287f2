package org.imgblstr.protocol.slave.disk;

import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;

/** Decides whether what a master announces may go to this slave's disk, and opens the disk. Called by {@link TrackDesk}. */
public interface TargetOpener {
    /** False when no image will ever be taken, so that nothing has to be rehearsed. */
    default boolean isUsable() {
        return true;
    }

    /** Size of the target, told to the master. Opens nothing for writing. */
    long deviceBytes();

    /** Sector size of the target, told to the master; 0 when it takes on that of the image. Opens nothing for writing. */
    int sectorBytes();

    /**
     * Holds the target, so that nobody else writes it, until {@link #release}, or until what {@link #open} returned is closed. Called by the
     * session's thread before it listens, also for a target that is held already: all that can be known to fail fails here.
     */
    default void hold() throws RefusedException, DeviceException {}

    /** Lets the target go, if it is held and was not opened. */
    default void release() {}

    /** Checks without writing: fits, safe, agreed to. */
    void check(SessionImage image) throws RefusedException, DeviceException;

    /** As {@link #open(SessionImage, AfterCopy)}, when the master asks for nothing more. */
    TrackTarget open(SessionImage image) throws RefusedException, DeviceException;

    /**
     * Opens for writing; called once the master has confirmed.
     *
     * @param asked what the master asks this slave to do when the disk is complete; who does not override this, does nothing of it
     */
    default TrackTarget open(SessionImage image, AfterCopy asked) throws RefusedException, DeviceException {
        return open(image);
    }
}
