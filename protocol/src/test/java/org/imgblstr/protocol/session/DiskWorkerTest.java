package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.TrackTarget;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.repair.TrackSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DiskWorkerTest {
    /** A slave with a slow disk that is sent away had a minute of writes in memory, and did them all before it ended. */
    @Test
    @Timeout(60)
    void whatIsQueuedIsNotDoneOnceItIsStopped() throws InterruptedException {
        SlowTarget target = new SlowTarget();
        DiskWorker worker = new DiskWorker(target, true, new NoAnswers());
        worker.skip(0, 1, TrackKind.UNUSED);
        worker.skip(1, 1, TrackKind.UNUSED);
        worker.skip(2, 1, TrackKind.UNUSED);
        Thread thread = new Thread(worker);
        thread.start();
        target.begun.await();

        worker.stop();
        target.goOn.countDown();
        thread.join();

        assertThat(target.skipped).containsExactly(0);
    }

    private static final class SlowTarget implements TrackTarget {
        final List<Integer> skipped = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        private final TrackSpace space = new RehearsedDisk(4).space();

        @Override
        public TrackSpace space() {
            return space;
        }

        @Override
        public void write(int track, ByteBuffer raw) {}

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
            skipped.add(firstTrack);
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
        public void close() {}
    }

    private static final class NoAnswers implements DiskWorker.Answers {
        @Override
        public void onWaiting(TrackSlot slot, int chainStart) {}

        @Override
        public void onUseless(TrackSlot slot) {}

        @Override
        public void onPartial(int track, UnreadableMap map) {}

        @Override
        public void onWritten(TrackSlot slot, long checksum, int rawBytes) {}

        @Override
        public void onVerified(int track, long checksum) {}

        @Override
        public void onBadTrack(int track, TrackSlot slot, String why) {}

        @Override
        public void onSkipped(int firstTrack, int count, TrackKind kind) {}

        @Override
        public void onDigests(TrackSlot slot, ByteBuffer leaves) {}

        @Override
        public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {}

        @Override
        public void onSynced() {}

        @Override
        public void onDiskError(int errno, String why) {}

        @Override
        public void onFault(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
