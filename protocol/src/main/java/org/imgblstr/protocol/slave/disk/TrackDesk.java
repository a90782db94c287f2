package org.imgblstr.protocol.slave.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Consumer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.track.LastLook;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.TrackWriter;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.protocol.repair.ChainDesk;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.TrackSlot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the orders of a slave's engine on its disk: opens it, decodes tracks, puts them in order, writes them, reads them back, answers.
 * Reading back happens in the shadow of the wire: a track is read back when nothing waits to be written, or when
 * {@link TrackWriter#isVerifyDue}. Orders may come from another thread than the one that works, when the queue allows it. No thread and no
 * clock of its own. Work that is queued is bounded by the slave's slots. Source: docs/architecture.md, section 6.
 */
public final class TrackDesk implements SlaveDisk, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrackDesk.class);

    /** Tracks of a skip range dealt with in one go: 256 MiB, so that the master hears of progress. */
    private static final int SKIP_STEP = 1024;

    /** Tracks read and compared in one go: 4 MiB, some milliseconds. */
    private static final int COMPARE_STEP = 16;

    /** A piece of work; it may fail with the disk. */
    public interface Job {
        void run() throws RefusedException, DeviceException;
    }

    private final TargetOpener opener;
    private final Verification verification;
    private final long seed;
    private final Queue<Job> jobs;
    private final Consumer<DiskAnswer> answers;
    private final ChainDesk chains = new ChainDesk();
    private final TrackDecoder digestDecoder = new TrackDecoder();
    private TrackTarget target;
    private LastLook look;
    private TrackWriter writer;
    private TrackHasher hasher;
    private boolean isHashing = true;
    private ByteBuffer underWay;
    private byte[] digest;
    private boolean isFailed;
    private volatile boolean isStopped;

    /**
     * @param opener is asked before the disk is open
     * @param seed decides what the last look reads, and in which order
     * @param jobs where orders wait, the oldest first
     * @param answers takes each answer at once
     */
    public TrackDesk(
            TargetOpener opener, Verification verification, long seed, Queue<Job> jobs, Consumer<DiskAnswer> answers) {
        this.opener = opener;
        this.verification = verification;
        this.seed = seed;
        this.jobs = jobs;
        this.answers = answers;
    }

    /** The session is sealed: tracks are hashed and compared for the manifest. Before any order. */
    public void hashTracks() {
        hasher = new TrackHasher();
    }

    // ---- orders

    @Override
    public void check(SessionImage image) {
        jobs.add(() -> {
            opener.check(image);
            answers.accept(DiskAnswers::onChecked);
        });
    }

    @Override
    public void open(SessionImage image, AfterCopy asked) {
        jobs.add(() -> {
            target = opener.open(image, asked);
            look = verification.readsBack() ? new LastLook(target.space(), verification, seed) : null;
            writer = new TrackWriter(target, look);
            if (hasher != null) {
                writer.watch(this::hash);
            }
            answers.accept(DiskAnswers::onOpened);
        });
    }

    @Override
    public void write(TrackSlot slot) {
        jobs.add(() -> decodeAndWrite(slot));
    }

    @Override
    public void hash(boolean isHashed) {
        jobs.add(() -> {
            isHashing = isHashed;
            answers.accept((to, nowNs) -> to.onHashing(isHashed));
        });
    }

    @Override
    public void giveUp(int track) {
        jobs.add(() -> {
            chains.giveUp(track);
            tellUseless();
        });
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        jobs.add(() -> skipInSteps(firstTrack, count, kind));
    }

    @Override
    public void decodeDigests(TrackSlot slot) {
        jobs.add(() -> decodeDigestTrack(slot));
    }

    /** Compares a few tracks and queues the rest behind what came meanwhile, so that writes never wait long. */
    @Override
    public void compare(int firstTrack, int count, ByteBuffer leaves) {
        jobs.add(() -> {
            int step = compareSteps(count, leaves);
            compareStep(firstTrack, step, leaves);
            if (count > step) {
                int used = step * leafBytes();
                compare(firstTrack + step, count - step, leaves.slice(used, leaves.limit() - used));
            }
        });
    }

    @Override
    public void sync() {
        jobs.add(() -> {
            target.sync();
            if (look != null) {
                look.run(target, this::isStopped);
            }
            target.checkInPlace();
            // A last look that was stopped has not seen every sample.
            if (!isStopped) {
                String lack = target.finish();
                String remark = target.remark();
                answers.accept((to, nowNs) -> to.onSynced(lack, remark));
            }
        });
    }

    // ---- work

    /** The next piece of work, to be given to {@link #perform}; null when there is none before the next order. */
    public Job next() {
        if (isIdle()) {
            return jobs.poll();
        }
        if (writer.isVerifyDue()) {
            return this::readBack;
        }
        Job job = jobs.poll();
        return job == null ? this::readBack : job;
    }

    /** Whether nothing is to be read back. */
    private boolean isIdle() {
        return isFailed || isStopped || writer == null || !writer.hasUnverified();
    }

    /** Does a piece of work and answers, unless the disk has failed or nothing more is wanted. */
    public void perform(Job job) {
        if (isFailed || isStopped) {
            return;
        }
        try {
            job.run();
        } catch (RefusedException e) {
            Result why = e.reason() == RefusedException.Reason.DOES_NOT_FIT ? Result.DOES_NOT_FIT : Result.REFUSED;
            answers.accept((to, nowNs) -> to.onRefused(why, e.getMessage(), nowNs));
        } catch (DeviceException e) {
            isFailed = true;
            LOG.warn("disk failed", e);
            answers.accept((to, nowNs) -> to.onDiskError(e.errno(), e.getMessage(), nowNs));
        }
    }

    /** Nothing more is wanted after the piece of work under way: all is on the disk, or the rest is of no use. Any thread. */
    public void stop() {
        isStopped = true;
    }

    /** Whether {@link #stop} was called. Any thread. */
    public boolean isStopped() {
        return isStopped;
    }

    /** Whether the target is open. On the thread that performs. */
    public boolean isOpen() {
        return target != null;
    }

    /** Closes the target, if it is open. */
    @Override
    public void close() {
        if (target != null) {
            writer.close();
            target.close();
        }
        digestDecoder.close();
        chains.close();
    }

    // ---- tracks

    private void decodeAndWrite(TrackSlot slot) throws DeviceException {
        take(slot);
        for (ChainDesk.Turn turn = chains.poll(); turn != null; turn = chains.poll()) {
            write(turn);
        }
        tellUseless();
    }

    private void take(TrackSlot slot) {
        try {
            ByteBuffer encoded = encodedOf(slot);
            TrackDecoder.check(slot.track(), target.space().rawBytes(slot.track()), encoded);
            if (chains.take(slot, encoded)) {
                int chainStart = EncodedTrack.chainStart(encoded);
                answers.accept((to, nowNs) -> to.onWaiting(slot, chainStart));
            }
        } catch (MalformedTrackException e) {
            tellBad(slot, e.getMessage());
        }
    }

    private void write(ChainDesk.Turn turn) throws DeviceException {
        TrackSlot slot = turn.slot();
        int track = slot.track();
        try {
            underWay = turn.encoded();
            long checksum = writer.write(track, underWay, turn.decoder());
            if (EncodedTrack.isPartial(turn.encoded())) {
                UnreadableMap map = EncodedTrack.unreadable(turn.encoded());
                answers.accept((to, nowNs) -> to.onPartial(track, map));
            }
            if (hasher != null) {
                byte[] hashed = digest;
                TrackKind kind = EncodedTrack.kind(turn.encoded());
                answers.accept((to, nowNs) -> to.onHashed(track, kind, hashed));
            }
            int rawBytes = target.space().rawBytes(track);
            answers.accept((to, nowNs) -> to.onWritten(slot, checksum, rawBytes));
        } catch (MalformedTrackException e) {
            chains.onMalformed(turn);
            tellBad(slot, e.getMessage());
        }
    }

    private void hash(int track, ByteBuffer raw) {
        UnreadableMap map = EncodedTrack.isPartial(underWay) ? EncodedTrack.unreadable(underWay) : UnreadableMap.NONE;
        digest = isHashing ? hasher.hash(raw, map) : null;
    }

    private void tellBad(TrackSlot slot, String why) {
        answers.accept((to, nowNs) -> to.onBadTrack(slot.track(), slot, why, nowNs));
    }

    private void tellUseless() {
        for (TrackSlot slot : chains.takeUseless()) {
            answers.accept((to, nowNs) -> to.onUseless(slot));
        }
    }

    private static ByteBuffer encodedOf(TrackSlot slot) throws MalformedTrackException {
        ByteBuffer encoded = slot.recovered();
        int bytes = EncodedTrack.encodedBytes(encoded);
        // A track whose header claims more bytes than its symbols keeps the length of the symbols; the decoder then
        // reports the fault.
        return encoded.limit(encoded.position() + Math.min(bytes, encoded.remaining()));
    }

    private void readBack() throws DeviceException {
        TrackWriter.Verified verified = writer.verifyOldest();
        answers.accept(
                verified.isGood()
                        ? (to, nowNs) -> to.onVerified(verified.track(), verified.expected())
                        : (to, nowNs) -> to.onBadTrack(verified.track(), null, verified.difference(), nowNs));
    }

    private void skipInSteps(int firstTrack, int count, TrackKind kind) throws DeviceException {
        for (int at = firstTrack; at < firstTrack + count; at += SKIP_STEP) {
            int first = at;
            int step = Math.min(SKIP_STEP, firstTrack + count - first);
            writer.skip(first, step, kind);
            answers.accept((to, nowNs) -> to.onSkipped(first, step, kind));
        }
    }

    // ---- digests

    private void decodeDigestTrack(TrackSlot slot) {
        int track = slot.track();
        int tracks = target.space().trackCount();
        int rawBytes = hasher == null ? DigestTracks.rawBytes(track, tracks) : ManifestTracks.rawBytes(track, tracks);
        ByteBuffer leaves = ByteBuffer.allocate(rawBytes);
        try {
            digestDecoder.decode(track, rawBytes, encodedOf(slot), leaves);
        } catch (MalformedTrackException e) {
            tellBad(slot, e.getMessage());
            return;
        }
        // Of a manifest all is good that the master has signed.
        for (int i = 0; hasher == null && i < rawBytes / DigestTracks.LEAF_BYTES; i++) {
            if (DigestTracks.kind(leaves, i) == null) {
                tellBad(slot, "a digest names an unknown kind of track");
                return;
            }
        }
        answers.accept((to, nowNs) -> to.onDigests(slot, leaves));
    }

    /** How many tracks are compared before others get their turn: those that are not read cost nothing. */
    private int compareSteps(int count, ByteBuffer leaves) {
        int step = 0;
        for (int reads = 0; step < count && reads < COMPARE_STEP; step++) {
            reads += isRead(kind(leaves, step)) ? 1 : 0;
        }
        return step;
    }

    private static boolean isRead(TrackKind kind) {
        return kind == TrackKind.DATA || kind == TrackKind.ZERO;
    }

    private int leafBytes() {
        return hasher == null ? DigestTracks.LEAF_BYTES : ManifestTracks.ENTRY_BYTES;
    }

    private TrackKind kind(ByteBuffer leaves, int index) {
        return hasher == null ? DigestTracks.kind(leaves, index) : ManifestTracks.kind(leaves, index);
    }

    private void compareStep(int firstTrack, int count, ByteBuffer leaves) throws DeviceException {
        if (hasher != null) {
            compareDigests(firstTrack, count, leaves);
            return;
        }
        BitSet held = new BitSet();
        for (int i = 0; i < count; i++) {
            TrackKind kind = DigestTracks.kind(leaves, i);
            if (isRead(kind)) {
                held.set(i, writer.holds(firstTrack + i, kind, DigestTracks.checksum(leaves, i)));
            }
        }
        answers.accept((to, nowNs) -> to.onCompared(firstTrack, count, held, leaves));
    }

    /** What the disk holds by SHA-256, told with the checksums that it has. */
    private void compareDigests(int firstTrack, int count, ByteBuffer entries) throws DeviceException {
        BitSet held = new BitSet();
        ByteBuffer leaves = ByteBuffer.allocate(count * DigestTracks.LEAF_BYTES);
        for (int i = 0; i < count; i++) {
            int track = firstTrack + i;
            TrackKind kind = ManifestTracks.kind(entries, i);
            byte[] expected = ManifestTracks.digest(entries, i);
            OptionalLong checksum = isRead(kind)
                    ? writer.heldChecksum(
                            track, kind, raw -> Arrays.equals(hasher.hash(raw, UnreadableMap.NONE), expected))
                    : OptionalLong.empty();
            held.set(i, checksum.isPresent());
            DigestTracks.put(leaves, kind, checksum.orElse(0));
            if (checksum.isPresent()) {
                answers.accept((to, nowNs) -> to.onHashed(track, kind, expected));
            }
        }
        leaves.flip();
        answers.accept((to, nowNs) -> to.onCompared(firstTrack, count, held, leaves));
    }
}
