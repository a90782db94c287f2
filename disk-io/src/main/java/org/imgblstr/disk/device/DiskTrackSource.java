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

    /**
     * Gaps up to this long are read rather than passed over: a drive of 500 MB/s reads 64 KiB in 0.13 ms, about as long as it takes to ask
     * it once more.
     */
    static final int MERGED_GAP_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(DiskTrackSource.class);
    private static final byte[] ZEROS = new byte[64 * 1024];

    private final Disk disk;
    private final TrackSpace space;
    private final int tries;
    private final TrackParts parts;
    private final LongAdder retries = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    /**
     * Reads tracks as they are.
     *
     * @param tries read attempts for a track, at least 1
     */
    public DiskTrackSource(Disk disk, TrackSpace space, int tries) {
        this(disk, space, tries, track -> new int[] {0, space.rawBytes(track)});
    }

    /**
     * Reads parts of tracks.
     *
     * @param tries read attempts for a track, at least 1
     * @param parts what is read; the rest of a track is given as zeros
     */
    public DiskTrackSource(Disk disk, TrackSpace space, int tries, TrackParts parts) {
        if (tries < 1) {
            throw new IllegalArgumentException("tries: expected at least 1, found " + tries);
        }
        this.disk = disk;
        this.space = space;
        this.tries = tries;
        this.parts = parts;
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return TrackIo.endOfHole(
                disk, space, track, space.sourceLba(track) * space.geometry().sectorBytes());
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
        int[] wanted = parts.partsOf(track);
        for (int attempt = 1; ; attempt++) {
            try {
                // What only the first try reads too much of may be what cannot be read.
                readParts(track, wanted, attempt == 1 && tries > 1 ? MERGED_GAP_BYTES : 0, into);
                zeroTheRest(track, wanted, into.position(position));
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

    /** Reads parts that are at most {@code mostGap} bytes apart at once. */
    private void readParts(int track, int[] wanted, int mostGap, ByteBuffer into) throws DeviceException {
        int position = into.position();
        for (int part = 0; part < wanted.length; ) {
            int from = wanted[part];
            int end = wanted[part + 1];
            part += 2;
            while (part < wanted.length && wanted[part] - end <= mostGap) {
                end = wanted[part + 1];
                part += 2;
            }
            if (mostGap > 0) {
                // Whole pages go past the page cache without a copy, where the track itself lies on a page.
                from = (int) AlignedBuffers.down(from);
                end = (int) Math.min(AlignedBuffers.up(end), space.rawBytes(track));
            }
            long offset = space.sourceLba(track) * space.geometry().sectorBytes() + from;
            TrackIo.read(disk, offset, end - from, into.position(position + from));
        }
    }

    /** {@code into}: at the start of the track; moves behind it. */
    private void zeroTheRest(int track, int[] wanted, ByteBuffer into) {
        int position = into.position();
        int from = 0;
        for (int part = 0; part < wanted.length; part += 2) {
            zero(into, position + from, position + wanted[part]);
            from = wanted[part + 1];
        }
        zero(into, position + from, position + space.rawBytes(track));
        into.position(position + space.rawBytes(track));
    }

    private static void zero(ByteBuffer into, int from, int end) {
        for (int at = from; at < end; at += ZEROS.length) {
            into.put(at, ZEROS, 0, Math.min(ZEROS.length, end - at));
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
