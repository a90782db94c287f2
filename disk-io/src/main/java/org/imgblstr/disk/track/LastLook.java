package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last look at a disk: when everything is written and synced, tracks are read once more in another order. Reading back in the shadow of
 * writing shows that the path is right; the last look shows that the device did not lose, overwrite or misplace a track afterwards.
 * Remembers 8 bytes for each group of tracks, 16 MiB at most. Safe for use by several threads. Source: docs/targets.md, section 6.
 */
public final class LastLook {
    private static final Logger LOG = LoggerFactory.getLogger(LastLook.class);

    /** Groups of tracks with a sum of their own: up to 512 GiB a group is one track. */
    static final int MOST_GROUPS = 1 << 21;

    /** Sums are kept in pages, which are made when they are needed. */
    private static final int PAGE_GROUPS = 1024;

    /** A full look goes through runs of so many groups in an order of chance, and through each run from its start. */
    private static final int RUN_GROUPS = 64;

    private final TrackSpace space;
    private final Verification extent;
    private final SplittableRandom random;
    private final int groupTracks;
    private final long[][] sums;
    private final BitSet known = new BitSet();
    private final BitSet zeros = new BitSet();
    private String suspicion = "";

    /**
     * @param extent not {@link Verification#NONE}
     * @param seed decides what is looked at, and in which order
     */
    public LastLook(TrackSpace space, Verification extent, long seed) {
        this(space, extent, seed, MOST_GROUPS);
    }

    LastLook(TrackSpace space, Verification extent, long seed, int mostGroups) {
        this.space = space;
        this.extent = extent;
        this.random = new SplittableRandom(seed);
        this.groupTracks = (space.trackCount() - 1) / mostGroups + 1;
        this.sums = new long[groupCount() / PAGE_GROUPS + 1][];
    }

    // ---- what is on the disk

    /** A track is on the disk: it was read, and its bytes have this checksum. */
    public synchronized void onGood(int track, long checksum) {
        if (!known.get(track)) {
            known.set(track);
            add(track, checksum);
        }
    }

    /** Tracks are on the disk and read as zero. */
    public synchronized void onZeros(int firstTrack, int count) {
        for (int track = firstTrack; track < firstTrack + count; track++) {
            if (!known.get(track)) {
                known.set(track);
                zeros.set(track);
                add(track, TrackChecksum.ofZeros(space.rawBytes(track)));
            }
        }
    }

    /** Whether a track is on the disk, and will perhaps be looked at. */
    synchronized boolean isKnown(int track) {
        return known.get(track);
    }

    /** A track that is on the disk will be written once more. {@code checksum}: of its bytes on the disk now. */
    synchronized void forget(int track, long checksum) {
        if (known.get(track)) {
            known.clear(track);
            zeros.clear(track);
            add(track, -checksum);
        }
    }

    /** Something was read back that was not written there: bytes that went to a wrong place may have destroyed any track. All are looked at. */
    public synchronized void suspect(String why) {
        if (suspicion.isEmpty()) {
            LOG.warn("{}: the disk is suspect, and all that it was given will be read once more", why);
            suspicion = why;
        }
    }

    private void add(int track, long checksum) {
        int group = track / groupTracks;
        int page = group / PAGE_GROUPS;
        if (sums[page] == null) {
            sums[page] = new long[PAGE_GROUPS];
        }
        sums[page][group % PAGE_GROUPS] += weighed(track, checksum);
    }

    /** So that tracks of a group that have changed places make another sum. Alone in its group a track has its checksum. */
    private long weighed(int track, long checksum) {
        return checksum * (2L * (track % groupTracks) + 1);
    }

    private long sum(int group) {
        long[] page = sums[group / PAGE_GROUPS];
        return page == null ? 0 : page[group % PAGE_GROUPS];
    }

    private int groupCount() {
        return (space.trackCount() - 1) / groupTracks + 1;
    }

    // ---- the look

