package org.imgblstr.cli.master.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.TrackSink;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * Stands in front of a sink: joins neighbouring skips of one kind, reckons the content digest, counts. For the sequencer's thread;
 * {@link #tracksDone()} for any.
 */
final class PassRecorder {
    /** 1 GiB of zeros at the default track size: sinks and slaves hear of a long run while it lasts. */
    private static final int LONGEST_RUN = 4096;

    private final TrackSpace space;
    private final TrackSink sink;
    private final ContentDigest digest;
    private final int[] skipped = new int[TrackKind.UNREADABLE.code() + 1];
    private int dataTracks;
    private long dataBytes;
    private long encodedBytes;
    private TrackKind runKind;
    private int runFirst;
    private int runCount;
    private volatile int tracksDone;

    PassRecorder(TrackSpace space, TrackSink sink) {
        this.space = space;
        this.sink = sink;
        this.digest = new ContentDigest(space.trackCount());
    }

    void data(int track, ByteBuffer encoded) throws IOException {
        endRun();
        digest.set(track, TrackKind.DATA, EncodedTrack.checksum(encoded));
        dataTracks++;
        dataBytes += space.rawBytes(track);
        encodedBytes += encoded.remaining();
        sink.data(track, encoded);
        tracksDone = track + 1;
    }

    void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        if (runCount > 0 && (kind != runKind || runCount + count > LONGEST_RUN)) {
            endRun();
        }
        if (runCount == 0) {
            runKind = kind;
            runFirst = firstTrack;
        }
        runCount += count;
        tracksDone = firstTrack + count;
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
                skipped[TrackKind.UNREADABLE.code()]);
    }

    int tracksDone() {
        return tracksDone;
    }

    private void endRun() throws IOException {
        if (runCount == 0) {
            return;
        }
        digest.setRange(runFirst, runCount, runKind, space::rawBytes);
        skipped[runKind.code()] += runCount;
        int count = runCount;
        runCount = 0;
        sink.skip(runFirst, count, runKind);
    }
}
