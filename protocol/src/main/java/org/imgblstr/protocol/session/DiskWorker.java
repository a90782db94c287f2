package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.TrackTarget;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.TrackSlot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a slave that decodes, writes and reads back. Reading back happens in the shadow of the wire: a track is read back when
 * nothing waits to be written, or when {@link #MAX_UNVERIFIED} written ones wait. Work that is queued is bounded by the slave's slots.
 */
final class DiskWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWorker.class);

    /** Written tracks that wait for being read back: 24 bytes each, 16 MiB of disk, so that a drive has written them meanwhile. */
    private static final int MAX_UNVERIFIED = 64;

    /** Tracks of a skip range dealt with in one go: 256 MiB, so that the master hears of progress. */
    private static final int SKIP_STEP = 1024;

    /** Tracks compared in one go: 4 MiB, some milliseconds. */
    private static final int COMPARE_STEP = 16;

    private static final int ALIGNMENT = 4096;

    /** Told on the worker's thread. */
    interface Answers {
        void onWritten(TrackSlot slot, long checksum, int rawBytes);

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

    private record Written(int track, long checksum) {}

    /** A piece of work; it may fail with the disk. */
    private interface Job {
        void run() throws DeviceException;
    }

    private static final Job STOP = () -> {};

    private final TrackTarget target;
    private final boolean verify;
    private final Answers answers;
    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final ArrayDeque<Written> unverified = new ArrayDeque<>();
    private final TrackDecoder decoder = new TrackDecoder();
    private final ByteBuffer raw;

    DiskWorker(TrackTarget target, boolean verify, Answers answers) {
        this.target = target;
        this.verify = verify;
        this.answers = answers;
        int trackBytes = target.space().geometry().trackBytes();
        this.raw = ByteBuffer.allocateDirect(trackBytes + ALIGNMENT).alignedSlice(ALIGNMENT);
    }

    void write(TrackSlot slot) {
        jobs.add(() -> decodeAndWrite(slot));
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
            int step = Math.min(COMPARE_STEP, count);
            compareStep(firstTrack, step, leaves);
            if (count > step) {
                int used = step * DigestTracks.LEAF_BYTES;
                compare(firstTrack + step, count - step, leaves.slice(used, leaves.limit() - used));
            }
        });
    }

    void sync() {
        jobs.add(() -> {
            target.sync();
            answers.onSynced();
        });
    }

    /** Ends the thread after the work that is queued. */
    void stop() {
        jobs.add(STOP);
    }

    @Override
    public void run() {
        try {
            Job job;
            while ((job = next()) != STOP) {
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
            decoder.close();
        }
    }

    private Job next() throws InterruptedException {
        if (unverified.size() >= MAX_UNVERIFIED) {
            return this::verifyOldest;
        }
        Job job = jobs.poll();
        if (job != null) {
            return job;
        }
        return unverified.isEmpty() ? jobs.take() : this::verifyOldest;
    }

    private void decodeAndWrite(TrackSlot slot) throws DeviceException {
        int track = slot.track();
        int rawBytes = target.space().rawBytes(track);
        long checksum;
        try {
            ByteBuffer encoded = encodedOf(slot);
            checksum = EncodedTrack.checksum(encoded);
            raw.clear();
            decoder.decode(track, rawBytes, encoded, raw);
        } catch (MalformedTrackException e) {
            answers.onBadTrack(track, slot, e.getMessage());
            return;
        }
        target.write(track, raw);
        if (verify) {
            unverified.addLast(new Written(track, checksum));
        }
        answers.onWritten(slot, checksum, rawBytes);
    }

    private static ByteBuffer encodedOf(TrackSlot slot) throws MalformedTrackException {
        ByteBuffer encoded = slot.recovered();
        int bytes = EncodedTrack.encodedBytes(encoded);
        // What claims to be longer than its symbols keeps their length, and the decoder says what is wrong.
        return encoded.limit(encoded.position() + Math.min(bytes, encoded.remaining()));
    }

    private void verifyOldest() throws DeviceException {
        Written written = unverified.removeFirst();
        readBack(written.track());
        long found = TrackChecksum.of(raw);
        if (found == written.checksum()) {
            answers.onVerified(written.track(), written.checksum());
        } else {
            answers.onBadTrack(
                    written.track(),
                    null,
                    "read back with checksum " + Long.toHexString(found) + ", expected "
                            + Long.toHexString(written.checksum()));
        }
    }

    private void readBack(int track) throws DeviceException {
        raw.clear().limit(target.space().rawBytes(track));
        target.read(track, raw);
        raw.position(0).limit(target.space().rawBytes(track));
    }

    private void decodeDigestTrack(TrackSlot slot) {
        int track = slot.track();
        int rawBytes = DigestTracks.rawBytes(track, target.space().trackCount());
        ByteBuffer leaves = ByteBuffer.allocate(rawBytes);
        try {
            decoder.decode(track, rawBytes, encodedOf(slot), leaves);
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
            if (kind == TrackKind.DATA || kind == TrackKind.ZERO) {
                readBack(firstTrack + i);
                held.set(i, TrackChecksum.of(raw) == DigestTracks.checksum(leaves, i));
            }
        }
        answers.onCompared(firstTrack, count, held, leaves);
    }

    private void skipInSteps(int firstTrack, int count, TrackKind kind) throws DeviceException {
        for (int first = firstTrack; first < firstTrack + count; first += SKIP_STEP) {
            int step = Math.min(SKIP_STEP, firstTrack + count - first);
            target.skip(first, step, kind);
            if (kind == TrackKind.ZERO && verify) {
                verifyZeros(first, step);
            }
            answers.onSkipped(first, step, kind);
        }
    }

    private void verifyZeros(int firstTrack, int count) throws DeviceException {
        for (int track = firstTrack; track < firstTrack + count; track++) {
            readBack(track);
            if (TrackChecksum.of(raw) != TrackChecksum.ofZeros(raw.remaining())) {
                throw new DeviceException("track " + track + " was zeroed but does not read back as zero", 0, null);
            }
        }
    }
}
