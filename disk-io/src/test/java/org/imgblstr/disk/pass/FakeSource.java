package org.imgblstr.disk.pass;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackSource;

/** A disk in memory with small tracks: some zero, some unreadable, one perhaps fatal. */
class FakeSource implements TrackSource {
    static final int TRACK_BYTES = 4096;

    final AtomicInteger reads = new AtomicInteger();
    private final TrackSpace space;
    private final byte[] content;
    Set<Integer> unreadable = Set.of();
    Map<Integer, UnreadableMap> partial = Map.of();
    int fatalTrack = -1;
    RuntimeException fault;

    /** Every fifth track from the third on is zero; the last track is short. */
    FakeSource(int tracks, long seed) {
        long sectors = (long) tracks * TRACK_BYTES / 512 - 3;
        space = new TrackSpace(
                new Geometry(512, 4, TRACK_BYTES / 512, sectors), List.of(new Region(0, 0, sectors, "")));
        content = new byte[(int) sectors * 512];
        new Random(seed).nextBytes(content);
        for (int track = 2; track < tracks; track += 5) {
            int end = Math.min(content.length, (track + 1) * TRACK_BYTES);
            Arrays.fill(content, track * TRACK_BYTES, end, (byte) 0);
        }
    }

    /** As above; all tracks shrink but for those that are random. */
    static FakeSource shrinking(int tracks, long seed) {
        FakeSource source = new FakeSource(tracks, seed);
        source.makeShrink();
        return source;
    }

    final void makeShrink() {
        makeShrink(track -> !isRandom(track));
    }

    /** {@code shrinks}: by the number of a track. */
    final void makeShrink(IntPredicate shrinks) {
        for (int at = 0; at < content.length; at++) {
            content[at] &= shrinks.test(at / TRACK_BYTES) ? 0x07 : (byte) 0xFF;
        }
    }

    static boolean isRandom(int track) {
        return track % 7 == 4;
    }

    static boolean isZero(int track) {
        return track % 5 == 2;
    }

    byte[] content() {
        return content.clone();
    }

    byte[] track(int track) {
        return Arrays.copyOfRange(content, track * TRACK_BYTES, track * TRACK_BYTES + space.rawBytes(track));
    }

    private static BitSet all(int sectors) {
        BitSet units = new BitSet();
        units.set(0, sectors);
        return units;
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    @Override
    public UnreadableMap read(int track, ByteBuffer into) throws DeviceException {
        reads.incrementAndGet();
        if (fault != null) {
            throw fault;
        }
        if (track == fatalTrack) {
            throw new DeviceException("track " + track + ": the device is gone", 19, null);
        }
        if (unreadable.contains(track)) {
            return UnreadableMap.of(space.rawBytes(track), all(space.sectorCount(track)));
        }
        byte[] bytes = track(track);
        UnreadableMap map = partial.getOrDefault(track, UnreadableMap.NONE);
        map.forEachRange((from, end) -> Arrays.fill(bytes, from, end, (byte) 0));
        into.put(bytes);
        return map;
    }
}
