package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.Zeros;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.partition.ShorterDiskTarget;
import org.imgblstr.disk.partition.TargetPlacement;
import org.imgblstr.disk.signature.LeftoverPlaces;
import org.imgblstr.disk.signature.SignaturePlaces.Range;
import org.imgblstr.disk.track.DiskTrackTarget;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.WrappedTarget;

/**
 * A target on which nothing of an earlier life is found afterwards. The image leaves unused tracks, and what lies behind its end on a larger
 * target, as they are; where signatures may lie there ({@link LeftoverPlaces} of the room that a region has on the target), zeros are written.
 * What lies behind the image is zeroed before anything else is done with the target: a device that holds less than it claims may have tracks of
 * the image in that place. {@link #sync} zeroes the rest, and reads all of it back. Nothing outside the room of a region is touched. Safe for use
 * by several threads. Source: docs/targets.md, section 5.
 */
public final class WipedTarget extends WrappedTarget {
    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final TrackSpace space;
    private final List<TargetPlacement.Place> places;
    private final List<List<Range>> leftovers = new ArrayList<>();

    /** Bytes of the disk that are zeroed: few, as only what lies in {@link #leftovers} is kept. */
    private final List<Range> wiped = new ArrayList<>();

    /** How many of {@link #wiped} were zeroed. */
    private int zeroed;

    private volatile boolean isBehindZeroed;

    /**
     * All that writing an image takes: each region goes to its place, a GPT is made to fit a shorter disk, and leftovers are wiped.
     *
     * @param disk open for writing; {@link #close} closes it
     * @param discards whether unused tracks are discarded
     */
    public static WipedTarget on(Disk disk, TrackSpace space, TargetPlacement placement, boolean discards) {
        TrackTarget target = new DiskTrackTarget(disk, space, placement.regionOffsetsBytes(), discards);
        boolean isShorter = space.regions().get(0).isWholeDisk() && disk.sizeBytes() < space.totalBytes();
        return new WipedTarget(isShorter ? new ShorterDiskTarget(target, disk) : target, disk, placement);
    }

    /**
     * @param target writes to {@code disk}; what it writes when it is synced stays. Closed by {@link #close}
     * @param placement where the regions of {@code target.space()} lie on the disk
     */
    public WipedTarget(TrackTarget target, Disk disk, TargetPlacement placement) {
        super(target);
        this.disk = disk;
        this.space = target.space();
        this.places = placement.places();
        for (TargetPlacement.Place place : places) {
            leftovers.add(LeftoverPlaces.of(place.roomBytes(), space.geometry().sectorBytes()));
        }
        for (int region = 0; region < places.size(); region++) {
            wipe(region, imageBytes(region), places.get(region).roomBytes());
        }
    }

    private long imageBytes(int region) {
        return space.rangeBytes(space.firstTrackOf(region), space.endTrackOf(region));
    }

    /** Notes the places between two bytes of a region's room. */
    private synchronized void wipe(int region, long from, long end) {
        long offset = places.get(region).offsetBytes();
        for (Range place : leftovers.get(region)) {
            long first = Math.max(from, place.offset());
            long last = Math.min(end, place.endOffset());
            if (first < last) {
                wiped.add(new Range(offset + first, offset + last));
            }
        }
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        zeroBehind();
        super.write(track, raw);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        zeroBehind();
        super.skip(firstTrack, count, kind);
        int endTrack = firstTrack + count;
        for (int track = firstTrack; track < endTrack && kind == TrackKind.UNUSED; ) {
            int region = space.regionIndexOf(track);
            int end = Math.min(endTrack, space.endTrackOf(region));
            long from = space.sectorInRegion(track) * space.geometry().sectorBytes();
            wipe(region, from, from + space.rangeBytes(track, end));
            track = end;
        }
    }

    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        zeroBehind();
        super.read(track, into);
    }

    /** Zeros first: a table that {@code target} makes at the end of a shorter disk goes over them. */
    @Override
    public synchronized void sync() throws DeviceException {
        zeroNew();
        if (!wiped.isEmpty()) {
            disk.sync();
        }
        ByteBuffer piece = AlignedBuffers.allocate(PIECE_BYTES);
        for (Range range : wiped) {
            long at = firstNotZero(range, piece);
            if (at < range.endOffset()) {
                throw new DeviceException(
                        disk.identity().describe() + ": bytes " + range.offset() + " to " + range.endOffset()
                                + " were zeroed, but from byte " + at + " on they do not read back as zero. The disk"
                                + " does not keep what is written to it, or holds less than it claims; use another disk",
                        0,
                        null);
            }
        }
        super.sync();
    }

    /** Until the first track was skipped, all that is noted lies behind the image. */
    private void zeroBehind() throws DeviceException {
        if (!isBehindZeroed) {
            zeroNew();
            isBehindZeroed = true;
        }
    }

    /** Zeroes what was noted since the last time. What is zero already is left alone, so that a file keeps its holes. */
    private synchronized void zeroNew() throws DeviceException {
        ByteBuffer piece = AlignedBuffers.allocate(zeroed < wiped.size() ? PIECE_BYTES : 0);
        for (; zeroed < wiped.size(); zeroed++) {
            Range range = wiped.get(zeroed);
            for (long at = range.offset(); at < range.endOffset(); at += PIECE_BYTES) {
                piece.clear().limit((int) Math.min(PIECE_BYTES, range.endOffset() - at));
                if (!isZero(at, piece)) {
                    Zeros.put(piece.rewind());
                    disk.write(at, piece.rewind());
                }
            }
        }
    }

    /** What cannot be read is not zero, and may be readable when it was written. */
    private boolean isZero(long at, ByteBuffer piece) {
        try {
            disk.read(at, piece);
            return Zeros.isZero(piece.rewind());
        } catch (DeviceException e) {
            return false;
        }
    }

    private long firstNotZero(Range range, ByteBuffer piece) throws DeviceException {
        for (long at = range.offset(); at < range.endOffset(); at += PIECE_BYTES) {
            disk.read(at, piece.clear().limit((int) Math.min(PIECE_BYTES, range.endOffset() - at)));
            if (!Zeros.isZero(piece.rewind())) {
                return at;
            }
        }
        return range.endOffset();
    }
}
