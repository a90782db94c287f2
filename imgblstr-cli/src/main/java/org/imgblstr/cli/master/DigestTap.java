package org.imgblstr.cli.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.TrackSink;

/** Passes everything on and keeps the content digest. */
final class DigestTap implements TrackSink {
    private final TrackSink sink;
    private byte[] digest = new byte[0];

    DigestTap(TrackSink sink) {
        this.sink = sink;
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        sink.data(track, encoded);
    }

    @Override
    public ByteBuffer exchange(int track, ByteBuffer encoded) throws IOException {
        return sink.exchange(track, encoded);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        sink.skip(firstTrack, count, kind);
    }

    @Override
    public void end(byte[] contentDigest) throws IOException {
        digest = contentDigest.clone();
        sink.end(contentDigest);
    }

    /** 32 bytes; empty before the end. */
    byte[] digest() {
        return digest.clone();
    }
}
