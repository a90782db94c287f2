package org.imgblstr.protocol.contract;

import java.util.UUID;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * What a session transfers; constant while it lasts.
 *
 * @param imageId the image file's id, or random for a live disk
 * @param label shown to slaves, at most 64 bytes of UTF-8
 * @param space the tracks
 * @param requiredBytes a whole-disk target shorter than this does not fit; 0 for partitions
 * @param usedBytes bytes of {@code space} that are sent, zeros included: all but what is unused
 */
public record SessionImage(UUID imageId, String label, TrackSpace space, long requiredBytes, long usedBytes) {
    /** All of it is used, as far as is known. */
    public SessionImage(UUID imageId, String label, TrackSpace space, long requiredBytes) {
        this(imageId, label, space, requiredBytes, space.totalBytes());
    }

    /** The same image, of which so much is used. */
    public SessionImage withUsedBytes(long bytes) {
        return new SessionImage(imageId, label, space, requiredBytes, bytes);
    }
}
