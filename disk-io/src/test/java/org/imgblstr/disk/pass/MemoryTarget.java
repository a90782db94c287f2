package org.imgblstr.disk.pass;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;

/** A disk in memory, full of old bytes, that may fail in every way in which disks do. Counts what is done with it. */
final class MemoryTarget implements TrackTarget {
    final byte[] content;
    final Set<Integer> readBack = ConcurrentHashMap.newKeySet();
    final AtomicInteger readsAfterSync = new AtomicInteger();
    final AtomicInteger syncs = new AtomicInteger();

    /** A track that reads back wrong every time; -1 for none. */
    int lyingTrack = -1;

    /** A track that cannot be written; -1 for none. */
    int failingTrack = -1;

    /** Tracks that it really has: what is beyond wraps around. */
    int capacityTracks = Integer.MAX_VALUE;

    /** A track that is written to the place of the next one, the first time; -1 for none. */
    volatile int misplacedTrack = -1;

    /** Whether its name stands for another disk by now. */
    boolean isReplaced;

    private final TrackSpace space;

    private MemoryTarget(TrackSpace space, int bytes) {
        this.space = space;
        this.content = new byte[bytes];
        Arrays.fill(content, (byte) 0x5A);
    }

    MemoryTarget(TrackSpace space) {
        this(space, (int) space.totalBytes());
    }

    /** One that is never written. */
    static MemoryTarget ofNothing(TrackSpace space) {
        return new MemoryTarget(space, 0);
    }

    @Override
    public TrackSpace space() {
        return space;
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        if (track == failingTrack) {
            throw new DeviceException("no more", 5, null);
        }
        int place = track % capacityTracks;
        if (track == misplacedTrack) {
            misplacedTrack = -1;
            place++;
        }
        raw.get(content, place * FakeSource.TRACK_BYTES, raw.remaining());
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        if (kind.isZeroed()) {
            int at = firstTrack * FakeSource.TRACK_BYTES;
            Arrays.fill(content, at, at + (int) space.rangeBytes(firstTrack, firstTrack + count), (byte) 0);
        }
    }

    @Override
    public void read(int track, ByteBuffer into) {
        readBack.add(track);
        readsAfterSync.addAndGet(syncs.get());
        int at = into.position();
        into.put(content, track % capacityTracks * FakeSource.TRACK_BYTES, space.rawBytes(track));
        if (track == lyingTrack) {
            into.put(at + 100, (byte) (into.get(at + 100) ^ 1));
        }
    }

    @Override
    public void sync() {
        syncs.incrementAndGet();
    }

    @Override
    public void checkInPlace() throws DeviceException {
        if (isReplaced) {
            throw new DeviceException("replaced", 0, null);
        }
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
