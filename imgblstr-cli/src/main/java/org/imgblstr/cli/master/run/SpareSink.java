package org.imgblstr.cli.master.run;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackSink;

/**
 * A sink that the others can do without: when it fails, it is closed and takes nothing more, and the pass goes on. An image file is one
 * while slaves are served. Given to one thread; {@link #failure} may be asked by any.
 *
 * @param <S> what is written into
 */
final class SpareSink<S extends TrackSink & Closeable> implements TrackSink {
    private final S sink;
    private final Consumer<IOException> onFailure;
    private volatile IOException failure;

    /** {@code onFailure}: told once, by the thread of the pass. */
    SpareSink(S sink, Consumer<IOException> onFailure) {
        this.sink = sink;
        this.onFailure = onFailure;
    }

    /** What ended it; null when nothing has. */
    IOException failure() {
        return failure;
    }

    /** One thing that is done with the sink. */
    private interface Action {
        void run() throws IOException;
    }

    /** The sink keeps no memory. */
    @Override
    public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) {
        attempt(() -> sink.exchange(track, encoded, digest));
        return encoded;
    }

    @Override
    public void data(int track, ByteBuffer encoded) {
        attempt(() -> sink.data(track, encoded));
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        attempt(() -> sink.skip(firstTrack, count, kind));
    }

    @Override
    public void end(byte[] contentDigest) {
        attempt(() -> sink.end(contentDigest));
    }

    private void attempt(Action action) {
        if (failure != null) {
            return;
        }
        try {
            action.run();
        } catch (IOException e) {
            failure = e;
            close(e);
            onFailure.accept(e);
        }
    }

    /** At once, because half an image takes room that somebody may need. */
    private void close(IOException cause) {
        try {
            sink.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
