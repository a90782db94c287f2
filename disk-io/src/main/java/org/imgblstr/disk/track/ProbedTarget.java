package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * A target whose capacity is looked at before anything else is done with it ({@link CapacityProbe}). What has failed that look is never
 * written. Safe for use by several threads.
 */
public final class ProbedTarget implements TrackTarget {
    private final TrackTarget target;
    private final Disk disk;
    private final long seed;
    private DeviceException failure;
    private volatile boolean isGood;

    /**
     * @param target closed by {@link #close}
     * @param disk what {@code target} writes to, all of it
     * @param seed of {@link CapacityProbe#check}
     */
    public ProbedTarget(TrackTarget target, Disk disk, long seed) {
        this.target = target;
        this.disk = disk;
        this.seed = seed;
    }

    private void probe() throws DeviceException {
        if (!isGood) {
            probeOnce();
        }
    }

    private synchronized void probeOnce() throws DeviceException {
        if (failure != null) {
            throw failure;
        }
        if (!isGood) {
            try {
                CapacityProbe.check(disk, seed);
                isGood = true;
            } catch (DeviceException e) {
                failure = e;
                throw e;
            }
        }
    }

    @Override
    public TrackSpace space() {
        return target.space();
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        probe();
        target.write(track, raw);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        probe();
        target.skip(firstTrack, count, kind);
    }

    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        probe();
        target.read(track, into);
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return target.endOfHole(track);
    }

    @Override
    public void sync() throws DeviceException {
        probe();
        target.sync();
    }

    @Override
    public void checkInPlace() throws DeviceException {
        target.checkInPlace();
    }

    @Override
    public String finish() {
        return target.finish();
    }

    @Override
    public void close() {
        target.close();
    }
}
