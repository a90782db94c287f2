package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import org.imgblstr.disk.geometry.TrackSpace;

/** Reads whole tracks of a track space from a disk, with retries. Safe for use by several threads. */
public interface TrackSource {
    TrackSpace space();

    /**
     * Reads one track: up to the configured number of tries (patent FIG. 8: five).
     *
     * @param into receives {@code space().rawBytes(track)} bytes from its position on
     * @return false when a media or CRC error remains after all tries: the track is unreadable, which does not abort
     * @throws DeviceException when the device itself failed
     */
    boolean read(int track, ByteBuffer into) throws DeviceException;

    /**
     * First track at or after {@code track} that need not be zero: the tracks before it lie in a hole of a sparse file as a whole. Immediate
     * however large the hole is; {@code track} itself where nobody knows.
     */
    default int endOfHole(int track) throws DeviceException {
        return track;
    }
}
