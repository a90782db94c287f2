package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.geometry.TrackSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes tracks to their places on a disk: each region begins at a byte of the target that the plan chose. */
public final class DiskTrackTarget implements TrackTarget {
    /** Attempts for one track. */
    static final int WRITE_TRIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(DiskTrackTarget.class);

    private final Disk disk;
    private final TrackSpace space;
    private final long[] regionOffsetsBytes;
    private final boolean discard;
    private volatile boolean isWritten;

    /**
     * @param disk open for writing; {@link #close} closes it
     * @param regionOffsetsBytes for each region of {@code space} the byte on the target where it begins
     * @param discard whether unused tracks are discarded rather than left as they are
     */
    public DiskTrackTarget(Disk disk, TrackSpace space, long[] regionOffsetsBytes, boolean discard) {
        if (regionOffsetsBytes.length != space.regions().size()) {
            throw new IllegalArgumentException(
                    "region offsets: expected " + space.regions().size() + ", found " + regionOffsetsBytes.length);
        }
        this.disk = disk;
        this.space = space;
        this.regionOffsetsBytes = regionOffsetsBytes.clone();
        this.discard = discard;
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    /** As the interface says: {@code raw} from position to limit is the track; the position moves to the limit. */
    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        if (raw.remaining() != space.rawBytes(track)) {
            throw new IllegalArgumentException(
                    "track " + track + ": expected " + space.rawBytes(track) + " bytes, found " + raw.remaining());
        }
        int position = raw.position();
        isWritten = true;
        retry(track, () -> disk.write(offsetOf(track), raw.position(position)));
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        if (!kind.isZeroed() && !(kind == TrackKind.UNUSED && discard)) {
            return;
        }
        isWritten = true;
        int endTrack = firstTrack + count;
        for (int track = firstTrack; track < endTrack; ) {
            int regionEnd = Math.min(endTrack, space.endTrackOf(space.regionIndexOf(track)));
            skipInRegion(track, regionEnd - 1, kind);
            track = regionEnd;
        }
    }

    private void skipInRegion(int firstTrack, int lastTrack, TrackKind kind) throws DeviceException {
        long offset = offsetOf(firstTrack);
        long length = offsetOf(lastTrack) + space.rawBytes(lastTrack) - offset;
        if (kind.isZeroed()) {
            retry(firstTrack, () -> disk.zero(offset, length));
        } else {
            discardOnDisk(offset, length);
        }
    }

    /** A target may be shorter than the source by what is unused at the source's end. */
    private void discardOnDisk(long offset, long length) throws DeviceException {
        long onDisk = Math.min(length, disk.sizeBytes() - offset);
        if (onDisk > 0) {
            disk.discard(offset, onDisk);
        }
    }

    /** As the interface says. The position of {@code into} moves behind the track. */
    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        int position = into.position();
        retry(track, () -> TrackIo.read(disk, offsetOf(track), space.rawBytes(track), into.position(position)));
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return TrackIo.endOfHole(disk, space, track, offsetOf(track));
    }

    @Override
    public void sync() throws DeviceException {
        disk.sync();
    }

    @Override
    public void checkInPlace() throws DeviceException {
        disk.checkInPlace();
    }

    /** The kernel has an old partition table only when something was written. */
    @Override
    public void close() {
        if (isWritten && space.regions().get(0).isWholeDisk() && !disk.rereadPartitionTable()) {
            LOG.warn(
                    "{}: the kernel still has the old partition table: run 'blockdev --rereadpt {}' or restart the computer",
                    disk.identity().path(),
                    disk.identity().device());
        }
        disk.close();
    }

    private long offsetOf(int track) {
        return regionOffsetsBytes[space.regionIndexOf(track)]
                + space.sectorInRegion(track) * space.geometry().sectorBytes();
    }

    private void retry(int track, Transfer transfer) throws DeviceException {
        for (int attempt = 1; ; attempt++) {
            try {
                transfer.run();
                return;
            } catch (DeviceException e) {
                if (attempt == WRITE_TRIES || Errno.isGone(e.errno()) || e.errno() == Errno.ENOSPC) {
                    throw TrackIo.failure(track, attempt, e);
                }
                LOG.debug("track {}, attempt {} of {}: {}", track, attempt, WRITE_TRIES, e.getMessage());
            }
        }
    }

    /** One attempt; puts positions back itself. */
    private interface Transfer {
        void run() throws DeviceException;
    }
}
