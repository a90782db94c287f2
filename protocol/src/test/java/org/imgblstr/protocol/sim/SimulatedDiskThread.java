package org.imgblstr.protocol.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.slave.disk.TrackDesk;

/**
 * The thread of a slave's disk in virtual time: runs the real desk on a {@link SimulatedDisk}, one piece of work after the other, each of
 * which takes as long as the disk says.
 */
final class SimulatedDiskThread {
    /** Makes things happen later, unless the program has ended by then. */
    interface Later {
        void after(long delayNs, Runnable run);
    }

    private final SimulatedLan lan;
    private final SimulatedDisk disk;
    private final Later later;
    private final Queue<TrackDesk.Job> jobs = new ArrayDeque<>();
    private final TrackDesk desk;
    private long freeNs;
    private long spentNs;
    private boolean isBusy;

    /**
     * @param seed decides what the last look reads
     * @param engine takes each answer when its time has come
     */
    SimulatedDiskThread(SimulatedLan lan, SimulatedDisk disk, long seed, Later later, Consumer<DiskAnswer> engine) {
        this.lan = lan;
        this.disk = disk;
        this.later = later;
        this.freeNs = lan.nowNs();
        this.desk = new TrackDesk(
                disk, Verification.SAMPLE, seed, jobs, answer -> later.after(workNs(), () -> engine.accept(answer)));
    }

    void hashTracks() {
        desk.hashTracks();
    }

    SlaveDisk orders() {
        return desk;
    }

    /** The disk answers nothing for so long. */
    void pause(Duration time) {
        freeNs = Math.max(freeNs, lan.nowNs()) + time.toNanos();
    }

    /** To be called whenever there may be new orders. */
    void wake() {
        if (!isBusy && !jobs.isEmpty()) {
            isBusy = true;
            work();
        }
    }

    private void work() {
        long waitNs = freeNs - lan.nowNs();
        if (waitNs > 0) {
            later.after(waitNs, this::work);
            return;
        }
        TrackDesk.Job job = desk.next();
        isBusy = job != null && !desk.isStopped();
        if (isBusy) {
            spentNs = disk.spentNs();
            desk.perform(job);
            freeNs = lan.nowNs() + workNs();
            later.after(workNs(), this::work);
        }
    }

    /** How long the present piece of work has taken so far. */
    private long workNs() {
        return disk.spentNs() - spentNs;
    }

    /** The program has ended. */
    void close() {
        if (!desk.isStopped()) {
            desk.stop();
            desk.close();
        }
    }
}
