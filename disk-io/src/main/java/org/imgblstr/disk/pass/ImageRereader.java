package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageTracks;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.image.sealed.NotAuthenticException;

/**
 * Reads single tracks of an image, each encoded alone: as it is stored, or, when it is stored as a link of a chain, decoded and encoded anew, to the
 * same bytes each time. One thread at a time. Memory is taken when the first link is wanted.
 */
public final class ImageRereader implements AutoCloseable {
    /** Whatever the image was encoded with: repairs are few. */
    private static final CodecChoice CODEC = new CodecChoice(CodecId.ZSTD, CodecChoice.HOME_LEVEL);

    private final ImageReader image;
    private Links links;

    /** {@code image} stays open. */
    public ImageRereader(ImageReader image) {
        this.image = image;
    }

    /**
     * Puts the encoded track into {@code encoded} from its position on and leaves it ready to read.
     *
     * @throws MalformedImageException when the track, or one that it needs, is damaged
     * @throws NotAuthenticException when the image must be signed, and the track is another one than was signed
     */
    public synchronized void reread(int track, ByteBuffer encoded) throws IOException {
        int limit = encoded.limit();
        image.read(track, encoded);
        if (!EncodedTrack.isLink(encoded) && !image.isTrusted()) {
            return;
        }
        if (links == null) {
            links = new Links(image);
        }
        if (EncodedTrack.isLink(encoded)) {
            links.encodeAlone(track, encoded.limit(limit));
        } else {
            links.check(track, encoded);
        }
    }

    @Override
    public synchronized void close() {
        if (links != null) {
            links.close();
        }
    }

    /** Makes links stand alone. */
    private static final class Links implements AutoCloseable {
        private final ImageReader image;
        private final ImageTracks tracks;
        private final TrackEncoder encoder = new TrackEncoder(CODEC);
        private final ByteBuffer raw;

        Links(ImageReader image) {
            this.image = image;
            this.tracks = new ImageTracks(image);
            this.raw = AlignedBuffers.allocate(image.space().geometry().trackBytes());
        }

        void encodeAlone(int track, ByteBuffer encoded) throws IOException {
            tracks.decode(track, raw.clear());
            if (encoder.encode(track, raw, encoded) != TrackKind.DATA) {
                throw new MalformedImageException(
                        image.path(), image.bodyOffset(track), "track " + track + " to hold data", "zeros");
            }
        }

        /** Whether a track that stands alone is one that a trusted key has signed. */
        void check(int track, ByteBuffer encoded) throws IOException {
            try (TrackDecoder decoder = new TrackDecoder()) {
                decoder.decode(track, image.space().rawBytes(track), encoded, raw.clear());
            } catch (MalformedTrackException e) {
                throw new MalformedImageException(
                        image.path(), image.bodyOffset(track) + e.offset(), e.expected(), e.found());
            }
            image.checkTrusted(track, encoded, raw);
        }

        @Override
        public void close() {
            tracks.close();
            encoder.close();
        }
    }
}
