package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.SlaveEngine;

/**
 * A slave's target and the thread that it belongs to: checked and opened there, which may ask the operator, then written by the
 * {@link DiskWorker}. Answers go to the engine on the loop. {@code check} and {@code open} are called on the loop, {@code close} by the
 * session's thread.
 */
final class SlaveDisk implements DiskWorker.Answers {
    private interface Task {
        /** Runs on the disk's thread; what it returns runs on the loop. */
        Runnable run() throws RefusedException, DeviceException;
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final TargetOpener opener;
    private final Verification verification;
    private final SlaveEngine engine;
    private final LongSupplier clock;
    private final Consumer<Runnable> onLoop;
    private final Consumer<Throwable> onFault;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "imgslave-disk");
        made.setDaemon(true);
        return made;
    });
    private volatile DiskWorker worker;
    private TrackTarget target;

    /**
     * @param clock nanoseconds of the engine's time
     * @param onLoop runs an answer on the loop
     */
    SlaveDisk(
            TargetOpener opener,
            Verification verification,
            SlaveEngine engine,
            LongSupplier clock,
            Consumer<Runnable> onLoop,
            Consumer<Throwable> onFault) {
        this.opener = opener;
        this.verification = verification;
        this.engine = engine;
        this.clock = clock;
        this.onLoop = onLoop;
        this.onFault = onFault;
    }

    void check(SessionImage image) {
        onThread(() -> {
            opener.check(image);
            return () -> engine.onChecked(clock.getAsLong());
        });
    }

    void open(SessionImage image) {
        onThread(() -> {
            target = opener.open(image);
            worker = new DiskWorker(target, verification, RANDOM.nextLong(), this);
            return () -> {
                engine.onOpened(clock.getAsLong());
                thread.execute(worker);
            };
        });
    }

    /** Takes work, once the target is open. */
    DiskWorker worker() {
        return worker;
    }

    /** Ends the thread after what it is doing, and closes the target. Returns whether the thread has ended in time. */
    boolean close() throws InterruptedException {
        if (worker != null) {
            worker.stop();
        }
        thread.execute(() -> {
            if (target != null) {
                target.close();
            }
        });
        thread.shutdown();
        return thread.awaitTermination(1, TimeUnit.MINUTES);
    }

    private void onThread(Task task) {
        thread.execute(() -> {
            try {
                onLoop.accept(task.run());
            } catch (RefusedException e) {
                boolean isMisfit = e.reason() == RefusedException.Reason.DOES_NOT_FIT;
                Result why = isMisfit ? Result.DOES_NOT_FIT : Result.REFUSED;
                onLoop.accept(() -> engine.onRefused(why, e.getMessage(), clock.getAsLong()));
            } catch (DeviceException e) {
                onDiskError(e.errno(), e.getMessage());
            } catch (RuntimeException | Error e) {
                onFault(e);
            }
        });
    }

    @Override
    public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        onLoop.accept(() -> engine.disk().onWritten(slot, checksum, rawBytes));
    }

    @Override
    public void onPartial(int track, UnreadableMap map) {
        onLoop.accept(() -> engine.disk().onPartial(track, map));
    }

    @Override
    public void onWaiting(TrackSlot slot, int chainStart) {
        onLoop.accept(() -> engine.disk().onWaiting(slot, chainStart));
    }

    @Override
    public void onUseless(TrackSlot slot) {
        onLoop.accept(() -> engine.disk().onUseless(slot));
    }

    @Override
    public void onVerified(int track, long checksum) {
        onLoop.accept(() -> engine.disk().onVerified(track, checksum));
    }

    @Override
    public void onBadTrack(int track, TrackSlot slot, String why) {
        onLoop.accept(() -> engine.disk().onBadTrack(track, slot, why, clock.getAsLong()));
    }

    @Override
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        onLoop.accept(() -> engine.disk().onSkipped(firstTrack, count, kind));
    }

    @Override
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {
        onLoop.accept(() -> engine.disk().onDigests(slot, leaves));
    }

    @Override
    public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        onLoop.accept(() -> engine.disk().onCompared(firstTrack, count, held, leaves));
    }

    @Override
    public void onSynced() {
        onLoop.accept(() -> engine.disk().onSynced());
    }

    @Override
    public void onDiskError(int errno, String why) {
        onLoop.accept(() -> engine.disk().onDiskError(errno, why, clock.getAsLong()));
    }

    @Override
    public void onFault(Throwable cause) {
        onFault.accept(cause);
    }
}
