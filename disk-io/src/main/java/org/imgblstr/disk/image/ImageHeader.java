package org.imgblstr.disk.image;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;

/**
 * What an image says about itself before its tracks. Immutable. Source: docs/image-format.md, section 2.
 *
 * @param imageId random, made with the image
 * @param created when; kept to the millisecond
 * @param geometry shape of the source disk; a track is at most {@value #MAX_TRACK_BYTES} bytes
 * @param regions what is imaged, 1 to {@link TrackSpace#MAX_REGIONS}, inside the disk
 * @param partitions the source disk's partition table, for people; at most {@value #MAX_PARTITIONS}
 * @param requiredBytes a whole-disk target shorter than this does not fit; 0 for partitions
 * @param origin where the image comes from, for people
 */
public record ImageHeader(
        UUID imageId,
        Instant created,
        Geometry geometry,
        List<ImageRegion> regions,
        List<ImageRegion> partitions,
        long requiredBytes,
        ImageOrigin origin) {
    /** Longest track: bounds what a hostile header can make a reader allocate. */
    public static final int MAX_TRACK_BYTES = 16 << 20;

    /** As many as a GPT may usually hold, twice. */
    public static final int MAX_PARTITIONS = 256;

    public ImageHeader {
        Objects.requireNonNull(imageId, "imageId");
        Objects.requireNonNull(origin, "origin");
        created = created.truncatedTo(ChronoUnit.MILLIS);
        regions = List.copyOf(regions);
        partitions = List.copyOf(partitions);
        checkShape(geometry, regions, partitions);
        if (requiredBytes < 0) {
            throw new IllegalArgumentException("required bytes: expected 0 or more, found " + requiredBytes);
        }
    }

    /** The tracks of the image. */
    public TrackSpace space() {
        return new TrackSpace(
                geometry, regions.stream().map(ImageRegion::region).toList());
    }

    private static void checkShape(Geometry geometry, List<ImageRegion> regions, List<ImageRegion> partitions) {
        if (geometry.trackBytes() > MAX_TRACK_BYTES) {
            throw new IllegalArgumentException(
                    "track: expected at most " + MAX_TRACK_BYTES + " bytes, found " + geometry.trackBytes());
        }
        if (geometry.totalSectors() > Long.MAX_VALUE / geometry.sectorBytes()) {
            throw new IllegalArgumentException("disk: " + geometry.totalSectors() + " sectors cannot be addressed");
        }
        if (regions.isEmpty() || regions.size() > TrackSpace.MAX_REGIONS || partitions.size() > MAX_PARTITIONS) {
            throw new IllegalArgumentException("regions: expected 1 to " + TrackSpace.MAX_REGIONS + " and at most "
                    + MAX_PARTITIONS + " partitions, found " + regions.size() + " and " + partitions.size());
        }
        long tracks = 0;
        for (ImageRegion image : regions) {
            Region region = image.region();
            if (region.endLba() > geometry.totalSectors()) {
                throw new IllegalArgumentException("region " + region.number() + ": expected to end by sector "
                        + geometry.totalSectors() + ", found " + region.endLba());
            }
            // Division first: a hostile region may be as long as a long.
            tracks += (region.sectorCount() - 1) / geometry.sectorsPerTrack() + 1;
            if (tracks > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("tracks: expected at most " + Integer.MAX_VALUE);
            }
        }
    }
}
