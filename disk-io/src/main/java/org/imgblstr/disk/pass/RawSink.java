package org.imgblstr.disk.pass;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.track.TrackSink;

/**
 * Writes the raw bytes of all regions one after the other; what is not there (unused, unreadable) as zeros. For one thread.
 */
public final class RawSink implements TrackSink, AutoCloseable {
    private final TrackSpace space;
    private final Destination destination;
    private final TrackDecoder decoder = new TrackDecoder();
    private final ByteBuffer raw;

    /** Where raw bytes go, in order. */
    public interface Destination {
        /** All bytes between position and limit. */
        void put(ByteBuffer bytes) throws IOException;

        void putZeros(long count) throws IOException;

        /** All bytes were put. */
        void end() throws IOException;
    }

    public RawSink(TrackSpace space, Destination destination) {
        this.space = space;
        this.destination = destination;
        this.raw = AlignedBuffers.allocate(space.geometry().trackBytes());
    }

    /** A stream that stays open. */
    public static Destination toStream(OutputStream stream) {
        return new StreamDestination(stream);
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws IOException {
        try {
            decoder.decode(track, space.rawBytes(track), encoded, raw.clear());
        } catch (MalformedTrackException e) {
            // Its hash was right: it was made so, or by something else than a master.
            throw new MalformedImageException("track " + track + " of the image", e.offset(), e.expected(), e.found());
        }
        destination.put(raw);
    }

    @Override
    public void decoded(int track, ByteBuffer encoded, ByteBuffer decoded, byte[] digest) throws IOException {
        destination.put(decoded.duplicate());
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
        destination.putZeros(space.rangeBytes(firstTrack, firstTrack + count));
    }

    @Override
    public void end(byte[] contentDigest) throws IOException {
        destination.end();
    }

    @Override
    public void close() {
        decoder.close();
    }

    private static final class StreamDestination implements Destination {
        private static final byte[] ZEROS = new byte[64 * 1024];

        private final OutputStream stream;
        private byte[] copy = new byte[0];

        StreamDestination(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void put(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            if (copy.length < length) {
                copy = new byte[length];
            }
            bytes.get(copy, 0, length);
            stream.write(copy, 0, length);
        }

        @Override
        public void putZeros(long count) throws IOException {
            for (long left = count; left > 0; left -= Math.min(left, ZEROS.length)) {
                stream.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
            }
        }

        @Override
        public void end() throws IOException {
            stream.flush();
        }
    }
}
