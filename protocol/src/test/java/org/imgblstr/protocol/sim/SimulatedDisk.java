package org.imgblstr.protocol.sim;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.slave.disk.TargetOpener;

/** A disk in memory that is full of noise, says how long its work takes, and may refuse, fail or forget. */
final class SimulatedDisk implements TargetOpener, TrackTarget {
    private static final byte NOISE = 0x5A;

    /** What an order costs that reads and writes nothing. */
    private static final int LEAST_BYTES = 512;

    private static final int EIO = 5;

    private final SimulatedSource source;
    private final byte[][] tracks;
    private final int[] writes;
    private final DiskWitness witness;
    private long bytesPerSecond = 200_000_000;
    private long checkNs = 100_000;
    private long openNs = 1_000_000;
    private long spentNs;
    private RefusedException.Reason refusal;
    private int failAtTrack = -1;
    private boolean readsBackWrong;
    private AfterCopy asked;

    /** {@code witness}: sees each access. */
    SimulatedDisk(SimulatedSource source, DiskWitness witness) {
        this.source = source;
        this.witness = witness;
        this.tracks = new byte[source.trackCount()][];
        this.writes = new int[source.trackCount()];
        for (int track = 0; track < tracks.length; track++) {
            tracks[track] = noise(track);
        }
    }

    private byte[] noise(int track) {
        byte[] noise = new byte[source.raw(track).length];
        Arrays.fill(noise, NOISE);
        return noise;
    }

    // ---- what a test says of it

    void rate(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** The check of the disk, or the answer of an operator, takes so long. */
    void checkFor(Duration time) {
        checkNs = time.toNanos();
    }

    void openFor(Duration time) {
        openNs = time.toNanos();
    }

    void refuse(RefusedException.Reason why) {
        refusal = why;
    }

    void failAt(int track) {
        failAtTrack = track;
    }

    void readBackWrong() {
        readsBackWrong = true;
    }

    /** Tracks behind so many lie where those at the start do, but for the last one, which may be short. To be said before it writes. */
    void wrapsAt(int count) {
        for (int track = count; track < tracks.length - 1; track++) {
            tracks[track] = tracks[track % count];
        }
    }

    /** It holds what the source has, but for every n-th data track; all of it for 0. */
    void holdsAllBut(int everyNth) {
        for (int track = 0; track < tracks.length; track++) {
            boolean isLacking = everyNth != 0 && track % everyNth == 0;
            if (source.kind(track) != TrackKind.UNUSED && !isLacking) {
                tracks[track] = source.raw(track).clone();
            }
        }
    }

    // ---- what came of it

    /** How long its work has taken so far. */
    long spentNs() {
        return spentNs;
    }

    /** Whether every track is what the source says it must be; unused ones must be untouched. */
    boolean hasSourcesBytes() {
        for (int track = 0; track < tracks.length; track++) {
            boolean isUnused = source.kind(track) == TrackKind.UNUSED;
            if (!Arrays.equals(tracks[track], isUnused ? noise(track) : source.raw(track))) {
                return false;
            }
        }
        return true;
    }

    int mostWritesOfATrack() {
        return Arrays.stream(writes).max().orElse(0);
    }

    // ---- as the desk sees it

    private void spend(long bytes) {
        spentNs += bytes * 1_000_000_000L / bytesPerSecond;
    }

    @Override
    public long deviceBytes() {
        return 1L << 40;
    }

    @Override
    public int sectorBytes() {
        return 512;
    }

    @Override
    public void check(SessionImage image) throws RefusedException {
        spentNs += checkNs;
        if (refusal != null) {
            throw new RefusedException(refusal, "refused by the test");
        }
    }

    @Override
    public TrackTarget open(SessionImage image) {
        spentNs += openNs;
        return this;
    }

    @Override
    public TrackTarget open(SessionImage image, AfterCopy asked) {
        this.asked = asked;
        return open(image);
    }

    /** What the master asks for; null before the session was joined. */
    AfterCopy asked() {
        return asked;
    }

    @Override
    public TrackSpace space() {
        return source.image.space();
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        spend(raw.remaining());
        if (track == failAtTrack) {
            throw new DeviceException("Input/output error at track " + track, EIO, null);
        }
        witness.onWrite(track, raw.remaining());
        raw.duplicate().get(tracks[track]);
        writes[track]++;
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        spend(LEAST_BYTES);
        witness.onSkip(firstTrack, count, kind);
        for (int track = firstTrack; kind.isZeroed() && track < firstTrack + count; track++) {
            Arrays.fill(tracks[track], (byte) 0);
        }
    }

    @Override
    public void read(int track, ByteBuffer into) {
        spend(tracks[track].length);
        witness.onRead(track);
        into.put(readsBackWrong ? noise(track) : tracks[track]);
    }

    @Override
    public void sync() {
        spend(LEAST_BYTES);
    }

    @Override
    public void checkInPlace() {}

    @Override
    public void close() {}
}
