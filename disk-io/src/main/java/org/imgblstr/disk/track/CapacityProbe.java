package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.DiskList;
import org.imgblstr.disk.device.DiskList.Attachment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A quick look whether a disk has the capacity that it claims, before it is overwritten as a whole. Marks are written at powers of two and in the
 * last block, synced and read; then what was there before is put back. A disk that wraps at a power of two shows one mark in two places;
 * one that drops what lies behind its end shows no mark. What this does not find, the last look does. One thread. Source: docs/targets.md,
 * section 8.
 */
public final class CapacityProbe {
    private static final Logger LOG = LoggerFactory.getLogger(CapacityProbe.class);

    /** What each mark begins with, for whoever finds one after a power cut. */
    static final String WORDS = "imgblstr: a mark that shows the capacity of this disk";

    static final int MARK_BYTES = 4096;

    private static final int PIECE_BYTES = 512;

    /** The lowest mark lies behind tables and boot records, before where a first partition usually begins. */
    static final long LOWEST = (1L << 20) - MARK_BYTES;

    private static final long LEAST_DISTANCE = 1L << 20;

    private final Disk disk;
    private final SplittableRandom random;
    /** What was at each place before, from the highest place down. */
    private final Map<Long, ByteBuffer> before = new LinkedHashMap<>();

    private final Map<Long, ByteBuffer> marks = new LinkedHashMap<>();

    private CapacityProbe(Disk disk, long seed) {
        this.disk = disk;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Whether a disk is looked at: a whole disk that has no heads or comes and goes. Drives with heads that are built in have the capacity that they
     * claim, and each mark would cost them several turns.
     */
    public static boolean isDueFor(DiskIdentity identity) throws DeviceException {
        if (identity.kind() != DiskIdentity.Kind.DISK) {
            return false;
        }
        Attachment attachment = DiskList.attachment(identity);
        boolean isBuiltOnOthers =
                attachment.bus().equals("map") || attachment.bus().equals("raid");
        return attachment.isRemovable() || (!isBuiltOnOthers && !DiskList.isRotating(identity));
    }

    /**
     * Looks at a disk that is open for writing. All bytes are as before when it returns or throws, unless the disk itself fails.
     *
     * @param seed makes marks that no earlier look has left
     * @throws DeviceException when the disk holds less than it claims, or fails
     */
    public static void check(Disk disk, long seed) throws DeviceException {
        CapacityProbe probe = new CapacityProbe(disk, seed);
        for (long place : places(disk.sizeBytes())) {
            probe.remember(place);
        }
        try {
            probe.mark();
            probe.compare();
        } catch (DeviceException e) {
            try {
                probe.putBack();
            } catch (DeviceException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        probe.putBack();
    }

    /** Bytes of the disk where marks begin, from the highest down. */
    static List<Long> places(long sizeBytes) {
        TreeSet<Long> places = new TreeSet<>();
        long last = sizeBytes / MARK_BYTES * MARK_BYTES - MARK_BYTES;
        for (long distance = LEAST_DISTANCE; LOWEST + distance <= last && distance > 0; distance *= 2) {
            places.add(LOWEST + distance);
        }
        if (!places.isEmpty()) {
            places.add(LOWEST);
            places.add(last);
        }
        return new ArrayList<>(places.descendingSet());
    }

    /** A place that cannot be read could not be put back, so that it is left alone: writing may mend it. */
    private void remember(long place) throws DeviceException {
        ByteBuffer bytes = AlignedBuffers.allocate(MARK_BYTES);
        try {
            disk.read(place, bytes);
            before.put(place, bytes.flip());
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            LOG.debug("no mark at byte {}: {}", place, e.getMessage());
        }
    }

    private void mark() throws DeviceException {
        for (long place : before.keySet()) {
            marks.put(place, markOf(place, random));
        }
        for (Map.Entry<Long, ByteBuffer> mark : marks.entrySet()) {
            disk.write(mark.getKey(), mark.getValue().duplicate());
        }
        disk.sync();
    }

    /** Each piece of it says what it is, however large the sectors are of which a power cut leaves some. */
    static ByteBuffer markOf(long place, SplittableRandom random) {
        ByteBuffer mark = AlignedBuffers.allocate(MARK_BYTES);
        byte[] piece = new byte[PIECE_BYTES];
        for (int at = 0; at < MARK_BYTES; at += PIECE_BYTES) {
            random.nextBytes(piece);
            byte[] words = (WORDS + ", at byte " + (place + at) + "\n").getBytes(StandardCharsets.US_ASCII);
            mark.put(at, piece).put(at, words);
        }
        return mark;
    }

    private void compare() throws DeviceException {
        ByteBuffer found = AlignedBuffers.allocate(MARK_BYTES);
        long firstWrong = -1;
        long shown = -1;
        long good = -1;
        for (Map.Entry<Long, ByteBuffer> mark : marks.entrySet()) {
            disk.read(mark.getKey(), found.clear());
            if (found.flip().equals(mark.getValue())) {
                good = Math.max(good, mark.getKey());
            } else {
                firstWrong = mark.getKey();
                shown = placeOf(found);
            }
        }
        if (firstWrong >= 0) {
            throw new DeviceException(
                    disk.identity().describe() + ": " + finding(firstWrong, shown, good)
                            + ". Nothing else was written to it; use another disk",
                    0,
                    null);
        }
    }

    /**
     * What a disk is that has shown a wrong mark.
     *
     * @param wrong the lowest place whose mark is wrong
     * @param shown whose mark it shows; -1 when it shows none
     * @param good the highest place whose mark is right; -1 when none is
     */
    private static String finding(long wrong, long shown, long good) {
        String text = "what was written at byte " + wrong;
        if (shown >= 0) {
            return text + " shows what was written at byte " + shown + ": the disk has only about "
                    + Math.abs(wrong - shown) + " bytes, whatever size it claims (false capacity)";
        }
        text += " does not come back";
        if (good > wrong) {
            return text + ": the disk does not keep what is written to it";
        }
        return text + (good < 0 ? ", nor what was written elsewhere" : ", while byte " + good + " keeps it")
                + ": the disk holds less than it claims (false capacity)";
    }

    private long placeOf(ByteBuffer found) {
        for (Map.Entry<Long, ByteBuffer> mark : marks.entrySet()) {
            if (mark.getValue().equals(found)) {
                return mark.getKey();
            }
        }
        return -1;
    }

    private void putBack() throws DeviceException {
        for (Map.Entry<Long, ByteBuffer> place : before.entrySet()) {
            disk.write(place.getKey(), place.getValue().duplicate());
        }
        disk.sync();
    }
}
