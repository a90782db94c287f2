package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.slave.disk.TargetOpener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DiskThreadTest {
    private final RehearsedDisk rehearsed = new RehearsedDisk(4);
    private final SlowTarget target = new SlowTarget();
    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
    private final DiskThread disk = new DiskThread(target, Verification.SAMPLE, false, answer -> {}, fault::complete);

    /** A slave with a slow disk that is removed had a minute of writes in memory, and did them all before it ended. */
    @Test
    void whatIsQueuedIsNotDoneOnceItIsClosed() throws InterruptedException {
        disk.orders().open(rehearsed.image(), AfterCopy.NOTHING);
        disk.orders().skip(0, 1, TrackKind.UNUSED);
        disk.orders().skip(1, 1, TrackKind.UNUSED);
        disk.start();
        target.begun.await();
        Thread closing = new Thread(this::close);
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        target.goOn.countDown();
        closing.join();

        assertThat(target.done).containsExactly("skip 0", "close");
        assertThat(fault).isNotDone();
    }

    private void close() {
        try {
            assertThat(disk.close()).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anOrderWakesAThreadThatWaits() throws InterruptedException {
        target.goOn.countDown();
        disk.start();

        disk.orders().open(rehearsed.image(), AfterCopy.NOTHING);
        disk.orders().skip(0, 1, TrackKind.UNUSED);
        target.begun.await();

        assertThat(disk.close()).isTrue();
        assertThat(target.done).containsExactly("skip 0", "close");
    }

    @Test
    void aFaultOfOursIsToldAndTheTargetIsClosed() throws InterruptedException {
        disk.orders().open(rehearsed.image(), AfterCopy.NOTHING);
        disk.orders().skip(7, 1, TrackKind.UNUSED);
        disk.start();

        assertThat(fault.join()).hasMessage("track 7");
        assertThat(disk.close()).isTrue();
        assertThat(target.done).containsExactly("close");
    }

    @Test
    void oneThatWasNeverStartedIsClosedAtOnce() throws InterruptedException {
        assertThat(disk.close()).isTrue();
    }

    private final class SlowTarget implements TargetOpener, TrackTarget {
        final List<String> done = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public long deviceBytes() {
            return rehearsed.deviceBytes();
        }

        @Override
        public int sectorBytes() {
            return rehearsed.sectorBytes();
        }

        @Override
        public void check(SessionImage image) {}

        @Override
        public TrackTarget open(SessionImage image) {
            return this;
        }

        @Override
        public TrackSpace space() {
            return rehearsed.space();
        }

        @Override
        public void write(int track, ByteBuffer raw) {}

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
            if (firstTrack > 3) {
                throw new IllegalStateException("track " + firstTrack);
            }
            done.add("skip " + firstTrack);
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new DeviceException("interrupted", 4, e);
            }
        }

        @Override
        public void read(int track, ByteBuffer into) {}

        @Override
        public void sync() {}

        @Override
        public void checkInPlace() {}

        @Override
        public void close() {
            done.add("close");
        }
    }
}
