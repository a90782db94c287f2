package org.imgblstr.protocol.slave.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.SessionImage;

/** A disk of small tracks in memory that remembers what was done to it, and fails where a test wants it to. */
class MemoryTarget implements TargetOpener, TrackTarget {
    static final int RAW_BYTES = 4096;

    final SessionImage image;
    final byte[][] tracks;
    final List<String> done = new ArrayList<>();
    RefusedException refusal;
    DeviceException failure;
    boolean isReplaced;
    String lack = "";
    String remark = "";

    MemoryTarget(int trackCount) {
        long sectors = (long) trackCount * RAW_BYTES / 512;
        Geometry geometry = new Geometry(512, 4, RAW_BYTES / 512, sectors);
        TrackSpace space = new TrackSpace(geometry, List.of(new Region(0, 0, sectors, "")));
        this.image = new SessionImage(new UUID(1, 2), "in memory", space, 0);
        this.tracks = new byte[trackCount][RAW_BYTES];
    }

    /** From now on all tracks read as something else. */
    void forget() {
        for (byte[] track : tracks) {
            Arrays.fill(track, (byte) 0x77);
        }
    }

    @Override
    public long deviceBytes() {
        return (long) tracks.length * RAW_BYTES;
    }

    @Override
    public int sectorBytes() {
        return 512;
    }

    @Override
    public void check(SessionImage announced) throws RefusedException {
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public TrackTarget open(SessionImage announced) throws RefusedException, DeviceException {
        if (refusal != null) {
            throw refusal;
        }
        fail();
        return this;
    }

    private void fail() throws DeviceException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public TrackSpace space() {
        return image.space();
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        fail();
        done.add("write " + track);
        raw.duplicate().get(tracks[track]);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        fail();
        done.add("skip " + firstTrack + "+" + count);
    }

    @Override
    public void read(int track, ByteBuffer into) {
        done.add("read " + track);
        into.put(tracks[track]);
    }

    @Override
    public void sync() {
        done.add("sync");
    }

    @Override
    public void checkInPlace() throws DeviceException {
        if (isReplaced) {
            throw new DeviceException("replaced", 0, null);
        }
    }

    @Override
    public String finish() {
        done.add("finish");
        return lack;
    }

    @Override
    public String remark() {
        return remark;
    }

    @Override
    public void close() {
        done.add("close");
    }
}
