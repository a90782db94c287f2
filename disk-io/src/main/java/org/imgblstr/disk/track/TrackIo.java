package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.geometry.TrackSpace;

/** What reading and writing of tracks have in common. */
final class TrackIo {
    private TrackIo() {}

    /** Fills {@code length} bytes of a buffer from its position on, and leaves its limit as it was. */
    static void read(Disk disk, long offset, int length, ByteBuffer into) throws DeviceException {
        int limit = into.limit();
        into.limit(into.position() + length);
        try {
            disk.read(offset, into);
        } finally {
            into.limit(limit);
        }
    }

    /** First track at or after {@code track}, which begins at byte {@code offset}, that is not in the same hole as a whole. */
    static int endOfHole(Disk disk, TrackSpace space, int track, long offset) throws DeviceException {
        int endTrack = space.endTrackOf(space.regionIndexOf(track));
        long holeBytes = disk.endOfHole(offset) - offset;
        if (holeBytes >= space.rangeBytes(track, endTrack)) {
            return endTrack;
        }
        return track + (int) (holeBytes / space.geometry().trackBytes());
    }

    /** A drive that was pulled out may answer EIO for ever; but its node is gone. */
    static boolean hasVanished(Disk disk) {
        DiskIdentity identity = disk.identity();
        return identity.isBlockDevice() && !Files.exists(Path.of(identity.device()));
    }

    static DeviceException failure(int track, int attempts, DeviceException cause) {
        String times = attempts == 1 ? "1 attempt" : attempts + " attempts";
        return new DeviceException(cause.getMessage() + " (track " + track + ", " + times + ")", cause.errno(), cause);
    }
}
