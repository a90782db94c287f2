package org.imgblstr.cli.common.finish;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.safety.AfterHold;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.WrappedTarget;

/**
 * A disk with which something is done once it is complete: {@link #finish} does it. All else is as with the target below. Source:
 * docs/identity.md, section 1.
 */
public final class FinishingTarget extends WrappedTarget {
    private static final String COMPLETE = "every byte of the image is on the disk, but ";

    private final Disk disk;
    private final List<FinishStep> steps;
    private boolean isClosed;
    private AfterHold hold;

    /**
     * @param target writes to {@code disk}; closed by {@link #close} and by {@link #finish}
     * @param steps in this order; one that fails does not keep the next from being asked
     */
    public FinishingTarget(TrackTarget target, Disk disk, List<FinishStep> steps) {
        super(target);
        this.disk = disk;
        this.steps = List.copyOf(steps);
    }

    /**
     * The disk is closed between the two halves of the steps: no tool gets a partition of a disk that is held. Other imagers are kept away until
     * {@link #close} all the same.
     */
    @Override
    public String finish() {
        List<String> lacks = new ArrayList<>();
        steps.forEach(step -> add(lacks, step.whileHeld(disk)));
        DiskIdentity identity = disk.identity();
        hold = AfterHold.of(identity);
        closeDisk();
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
        closeDisk();
        if (hold != null) {
            hold.close();
        }
    }

    private void closeDisk() {
        if (!isClosed) {
            isClosed = true;
            super.close();
        }
    }
}
