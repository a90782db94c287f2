package org.imgblstr.cli.common.finish;

import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;

/** One thing that is done with a disk once its copy is proven. Called once, by one thread; may take minutes. */
public interface FinishStep {
    /**
     * First, while nobody else can open the disk for writing.
     *
     * @return why it failed, a clause behind "every byte of the image is on the disk, but"; "" when all is well
     */
    default String whileHeld(Disk disk) {
        return "";
    }

    /**
     * Then, when the disk is closed and the kernel has read its table again.
     *
     * @param isWell whether all that came before has ended well
     * @return as {@link #whileHeld}
     */
    String whenFree(DiskIdentity disk, boolean isWell);

    /** In place of {@link #whenFree} when the operator has interrupted before: what is not done, a clause; "" for nothing. */
    default String whenStopped() {
        return "";
    }

    /** The operator interrupts while {@link #whenFree} runs: it ends what may be ended at any place, and finishes the rest. Another thread. */
    default void stop() {}

    /** What was done, a few words for the operator of the master; "" for nothing. After both. */
    default String remark() {
        return "";
    }
}
