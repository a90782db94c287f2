package org.imgblstr.cli.common.finish;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;

/**
 * A disk with which something is done once it is complete: {@link #finish} does it. All else is as with the target below. Source:
 * docs/identity.md, section 1.
 */
public final class FinishingTarget implements TrackTarget {
    private static final String COMPLETE = "every byte of the image is on the disk, but ";

    private final TrackTarget target;
    private final Disk disk;
    private final List<FinishStep> steps;
    private boolean isClosed;

    /**
     * @param target writes to {@code disk}; closed by {@link #close} and by {@link #finish}
     * @param steps in this order; one that fails does not keep the next from being asked
     */
    public FinishingTarget(TrackTarget target, Disk disk, List<FinishStep> steps) {
        this.target = target;
        this.disk = disk;
        this.steps = List.copyOf(steps);
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

    /** The disk is closed between the two halves of the steps: no tool gets a partition of a disk that is held. */
    @Override
    public String finish() {
        List<String> lacks = new ArrayList<>();
        steps.forEach(step -> add(lacks, step.whileHeld(disk)));
        DiskIdentity identity = disk.identity();
        close();
        steps.forEach(step -> add(lacks, step.whenFree(identity, lacks.isEmpty())));
        return lacks.isEmpty() ? "" : COMPLETE + String.join("; ", lacks);
    }

    @Override
    public String remark() {
        return steps.stream()
                .map(FinishStep::remark)
                .filter(remark -> !remark.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static void add(List<String> lacks, String lack) {
        if (!lack.isEmpty()) {
            lacks.add(lack);
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            target.close();
        }
    }
}
