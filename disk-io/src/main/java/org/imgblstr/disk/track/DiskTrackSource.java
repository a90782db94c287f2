package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tracks from a disk with the patent's tries: FIG. 8 reads up to five times before it gives up. What is tried again is only what cannot be read:
 * the first failure of a track leads to a {@link TrackSalvage}. What could not be read stays unreadable for this source, so that a track has the same
 * bytes each time.
 */
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

    /** Tracks whose bad sectors are remembered: some 200 bytes each. Of others a second reading may find other ones. */
    private static final int MOST_KNOWN = 65_536;

    /** Tracks that a warning each is given for. */
    private static final int MOST_WARNINGS = 20;

    private final Disk disk;
    private final TrackSpace space;
    private final int tries;
    private final TrackParts parts;
    private final BadTime badTime;
    private final Map<Integer, UnreadableMap> known = new ConcurrentHashMap<>();
    private final LongAdder retries = new LongAdder();
    private final AtomicInteger partial = new AtomicInteger();

    /**
     * Reads tracks as they are.
     *
     * @param tries read attempts for a sector, at least 1
     */
    public DiskTrackSource(Disk disk, TrackSpace space, int tries) {
        this(disk, space, tries, track -> new int[] {0, space.rawBytes(track)});
    }

    /** As the next one; bad places may take as long as they do unless something else is asked for. */
    public DiskTrackSource(Disk disk, TrackSpace space, int tries, TrackParts parts) {
        this(disk, space, tries, new BadTime(BadTime.DEFAULT), parts);
    }

    /**
     * Reads parts of tracks.
     *
     * @param tries read attempts for a sector, at least 1
     * @param badTime how long bad places may take
     * @param parts what is read; the rest of a track is given as zeros
     */
    public DiskTrackSource(Disk disk, TrackSpace space, int tries, BadTime badTime, TrackParts parts) {
        if (tries < 1) {
            throw new IllegalArgumentException("tries: expected at least 1, found " + tries);
        }
        this.disk = disk;
        this.space = space;
        this.tries = tries;
        this.parts = parts;
        this.badTime = badTime;
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return TrackIo.endOfHole(disk, space, track, offsetOf(track));
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    /** Reads that failed. */
    public long retries() {
        return retries.sum();
    }

    /** As the interface says. The position of {@code into} moves behind the track. */
    @Override
    public UnreadableMap read(int track, ByteBuffer into) throws DeviceException {
        int position = into.position();
        int[] wanted = parts.partsOf(track);
        UnreadableMap map = known.isEmpty() ? UnreadableMap.NONE : known.getOrDefault(track, UnreadableMap.NONE);
        if (!map.isNone()) {
            wanted = without(wanted, map);
        }
        try {
            readParts(track, wanted, map.isNone() ? MERGED_GAP_BYTES : 0, into);
        } catch (DeviceException e) {
            into.position(position);
            map = readAgain(track, wanted, into, map, e);
        }
        zeroTheRest(track, map.isNone() ? wanted : without(wanted, map), into.position(position));
        return map;
    }

    /** After the first failure. */
    private UnreadableMap readAgain(
            int track, int[] wanted, ByteBuffer into, UnreadableMap before, DeviceException first)
            throws DeviceException {
        int position = into.position();
        DeviceException e = first;
        for (int attempt = 1; !Errno.isMedia(e.errno()) || TrackIo.hasVanished(disk); attempt++) {
            if (attempt == tries || Errno.isGone(e.errno()) || TrackIo.hasVanished(disk)) {
                throw TrackIo.failure(track, attempt, e);
            }
            retries.increment();
            try {
                readParts(track, wanted, 0, into.position(position));
                into.position(position);
                return before;
            } catch (DeviceException again) {
                e = again;
            }
        }
        retries.increment();
        return salvage(track, wanted, into.position(position), before, e);
    }

    private UnreadableMap salvage(int track, int[] wanted, ByteBuffer into, UnreadableMap before, DeviceException cause)
            throws DeviceException {
        BitSet bad;
        try (BadTime.Share time = badTime.share()) {
            TrackSalvage salvage = new TrackSalvage(disk, track, offsetOf(track), tries, time, into);
            salvage.read(wanted);
            retries.add(salvage.failures());
            bad = salvage.unreadableUnits();
        }
        if (bad.isEmpty()) {
            return before;
        }
        if (!before.isNone()) {
            throw new DeviceException(
                    "track " + track + " lost more sectors since it was read: " + cause.getMessage(),
                    cause.errno(),
                    cause);
        }
        UnreadableMap map = UnreadableMap.of(space.rawBytes(track), bad);
        remember(track, map, cause);
        return map;
    }

    private void remember(int track, UnreadableMap map, DeviceException cause) {
        int count = partial.incrementAndGet();
        if (count <= MOST_KNOWN) {
            known.put(track, map);
        }
        UnreadableSectors sectors = new UnreadableSectors(space);
        sectors.add(track, map);
        if (count <= MOST_WARNINGS) {
            LOG.warn("unreadable after all tries: {} ({})", sectors, cause.getMessage());
        } else {
            LOG.debug("unreadable after all tries: {}", sectors);
        }
    }

    /** Wanted parts but for what cannot be read. */
    private static int[] without(int[] wanted, UnreadableMap map) {
        int unit = UnreadableMap.UNIT_BYTES;
        BitSet units = new BitSet();
        for (int part = 0; part < wanted.length; part += 2) {
            units.set(wanted[part] / unit, wanted[part + 1] / unit);
        }
        map.forEachRange((from, end) -> units.clear(from / unit, end / unit));
        IntStream.Builder parts = IntStream.builder();
        for (int from = units.nextSetBit(0); from >= 0; ) {
            int end = units.nextClearBit(from);
            parts.add(from * unit).add(end * unit);
            from = units.nextSetBit(end);
        }
        return parts.build().toArray();
    }

    private long offsetOf(int track) {
        return space.sourceLba(track) * space.geometry().sectorBytes();
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
            TrackIo.read(disk, offsetOf(track) + from, end - from, into.position(position + from));
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
}
