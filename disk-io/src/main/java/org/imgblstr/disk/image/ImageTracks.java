package org.imgblstr.disk.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * Decodes single tracks of an image, in any order. What a link needs is read and decoded before it: all links of its chain, or only those
 * after the one that was decoded last, so that ascending tracks cost one link each. One thread.
 */
public final class ImageTracks implements AutoCloseable {
    private final ImageReader image;
    private final TrackSpace space;
    private final TrackDecoder decoder = new TrackDecoder();
    private final ByteBuffer encoded;
    private int lastLink = -1;

    /** {@code image} stays open. */
    public ImageTracks(ImageReader image) {
        this.image = image;
        this.space = image.space();
        this.encoded =
                ByteBuffer.allocateDirect(EncodedTrack.maxBytes(space.geometry().trackBytes()));
    }

    /**
     * Decodes one track.
     *
     * @param track one whose {@link ImageReader#kindOf} is data or partial
     * @param raw takes the track from its position on, direct is faster. Afterwards its position is unchanged and its limit is the end of the track
     * @throws MalformedImageException when the track, or one that it needs, is damaged
     * @throws IllegalArgumentException when the track is skipped or {@code raw} too short
     */
    public void decode(int track, ByteBuffer raw) throws IOException {
        int limit = raw.limit();
        image.read(track, encoded.clear());
        if (!decoder.isReadyFor(encoded)) {
            decodeBefore(track, EncodedTrack.chainStart(encoded), raw);
            image.read(track, encoded.clear());
        }
        decodeHere(track, raw.limit(limit));
        image.checkTrusted(track, encoded, raw);
    }

    /** Decodes what the decoder has yet to see of the chain of a track; what is not linked is no part of it. */
    private void decodeBefore(int track, int chainStart, ByteBuffer raw) throws IOException {
        int limit = raw.limit();
        int first = lastLink >= chainStart && lastLink < track ? lastLink + 1 : chainStart;
        for (int before = first; before < track; before++) {
            if (image.kindOf(before).isEncoded()) {
                image.read(before, encoded.clear());
                if (EncodedTrack.isLink(encoded)) {
                    decodeHere(before, raw.limit(limit));
                }
            }
        }
    }

    private void decodeHere(int track, ByteBuffer raw) throws IOException {
        boolean isLink = EncodedTrack.isLink(encoded);
        try {
            decoder.decode(track, space.rawBytes(track), encoded, raw);
        } catch (MalformedTrackException e) {
            lastLink = isLink ? -1 : lastLink;
            throw Checks.malformed(image.path(), image.bodyOffset(track), track, e);
        }
        lastLink = isLink ? track : lastLink;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
