package org.imgblstr.disk.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.image.sealed.SignedDigests;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.disk.track.TrackSink;

/**
 * Stands before a sink, and hands on only tracks that a trusted key has signed: each is decoded and hashed before, and handed on with its raw bytes and its
 * digest. A track that is not the signed one ends the pass with a {@link NotAuthenticException}. One thread.
 */
final class TrustedSink implements TrackSink, AutoCloseable {
    private final String path;
    private final TrackSpace space;
    private final SignedDigests signed;
    private final TrackSink sink;
    private final TrackDecoder decoder = new TrackDecoder();
    private final TrackHasher hasher = new TrackHasher();
    private final ByteBuffer raw;

    TrustedSink(String path, TrackSpace space, SignedDigests signed, TrackSink sink) {
        this.path = path;
        this.space = space;
        this.signed = signed;
        this.sink = sink;
        this.raw = AlignedBuffers.allocate(space.geometry().trackBytes());
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        try {
            decoder.decode(track, space.rawBytes(track), encoded, raw.clear());
        } catch (MalformedTrackException e) {
            throw new MalformedImageException(path + ", track " + track, e.offset(), e.expected(), e.found());
        }
        byte[] digest = hasher.hash(raw, EncodedTrack.unreadable(encoded));
        signed.check(track, EncodedTrack.kind(encoded), digest);
        sink.decoded(track, encoded, raw, digest);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        for (int track = firstTrack; track < firstTrack + count; track++) {
            signed.check(track, kind, null);
        }
        sink.skip(firstTrack, count, kind);
    }

    @Override
    public void end(byte[] contentDigest) throws IOException {
        signed.checkContent(contentDigest);
        sink.end(contentDigest);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
