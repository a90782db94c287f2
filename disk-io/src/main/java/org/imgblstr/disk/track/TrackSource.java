package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;

/** Reads whole tracks of a track space from a disk, with retries. Safe for use by several threads. */
public interface TrackSource {
    TrackSpace space();

    /**
     * Reads one track: up to the configured number of tries for each sector (patent FIG. 8: five).
     *
     * @param into receives {@code space().rawBytes(track)} bytes from its position on, zeros for what could not be read
     * @return what media and CRC errors left unreadable after all tries, which does not abort: mostly {@link UnreadableMap#NONE}
     * @throws DeviceException when the device itself failed
     */
    UnreadableMap read(int track, ByteBuffer into) throws DeviceException;

    /**
     * First track at or after {@code track} that need not be zero: the tracks before it lie in a hole of a sparse file as a whole. Immediate
     * however large the hole is; {@code track} itself where nobody knows.
     */
    default int endOfHole(int track) throws DeviceException {
        return track;
    }
}
