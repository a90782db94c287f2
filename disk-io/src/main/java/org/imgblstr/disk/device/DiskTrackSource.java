package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.imgblstr.disk.geometry.TrackSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tracks from a disk with the patent's tries: FIG. 8 reads a track up to five times before it gives it up. */
public final class DiskTrackSource implements TrackSource {
    /** Tries unless something else is asked for. */
    public static final int DEFAULT_TRIES = 5;

    private static final Logger LOG = LoggerFactory.getLogger(DiskTrackSource.class);

    private final Disk disk;
    private final TrackSpace space;
    private final int tries;
    private final LongAdder retries = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    /** @param tries read attempts for a track, at least 1 */
    public DiskTrackSource(Disk disk, TrackSpace space, int tries) {
        if (tries < 1) {
            throw new IllegalArgumentException("tries: expected at least 1, found " + tries);
        }
        this.disk = disk;
        this.space = space;
        this.tries = tries;
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    /** Read attempts that were not the first of their track. */
    public long retries() {
        return retries.sum();
    }

    /** Calls of {@link #read} that ended with an unreadable track. */
    public long unreadableReads() {
        return unreadable.sum();
    }

    /** As the interface says. The position of {@code into} moves behind the track; it stays when the track is unreadable. */
    @Override
    public boolean read(int track, ByteBuffer into) throws DeviceException {
        int position = into.position();
        for (int attempt = 1; ; attempt++) {
            try {
                TrackIo.read(
                        disk, space.sourceLba(track) * space.geometry().sectorBytes(), space.rawBytes(track), into);
                return true;
            } catch (DeviceException e) {
                into.position(position);
                if (Errno.isGone(e.errno()) || TrackIo.hasVanished(disk)) {
                    throw TrackIo.failure(track, attempt, e);
                }
                if (attempt == tries) {
                    return giveUp(track, e);
                }
                retries.increment();
                LOG.debug("track {}, attempt {} of {}: {}", track, attempt, tries, e.getMessage());
            }
        }
    }

    private boolean giveUp(int track, DeviceException e) throws DeviceException {
        if (!Errno.isMedia(e.errno())) {
            throw TrackIo.failure(track, tries, e);
        }
        unreadable.increment();
        LOG.warn("track {} is unreadable after {} attempts: {}", track, tries, e.getMessage());
        return false;
    }
}
