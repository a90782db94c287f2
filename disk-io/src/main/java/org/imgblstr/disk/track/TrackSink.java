package org.imgblstr.disk.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;

/**
 * Takes the tracks of one pass in ascending order, without gaps: an image file, a disk, the network. Called by one thread. A call may
 * block: that is the back-pressure of the pipeline.
 */
public interface TrackSink {
    /**
     * One data track.
     *
     * @param track number in the track space
     * @param encoded the encoded track between position and limit; valid only during the call, position and limit unchanged after it
     */
    void data(int track, ByteBuffer encoded) throws IOException;

    /**
     * As {@link #data}, but the sink may keep the memory, all of {@code encoded}, and give other memory for it.
     *
     * @param digest what {@link TrackHasher} makes of the track, 32 bytes; null when it was not computed
     * @return {@code encoded} when it was not kept; memory that is as large, with any position and limit; or null when there is none to give
     */
    default ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) throws IOException {
        data(track, encoded);
        return encoded;
    }

    /**
     * As {@link #data}, of a track that was decoded and hashed on its way: no sink need do that once more.
     *
     * @param raw the raw bytes between position and limit; valid only during the call, position and limit unchanged after it
     * @param digest what {@link TrackHasher} makes of the track, 32 bytes
     */
    default void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) throws IOException {
        data(track, encoded);
    }

    /** {@code count} tracks from {@code firstTrack} on of one kind that is not {@link TrackKind#DATA}. */
    void skip(int firstTrack, int count, TrackKind kind) throws IOException;

    /** All tracks were given. {@code contentDigest}: 32 bytes, docs/architecture.md section 4. */
    void end(byte[] contentDigest) throws IOException;
}
