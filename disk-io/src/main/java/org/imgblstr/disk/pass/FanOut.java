package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackSink;

/** Gives each track to several sinks in turn, all from the same buffer, which the last one may keep. The first that fails ends the pass. */
public final class FanOut implements TrackSink {
    private final List<TrackSink> sinks;

    public FanOut(List<? extends TrackSink> sinks) {
        this.sinks = List.copyOf(sinks);
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        for (TrackSink sink : sinks) {
            sink.data(track, encoded);
        }
    }

    @Override
    public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) throws IOException {
        int last = sinks.size() - 1;
        for (TrackSink sink : sinks.subList(0, last)) {
            sink.exchange(track, encoded, digest);
        }
        return sinks.get(last).exchange(track, encoded, digest);
    }

    @Override
    public void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) throws IOException {
        for (TrackSink sink : sinks) {
            sink.decoded(track, encoded, raw, digest);
        }
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        for (TrackSink sink : sinks) {
            sink.skip(firstTrack, count, kind);
        }
    }

    @Override
    public void end(byte[] contentDigest) throws IOException {
        for (TrackSink sink : sinks) {
            sink.end(contentDigest);
        }
    }
}
