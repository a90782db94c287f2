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
 */
public record SessionImage(UUID imageId, String label, TrackSpace space, long requiredBytes) {}
