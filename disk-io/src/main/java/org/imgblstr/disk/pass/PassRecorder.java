package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.track.TrackSink;

/**
 * Stands in front of a sink: joins neighbouring skips of one kind, reckons the content digest, counts. For the sequencer's thread;
 * {@link #bytesDone()} for any.
 */
final class PassRecorder {
    /** 1 GiB at the default track size: sinks and slaves hear of a long run of zeros, which takes time to read, while it lasts. */
    private static final int LONGEST_RUN = 4096;

    private final TrackSpace space;
    private final TrackSink sink;
    private final ContentDigest digest;
    private final UnreadableSectors unreadable;
    private final int[] skipped = new int[TrackKind.UNREADABLE.code() + 1];
    private int dataTracks;
    private long dataBytes;
    private long encodedBytes;
    private TrackKind runKind;
    private int runFirst;
    private int runCount;
    private final LongAdder bytesDone = new LongAdder();

    PassRecorder(TrackSpace space, TrackSink sink) {
        this.space = space;
        this.sink = sink;
        this.digest = new ContentDigest(space.trackCount());
        this.unreadable = new UnreadableSectors(space);
    }

    /**
     * One data track.
     *
     * @param usedBytes how many bytes of the track are used
     * @param sha256 of its raw bytes; null when it was not computed
     * @return what is to be used instead of {@code encoded}; null: nothing
     */
    ByteBuffer data(int track, ByteBuffer encoded, long usedBytes, byte[] sha256) throws IOException {
        endRun();
        if (EncodedTrack.isPartial(encoded)) {
            unreadable.add(track, EncodedTrack.unreadable(encoded));
        }
        digest.set(track, EncodedTrack.kind(encoded), EncodedTrack.leaf(encoded));
        dataTracks++;
        dataBytes += usedBytes;
        encodedBytes += encoded.remaining();
        ByteBuffer given = sink.exchange(track, encoded, sha256);
        bytesDone.add(usedBytes);
        return given;
    }

    /** {@code usedBytes}: how many bytes of these tracks are used. */
    void skip(int firstTrack, int count, TrackKind kind, long usedBytes) throws IOException {
        if (runCount > 0 && (kind != runKind || (kind != TrackKind.UNUSED && runCount + count > LONGEST_RUN))) {
            endRun();
        }
        if (runCount == 0) {
            runKind = kind;
            runFirst = firstTrack;
        }
        runCount += count;
        bytesDone.add(usedBytes);
    }

    FeedCounts end() throws IOException {
        endRun();
        sink.end(digest.digest());
        return new FeedCounts(
                dataTracks,
                dataBytes,
                encodedBytes,
                skipped[TrackKind.ZERO.code()],
                skipped[TrackKind.UNUSED.code()],
                unreadable);
    }

    long bytesDone() {
        return bytesDone.sum();
    }

    private void endRun() throws IOException {
        if (runCount == 0) {
            return;
        }
        digest.setRange(runFirst, runCount, runKind, space::rawBytes);
        skipped[runKind.code()] += runCount;
        if (runKind == TrackKind.UNREADABLE) {
            unreadable.addTracks(runFirst, runCount);
        }
        int count = runCount;
        runCount = 0;
        sink.skip(runFirst, count, runKind);
    }
}
