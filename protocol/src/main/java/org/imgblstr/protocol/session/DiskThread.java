package org.imgblstr.protocol.session;

import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.slave.disk.TargetOpener;
import org.imgblstr.protocol.slave.disk.TrackDesk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that a slave's target belongs to: it runs a {@link TrackDesk}, which checks and opens the target, where the operator may be
 * asked, and then writes it. {@code close} is called by the session's thread.
 */
final class DiskThread {
    private static final Logger LOG = LoggerFactory.getLogger(DiskThread.class);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A write that hangs is not waited for any longer when the session ends. */
    private static final long LONGEST_WAIT_MS = 60_000;

    private final BlockingQueue<TrackDesk.Job> jobs = new LinkedBlockingQueue<>();
    private final TrackDesk desk;
    private final Consumer<Throwable> onFault;
    private volatile long busyNs;
    private final Thread thread = new Thread(this::run, "imgslave-disk");

    /**
     * @param isSealed whether the session is, so that its tracks are hashed
     * @param answers takes each answer, on this thread
     * @param onFault takes what ends the thread too early, on this thread
     */
    DiskThread(
            TargetOpener opener,
            Verification verification,
            boolean isSealed,
            Consumer<DiskAnswer> answers,
            Consumer<Throwable> onFault) {
        this.desk = new TrackDesk(opener, verification, RANDOM.nextLong(), jobs, answers);
        if (isSealed) {
            desk.hashTracks();
        }
        this.onFault = onFault;
        thread.setDaemon(true);
    }

    /** Takes orders, from one thread. */
    SlaveDisk orders() {
        return desk;
    }

    void start() {
        thread.start();
    }

    /** Ends the thread after what it is doing, and closes the target. Returns whether the thread has ended in time. */
    boolean close() throws InterruptedException {
        desk.stop();
        jobs.add(() -> {});
        thread.join(LONGEST_WAIT_MS);
        return !thread.isAlive();
    }

    /** For how many nanoseconds the open disk has been busy so far; any thread. */
    long busyNs() {
        return busyNs;
    }

    // Opening the disk may wait for the operator, which is not the disk's time.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void perform(TrackDesk.Job job) throws InterruptedException {
        boolean isOpen = desk.isOpen();
        long beforeNs = System.nanoTime();
        desk.perform(job);
        if (isOpen) {
            busyNs += System.nanoTime() - beforeNs;
        }
    }

    private void run() {
        try (desk) {
            while (!desk.isStopped()) {
                TrackDesk.Job job = desk.next();
                perform(job == null ? jobs.take() : job);
            }
        } catch (InterruptedException e) {
            LOG.debug("disk thread interrupted");
        } catch (RuntimeException | Error e) {
            onFault.accept(e);
        }
    }
}
