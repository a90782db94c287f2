package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.track.LastLook;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.TrackWriter;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.repair.ChainDesk;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.TrackSlot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a slave that decodes, writes and reads back. Reading back happens in the shadow of the wire: a track is read back when
 * nothing waits to be written, or when {@link TrackWriter#isVerifyDue}. Work that is queued is bounded by the slave's slots.
 */
final class DiskWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWorker.class);

    /** Tracks of a skip range dealt with in one go: 256 MiB, so that the master hears of progress. */
    private static final int SKIP_STEP = 1024;

    /** Tracks read and compared in one go: 4 MiB, some milliseconds. */
    private static final int COMPARE_STEP = 16;

    /** Told on the worker's thread. */
    interface Answers {
        void onWritten(TrackSlot slot, long checksum, int rawBytes);

        /** Told before {@link #onWritten} of a track that lacks what the master could not read. */
        void onPartial(int track, UnreadableMap map);

        /** A link is kept until the links before it have come, from {@code chainStart} on. */
        void onWaiting(TrackSlot slot, int chainStart);

        /** A link cannot be decoded: the track is wanted alone. */
        void onUseless(TrackSlot slot);

        void onVerified(int track, long checksum);

        /** {@code slot}: null when it was given back already. */
        void onBadTrack(int track, TrackSlot slot, String why);

        void onSkipped(int firstTrack, int count, TrackKind kind);

        void onDigests(TrackSlot slot, ByteBuffer leaves);

        void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves);

        void onSynced();

        void onDiskError(int errno, String why);

        void onFault(Throwable cause);
    }

    /** A piece of work; it may fail with the disk. */
    private interface Job {
        void run() throws DeviceException;
    }

    private static final Job STOP = () -> {};

    private final TrackTarget target;
    private final LastLook look;
    private final TrackWriter writer;
    private final Answers answers;
    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final ChainDesk desk = new ChainDesk();
    private final TrackDecoder digestDecoder = new TrackDecoder();
    private volatile boolean isStopped;

    /** {@code seed}: decides what the last look reads, and in which order. */
    DiskWorker(TrackTarget target, Verification verification, long seed, Answers answers) {
        this.target = target;
        this.look = verification.readsBack() ? new LastLook(target.space(), verification, seed) : null;
        this.writer = new TrackWriter(target, look);
        this.answers = answers;
    }

    void write(TrackSlot slot) {
        jobs.add(() -> decodeAndWrite(slot));
    }

    /** A link that waits need not wait any longer, unless it is decoded before this gets its turn. */
    void giveUp(int track) {
        jobs.add(() -> {
            desk.giveUp(track);
            tellUseless();
        });
    }

    void skip(int firstTrack, int count, TrackKind kind) {
        jobs.add(() -> skipInSteps(firstTrack, count, kind));
    }

    void decodeDigests(TrackSlot slot) {
        jobs.add(() -> decodeDigestTrack(slot));
    }

    /** Compares a few tracks and queues the rest behind what came meanwhile, so that writes never wait long. */
    void compare(int firstTrack, int count, ByteBuffer leaves) {
        jobs.add(() -> {
            int step = compareSteps(count, leaves);
            compareStep(firstTrack, step, leaves);
            if (count > step) {
                int used = step * DigestTracks.LEAF_BYTES;
                compare(firstTrack + step, count - step, leaves.slice(used, leaves.limit() - used));
            }
        });
    }

    /** How many tracks are compared before others get their turn: those that are not read cost nothing. */
    private static int compareSteps(int count, ByteBuffer leaves) {
        int step = 0;
        for (int reads = 0; step < count && reads < COMPARE_STEP; step++) {
            reads += isRead(DigestTracks.kind(leaves, step)) ? 1 : 0;
        }
        return step;
    }

    private static boolean isRead(TrackKind kind) {
        return kind == TrackKind.DATA || kind == TrackKind.ZERO;
    }

    /** Syncs, looks a last time at what is on the disk, and whether it is still the disk that the operator named. */
    void sync() {
        jobs.add(() -> {
            target.sync();
            if (look != null) {
                look.run(target, () -> isStopped);
            }
            target.checkInPlace();
            if (!isStopped) {
                answers.onSynced();
            }
        });
    }

    /** Ends the thread after what it is doing: by now all that is wanted is on the disk, or nothing more is wanted. */
    void stop() {
        isStopped = true;
        jobs.add(STOP);
    }

    @Override
    public void run() {
        try {
            Job job;
            while (!isStopped && (job = next()) != STOP) {
                job.run();
            }
        } catch (DeviceException e) {
            LOG.warn("disk failed", e);
            answers.onDiskError(e.errno(), e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("disk worker interrupted");
        } catch (RuntimeException | Error e) {
            answers.onFault(e);
        } finally {
            writer.close();
            digestDecoder.close();
            desk.close();
        }
    }

    private Job next() throws InterruptedException {
        if (writer.isVerifyDue()) {
            return this::verifyOldest;
        }
        Job job = jobs.poll();
        if (job != null) {
            return job;
        }
        return writer.hasUnverified() ? this::verifyOldest : jobs.take();
    }

    private void decodeAndWrite(TrackSlot slot) throws DeviceException {
        try {
            ByteBuffer encoded = encodedOf(slot);
            TrackDecoder.check(slot.track(), target.space().rawBytes(slot.track()), encoded);
            if (desk.take(slot, encoded)) {
                answers.onWaiting(slot, EncodedTrack.chainStart(encoded));
            }
        } catch (MalformedTrackException e) {
            answers.onBadTrack(slot.track(), slot, e.getMessage());
        }
        for (ChainDesk.Turn turn = desk.poll(); turn != null; turn = desk.poll()) {
            write(turn);
        }
        tellUseless();
    }

    private void write(ChainDesk.Turn turn) throws DeviceException {
        TrackSlot slot = turn.slot();
        try {
            long checksum = writer.write(slot.track(), turn.encoded(), turn.decoder());
            if (EncodedTrack.isPartial(turn.encoded())) {
                answers.onPartial(slot.track(), EncodedTrack.unreadable(turn.encoded()));
            }
            answers.onWritten(slot, checksum, target.space().rawBytes(slot.track()));
        } catch (MalformedTrackException e) {
            desk.onMalformed(turn);
            answers.onBadTrack(slot.track(), slot, e.getMessage());
        }
    }

    private void tellUseless() {
        desk.takeUseless().forEach(answers::onUseless);
    }

    private static ByteBuffer encodedOf(TrackSlot slot) throws MalformedTrackException {
        ByteBuffer encoded = slot.recovered();
        int bytes = EncodedTrack.encodedBytes(encoded);
        // What claims to be longer than its symbols keeps their length, and the decoder says what is wrong.
        return encoded.limit(encoded.position() + Math.min(bytes, encoded.remaining()));
    }

    private void verifyOldest() throws DeviceException {
        TrackWriter.Verified verified = writer.verifyOldest();
        if (verified.isGood()) {
            answers.onVerified(verified.track(), verified.expected());
        } else {
            answers.onBadTrack(verified.track(), null, verified.difference());
        }
    }

    private void decodeDigestTrack(TrackSlot slot) {
        int track = slot.track();
        int rawBytes = DigestTracks.rawBytes(track, target.space().trackCount());
        ByteBuffer leaves = ByteBuffer.allocate(rawBytes);
        try {
            digestDecoder.decode(track, rawBytes, encodedOf(slot), leaves);
            for (int i = 0; i < rawBytes / DigestTracks.LEAF_BYTES; i++) {
                if (DigestTracks.kind(leaves, i) == null) {
                    answers.onBadTrack(track, slot, "a digest names an unknown kind of track");
                    return;
                }
            }
        } catch (MalformedTrackException e) {
            answers.onBadTrack(track, slot, e.getMessage());
            return;
        }
        answers.onDigests(slot, leaves);
    }

    private void compareStep(int firstTrack, int count, ByteBuffer leaves) throws DeviceException {
        BitSet held = new BitSet();
        for (int i = 0; i < count; i++) {
            TrackKind kind = DigestTracks.kind(leaves, i);
            if (isRead(kind)) {
                held.set(i, writer.holds(firstTrack + i, kind, DigestTracks.checksum(leaves, i)));
            }
        }
        answers.onCompared(firstTrack, count, held, leaves);
    }

    private void skipInSteps(int firstTrack, int count, TrackKind kind) throws DeviceException {
        for (int first = firstTrack; first < firstTrack + count; first += SKIP_STEP) {
            int step = Math.min(SKIP_STEP, firstTrack + count - first);
            writer.skip(first, step, kind);
            answers.onSkipped(first, step, kind);
        }
    }
}
