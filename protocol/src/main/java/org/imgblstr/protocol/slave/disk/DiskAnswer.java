package org.imgblstr.protocol.slave.disk;

/** One answer of a disk on its way to the engine: made where the disk works, told on the engine's thread. */
@FunctionalInterface
public interface DiskAnswer {
    /** Calls the method of {@code answers} that this answer stands for, once; {@code nowNs}: the engine's time. */
    void tell(DiskAnswers answers, long nowNs);
}
