package org.imgblstr.disk.track;

import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;

/** A target before another one: it hands on everything, and subclasses add to some of it. As safe for several threads as the target below. */
public abstract class WrappedTarget implements TrackTarget {
    private final TrackTarget target;

    /** {@code target}: closed by {@link #close}. */
    protected WrappedTarget(TrackTarget target) {
        this.target = target;
    }

    @Override
    public TrackSpace space() {
        return target.space();
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        target.write(track, raw);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        target.skip(firstTrack, count, kind);
    }

    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        target.read(track, into);
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return target.endOfHole(track);
    }

    @Override
    public void sync() throws DeviceException {
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
    public String remark() {
        return target.remark();
    }

    @Override
    public void close() {
        target.close();
    }
}
