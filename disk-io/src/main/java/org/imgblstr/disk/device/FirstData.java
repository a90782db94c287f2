package org.imgblstr.disk.device;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * Looks for the first byte of a disk that is not zero, to tell whether overwriting it destroys anything. Holes of a file are passed without
 * reading; stored zeros are read. The last MiB is read second, because a disk that seems empty at its start may hold something there.
 */
public final class FirstData {
    /** Nothing but zeros on the whole disk. */
    public static final long NONE = -1;

    /** The time was over, or the disk could not be read, before a byte that is not zero was found. */
    public static final long UNKNOWN = -2;

    private static final int PIECE_BYTES = 1 << 20;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(PIECE_BYTES);

    private final Disk disk;
    private final ByteBuffer piece = AlignedBuffers.allocate(PIECE_BYTES);

    private FirstData(Disk disk) {
        this.disk = disk;
    }

    /**
     * Offset of a byte that is not zero; {@link #NONE} or {@link #UNKNOWN} when none was found.
     *
     * @param mostNs how long it may take
     * @param clock nanoseconds, as of {@code System.nanoTime}
     */
    public static long find(Disk disk, long mostNs, LongSupplier clock) {
        try {
            FirstData search = new FirstData(disk);
            long last = Math.max(0, disk.sizeBytes() - PIECE_BYTES);
            long found = search.in(last);
            return found != NONE ? found : search.upTo(last, mostNs, clock);
        } catch (DeviceException e) {
            return UNKNOWN;
        }
    }

    private long upTo(long end, long mostNs, LongSupplier clock) throws DeviceException {
        long startNs = clock.getAsLong();
        for (long at = disk.endOfHole(0); at < end; at = disk.endOfHole(at + piece.limit())) {
            long found = in(at);
            if (found != NONE) {
                return found;
            }
            if (clock.getAsLong() - startNs > mostNs) {
                return UNKNOWN;
            }
        }
        return NONE;
    }

    /** Looks into one piece, which leaves its length as the limit of the buffer. */
    private long in(long offset) throws DeviceException {
        // A hole may end in the middle of a sector.
        long start = offset - offset % disk.sectorBytes();
        disk.read(start, piece.clear().limit((int) Math.min(PIECE_BYTES, disk.sizeBytes() - start)));
        int at = piece.flip().mismatch(ZEROS.duplicate().limit(piece.limit()));
        return at < 0 ? NONE : start + at;
    }
}
