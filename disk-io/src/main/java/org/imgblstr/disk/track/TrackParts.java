package org.imgblstr.disk.track;

/** Which parts of a track are read; the rest of it counts as zero. Safe for use by several threads. */
@FunctionalInterface
public interface TrackParts {
    /**
     * Parts of a track as offsets in bytes, multiples of the sector size: where the first begins, where it ends, where the next begins,
     * and so on; ascending, disjoint.
     */
    int[] partsOf(int track);
}
