package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;

/**
 * A target whose capacity is looked at before anything else is done with it ({@link CapacityProbe}). What has failed that look is never
 * written. Safe for use by several threads.
 */
public final class ProbedTarget extends WrappedTarget {
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
        super(target);
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
    public void write(int track, ByteBuffer raw) throws DeviceException {
        probe();
        super.write(track, raw);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        probe();
        super.skip(firstTrack, count, kind);
    }

    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        probe();
        super.read(track, into);
    }

    @Override
    public void sync() throws DeviceException {
        probe();
        super.sync();
    }
}