    /**
     * Reads and compares. Call it once, when the target is synced and no other thread has to do with it.
     *
     * @param isStopped asked now and then: true ends the look early, and nothing is known then
     * @throws DeviceException when the disk fails, or holds anything else than what it was given; the message says what
     */
    public synchronized void run(TrackTarget target, BooleanSupplier isStopped) throws DeviceException {
        boolean isFull = extent == Verification.FULL || !suspicion.isEmpty();
        int[] groups = isFull ? inRuns() : shuffled(sample().stream().toArray());
        ByteBuffer raw = AlignedBuffers.allocate(space.geometry().trackBytes());
        for (int i = 0; i < groups.length && !isStopped.getAsBoolean(); i++) {
            check(groups[i], target, raw);
        }
        LOG.info("last look: {} of {} groups of {} tracks read", groups.length, groupCount(), groupTracks);
    }

    private BitSet sample() {
        BitSet data = (BitSet) known.clone();
        data.andNot(zeros);
        LookSample sample = new LookSample(space, groupTracks, random);
        sample.addEnds(known);
        sample.addSpread(data);
        sample.addSpread(zeros);
        sample.addAliases(known, this::sum);
        return sample.groups();
    }

    /** All groups that hold something. */
    private int[] inRuns() {
        BitSet groups = new BitSet();
        for (int track = known.nextSetBit(0); track >= 0; track = known.nextSetBit(track + 1)) {
            groups.set(track / groupTracks);
        }
        int[] starts = new int[(groupCount() - 1) / RUN_GROUPS + 1];
        for (int run = 0; run < starts.length; run++) {
            starts[run] = run * RUN_GROUPS;
        }
        int[] order = new int[groups.cardinality()];
        int count = 0;
        for (int start : shuffled(starts)) {
            for (int group = groups.nextSetBit(start);
                    group >= 0 && group < start + RUN_GROUPS;
                    group = groups.nextSetBit(group + 1)) {
                order[count++] = group;
            }
        }
        return order;
    }

    private int[] shuffled(int[] groups) {
        for (int i = groups.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = groups[i];
            groups[i] = groups[other];
            groups[other] = moved;
        }
        return groups;
    }

    private void check(int group, TrackTarget target, ByteBuffer raw) throws DeviceException {
        int end = Math.min(space.trackCount(), (group + 1) * groupTracks);
        long found = 0;
        for (int track = known.nextSetBit(group * groupTracks);
                track >= 0 && track < end;
                track = known.nextSetBit(track + 1)) {
            found += weighed(track, checksumOf(track, target, raw));
        }
        if (found != sum(group)) {
            throw new DeviceException(message(group, found), 0, null);
        }
    }

    private long checksumOf(int track, TrackTarget target, ByteBuffer raw) throws DeviceException {
        int rawBytes = space.rawBytes(track);
        if (zeros.get(track) && target.endOfHole(track) > track) {
            return TrackChecksum.ofZeros(rawBytes);
        }
        target.read(track, raw.clear().limit(rawBytes));
        return TrackChecksum.of(raw.clear().limit(rawBytes));
    }

    // ---- what is said

    private String message(int group, long found) {
        int track = known.nextSetBit(group * groupTracks);
        String where = groupTracks == 1
                ? "track " + track + " (byte " + firstByte(track) + " of the image)"
                : "one of " + groupTracks + " tracks from track " + track + " on (byte " + firstByte(track)
                        + " of the image)";
        String before = suspicion.isEmpty() ? "" : "; while it was written: " + suspicion;
        return "the disk does not keep what is written to it: " + where + " read back right and now "
                + finding(track, found) + before + ". What is on it is not complete; use another disk";
    }

    private String finding(int track, long found) {
        if (groupTracks > 1) {
            return "holds something else";
        }
        if (found == TrackChecksum.ofZeros(space.rawBytes(track))) {
            return "reads as zeros";
        }
        int other = trackWith(found);
        if (other < 0) {
            return "holds something else";
        }
        String shows = "shows what was written to track " + other;
        long apart = firstByte(other) - firstByte(track);
        return apart < 0
                ? shows
                : shows + ": it holds only about " + apart + " bytes, whatever size it claims (false capacity)";
    }

    /** The track that was given bytes with this checksum; -1 when none is known. */
    private int trackWith(long checksum) {
        for (int track = known.nextSetBit(0); track >= 0; track = known.nextSetBit(track + 1)) {
            if (sum(track) == checksum) {
                return track;
            }
        }
        return -1;
    }

    private long firstByte(int track) {
        return space.rangeBytes(0, track);
    }
}
