package org.imgblstr.protocol.manifest;

import java.nio.ByteBuffer;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.track.TrackHasher;

/** Computes at a master what the manifest has of encoded tracks, which come in order, links of chains too. One thread. */
public final class TrackDigester implements AutoCloseable {
    private final TrackDecoder decoder = new TrackDecoder();
    private final TrackHasher hasher = new TrackHasher();
    private ByteBuffer raw = ByteBuffer.allocateDirect(0);
    private boolean hasGaps;

    /**
     * SHA-256 of the raw bytes of a track, and of its map: 32 bytes.
     *
     * @param encoded position to limit, which stay
     * @return null for a link of a chain of which a link before it was left out
     * @throws IllegalStateException when it does not decode: it was encoded a moment ago, or its image was checked
     */
    public byte[] digest(int track, ByteBuffer encoded) {
        UnreadableMap map = EncodedTrack.isPartial(encoded) ? EncodedTrack.unreadable(encoded) : UnreadableMap.NONE;
        try {
            return hasher.hash(rawOf(track, encoded), map);
        } catch (MalformedTrackException e) {
            if (hasGaps && EncodedTrack.isLink(encoded)) {
                return null;
            }
            throw new IllegalStateException("track " + track + " does not decode: " + e.getMessage(), e);
        }
    }

    /** A track is left out: those that need it cannot be decoded. */
    public void leaveOut() {
        hasGaps = true;
    }

    private ByteBuffer rawOf(int track, ByteBuffer encoded) throws MalformedTrackException {
        int rawBytes = EncodedTrack.rawBytes(encoded);
        if (EncodedTrack.codec(encoded) == CodecId.RAW && !EncodedTrack.isPartial(encoded)) {
            return TrackDecoder.inPlace(track, rawBytes, encoded);
        }
        if (raw.capacity() < rawBytes) {
            raw = ByteBuffer.allocateDirect(rawBytes);
        }
        decoder.decode(track, rawBytes, encoded, raw.clear());
        return raw;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
