package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackSink;

/** Decodes what it gets and writes down the calls. */
class CollectingSink implements TrackSink {
    final List<String> calls = new ArrayList<>();
    final byte[] content;
    byte[] digest;
    private final TrackSpace space;
    private final TrackDecoder decoder = new TrackDecoder();

    CollectingSink(TrackSpace space) {
        this.space = space;
        this.content = new byte[(int) space.totalBytes()];
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        calls.add("data " + track);
        try {
            int at = (int) (space.sourceLba(track) * 512);
            decoder.decode(
                    track,
                    space.rawBytes(track),
                    encoded,
                    ByteBuffer.wrap(content, at, space.rawBytes(track)).slice());
        } catch (MalformedTrackException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        calls.add(kind + " " + firstTrack + "+" + count);
    }

    @Override
    public void end(byte[] contentDigest) throws IOException {
        calls.add("end");
        digest = contentDigest;
    }
}
