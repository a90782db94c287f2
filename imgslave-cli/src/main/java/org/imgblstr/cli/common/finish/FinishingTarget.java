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
    private boolean isFinishing;
    private boolean isStopped;
    private FinishStep current;

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
        setFinishing(true);
        steps.forEach(step -> add(lacks, step.whileHeld(disk)));
        DiskIdentity identity = disk.identity();
        hold = AfterHold.of(identity);
        closeDisk();
        for (FinishStep step : steps) {
            add(lacks, begin(step) ? step.whenFree(identity, lacks.isEmpty()) : step.whenStopped());
        }
        boolean isCut = setFinishing(false);
        if (lacks.isEmpty()) {
            return "";
        }
        String done = isCut ? remark() : "";
        return COMPLETE
                + (isCut ? "the operator has interrupted: " : "")
                + String.join("; ", lacks)
                + (done.isEmpty() ? "" : "; done before: " + done);
    }

    /**
     * The operator interrupts: hooks are ended, a step that changes the disk is finished, and none follows. Any thread.
     *
     * @return false when {@link #finish} does not run: then nothing is changed
     */
    public synchronized boolean stop() {
        if (isFinishing && !isStopped) {
            isStopped = true;
            if (current != null) {
                current.stop();
            }
        }
        return isFinishing;
    }

    private synchronized boolean begin(FinishStep step) {
        current = step;
        return !isStopped;
    }

    private synchronized boolean setFinishing(boolean value) {
        isFinishing = value;
        current = null;
        return isStopped;
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
