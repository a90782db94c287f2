package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

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
