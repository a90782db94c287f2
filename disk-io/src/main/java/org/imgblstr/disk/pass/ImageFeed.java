package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.TrackCounts;
import org.imgblstr.disk.track.TrackSink;

/** Reads an image file once, in order. Encoded tracks go on as they are: nothing is decoded or encoded again. */
public final class ImageFeed implements TrackFeed {
    private final ImageReader image;
    private final LongAdder bytesDone = new LongAdder();
    private volatile boolean isAtTarget;

    public ImageFeed(ImageReader image) {
        this.image = image;
    }

    @Override
    public FeedCounts pump(TrackSink sink, BooleanSupplier isStopped) throws IOException {
        UnreadableSectors unreadable = new UnreadableSectors(image.space());
        image.stream(new Watched(sink, unreadable, isStopped));
        TrackCounts counts = image.summary().counts();
        return new FeedCounts(
                counts.dataTracks(),
                counts.usedBytes(),
                counts.encodedBytes(),
                counts.zeroTracks(),
                counts.unusedTracks(),
                unreadable);
    }

    @Override
    public long bytesDone() {
        return bytesDone.sum();
    }

    @Override
    public Awaited awaited() {
        return isAtTarget ? Awaited.TARGET : Awaited.SOURCE;
    }

    /** Counts, and ends the pass when it is stopped. */
    private final class Watched implements TrackSink {
        private final TrackSink sink;
        private final UnreadableSectors unreadable;
        private final BooleanSupplier isStopped;

        Watched(TrackSink sink, UnreadableSectors unreadable, BooleanSupplier isStopped) {
            this.sink = sink;
            this.unreadable = unreadable;
            this.isStopped = isStopped;
        }

        @Override
        public void data(int track, ByteBuffer encoded) throws IOException {
            begin(track, encoded);
            sink.data(track, encoded);
            done(track);
        }

        @Override
        public void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) throws IOException {
            begin(track, encoded);
            sink.decoded(track, encoded, raw, digest);
            done(track);
        }

        private void begin(int track, ByteBuffer encoded) throws StoppedException {
            check();
            if (EncodedTrack.isPartial(encoded)) {
                unreadable.add(track, EncodedTrack.unreadable(encoded));
            }
            isAtTarget = true;
        }

        private void done(int track) {
            isAtTarget = false;
            bytesDone.add(image.space().rawBytes(track));
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
            check();
            if (kind == TrackKind.UNREADABLE) {
                unreadable.addTracks(firstTrack, count);
            }
            isAtTarget = true;
            sink.skip(firstTrack, count, kind);
            isAtTarget = false;
            if (kind != TrackKind.UNUSED) {
                bytesDone.add(image.space().rangeBytes(firstTrack, firstTrack + count));
            }
        }

        @Override
        public void end(byte[] contentDigest) throws IOException {
            check();
            sink.end(contentDigest);
        }

        private void check() throws StoppedException {
            if (isStopped.getAsBoolean()) {
                throw new StoppedException();
            }
        }
    }
}
