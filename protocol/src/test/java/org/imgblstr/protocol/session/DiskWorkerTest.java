package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.TrackSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskWorkerTest {
    /** A slave with a slow disk that is removed had a minute of writes in memory, and did them all before it ended. */
    @Test
    @Timeout(60)
    void whatIsQueuedIsNotDoneOnceItIsStopped() throws InterruptedException {
        SlowTarget target = new SlowTarget();
        DiskWorker worker = new DiskWorker(target, Verification.SAMPLE, 1, new NoAnswers());
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

    @ParameterizedTest
    @ValueSource(strings = {"sound", "forgets", "replaced"})
    @Timeout(60)
    void nothingIsSyncedBeforeTheLastLookAndWhileTheNameStandsForAnotherDisk(String how) throws InterruptedException {
        // given
        FickleTarget target = new FickleTarget();
        List<String> answers = new CopyOnWriteArrayList<>();
        DiskWorker worker = new DiskWorker(target, Verification.SAMPLE, 1, new NoAnswers() {
            @Override
            public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
                answers.add("held " + held.cardinality());
                target.forgets = how.equals("forgets");
                target.isReplaced = how.equals("replaced");
            }

            @Override
            public void onSynced() {
                answers.add("synced");
            }

            @Override
            public void onDiskError(int errno, String why) {
                answers.add(why);
            }

            /** Ends the worker after the sync. */
            @Override
            public void onSkipped(int firstTrack, int count, TrackKind kind) {
                throw new IllegalStateException("enough");
            }

            @Override
            public void onFault(Throwable cause) {
                assertThat(cause).hasMessage("enough");
            }
        });
        ByteBuffer leaves = ByteBuffer.allocate(4 * DigestTracks.LEAF_BYTES);
        for (int track = 0; track < 4; track++) {
            ByteBuffer raw = ByteBuffer.allocate(target.space().rawBytes(track));
            target.read(track, raw);
            DigestTracks.put(leaves, TrackKind.DATA, TrackChecksum.of(raw.flip()));
        }
        // when
        worker.compare(0, 4, leaves.flip());
        worker.sync();
        worker.skip(0, 1, TrackKind.UNUSED);
        worker.run();
        // then
        assertThat(answers).hasSize(2).first().isEqualTo("held 4");
        assertThat(answers.get(1))
                .contains(
                        switch (how) {
                            case "sound" -> "synced";
                            case "forgets" -> "does not keep what is written to it";
                            default -> "replaced";
                        });
    }

    /** Tracks of their own number each, until it forgets. */
    private static final class FickleTarget implements TrackTarget {
        private final TrackSpace space = new RehearsedDisk(4).space();
        private boolean forgets;
        private boolean isReplaced;

        @Override
        public TrackSpace space() {
            return space;
        }

        @Override
        public void write(int track, ByteBuffer raw) {}

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {}

        @Override
        public void read(int track, ByteBuffer into) {
            byte[] bytes = new byte[space.rawBytes(track)];
            Arrays.fill(bytes, (byte) (forgets ? 0x77 : track + 1));
            into.put(bytes);
        }

        @Override
        public void sync() {}

        @Override
        public void checkInPlace() throws DeviceException {
            if (isReplaced) {
                throw new DeviceException("replaced", 0, null);
            }
        }

        @Override
        public void close() {}
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
        public void checkInPlace() {}

        @Override
        public void close() {}
    }

    private static class NoAnswers implements DiskWorker.Answers {
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
