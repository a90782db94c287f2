package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets out of a track that cannot be read at once what can be read. A read that fails takes a drive seconds, one that does not takes
 * less than a millisecond: so there are few of the first kind and many of the second. Blocks of 4 KiB are read from the front to the first that fails and
 * from the back to the last, then those between them, then the sectors of what failed, then each bad sector again. When the time is
 * used up, what lies between the two ends counts as unreadable. Used once, by one thread. Source: docs/architecture.md, section 5.
 */
final class TrackSalvage {
    private static final Logger LOG = LoggerFactory.getLogger(TrackSalvage.class);

    private static final int BLOCK_BYTES = 4096;

    private final Disk disk;
    private final int track;
    private final long offset;
    private final int tries;
    private final BadTime.Share time;
    private final ByteBuffer into;
    private final int position;
    private final int physicalBytes;
    private final BitSet bad = new BitSet();
    private int failures;

    /** A run of bytes of the track that is read at once. */
    private record Piece(int from, int end) {}

    /**
     * @param offset byte of the disk at which the track begins
     * @param tries read attempts for a sector
     * @param into takes the track from its position on, which stays
     */
    TrackSalvage(Disk disk, int track, long offset, int tries, BadTime.Share time, ByteBuffer into) {
        this.disk = disk;
        this.track = track;
        this.offset = offset;
        this.tries = tries;
        this.time = time;
        this.into = into;
        this.position = into.position();
        this.physicalBytes = Math.max(disk.sectorBytes(), disk.physicalBlockBytes());
    }

    /** Reads the wanted parts of the track ({@link TrackParts}). */
    void read(int[] wanted) throws DeviceException {
        List<Piece> blocks = new ArrayList<>();
        for (int part = 0; part < wanted.length; part += 2) {
            blocks.addAll(pieces(new Piece(wanted[part], wanted[part + 1]), Math.max(BLOCK_BYTES, physicalBytes)));
        }
        List<Piece> failed = new ArrayList<>();
        int first = 0;
        while (first < blocks.size() && isRead(blocks.get(first))) {
            first++;
        }
        if (first == blocks.size()) {
            return;
        }
        failed.add(blocks.get(first));
        int last = blocks.size() - 1;
        while (last > first && isRead(blocks.get(last))) {
            last--;
        }
        for (int i = first + 1; i < last; i++) {
            addUnlessRead(blocks.get(i), failed);
        }
        if (last > first) {
            failed.add(blocks.get(last));
        }
        for (Piece sector : sectorsOf(failed)) {
            if (!isReadAgain(sector)) {
                bad.set(sector.from() / UnreadableMap.UNIT_BYTES, unitsUpTo(sector.end()));
            }
        }
    }

    private static int unitsUpTo(int end) {
        return (end + UnreadableMap.UNIT_BYTES - 1) / UnreadableMap.UNIT_BYTES;
    }

    private List<Piece> sectorsOf(List<Piece> blocks) throws DeviceException {
        if (physicalBytes >= BLOCK_BYTES) {
            return blocks;
        }
        List<Piece> failed = new ArrayList<>();
        for (Piece block : blocks) {
            if (time.isUsedUp()) {
                failed.add(block);
                continue;
            }
            for (Piece sector : pieces(block, physicalBytes)) {
                addUnlessRead(sector, failed);
            }
        }
        return failed;
    }

    private void addUnlessRead(Piece piece, List<Piece> failed) throws DeviceException {
        if (time.isUsedUp() || !isRead(piece)) {
            failed.add(piece);
        }
    }

    /** The first try is over. */
    private boolean isReadAgain(Piece piece) throws DeviceException {
        for (int attempt = 2; attempt <= tries && !time.isUsedUp(); attempt++) {
            if (isRead(piece)) {
                return true;
            }
        }
        return false;
    }

    /** Cuts where multiples of {@code most} lie on the disk. */
    private List<Piece> pieces(Piece whole, int most) {
        List<Piece> pieces = new ArrayList<>();
        int from = whole.from();
        while (from < whole.end()) {
            long next = (offset + from) / most * most + most;
            int end = (int) Math.min(whole.end(), next - offset);
            pieces.add(new Piece(from, end));
            from = end;
        }
        return pieces;
    }

    private boolean isRead(Piece piece) throws DeviceException {
        ByteBuffer sectors = into.duplicate().limit(position + piece.end()).position(position + piece.from());
        try {
            disk.readSectors(offset + piece.from(), sectors);
            return true;
        } catch (DeviceException e) {
            failures++;
            if (!Errno.isMedia(e.errno()) || TrackIo.hasVanished(disk)) {
                throw TrackIo.failure(track, failures, e);
            }
            LOG.debug("track {}: {}", track, e.getMessage());
            return false;
        }
    }

    /** Reads that failed. */
    int failures() {
        return failures;
    }

    /** What could not be read; the buffer holds anything there. */
    BitSet unreadableUnits() {
        return bad;
    }
}
