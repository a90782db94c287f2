package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.ContentProbe;

/**
 * A partition of the disk that an image was made of, as far as the image holds it.
 *
 * @param entry its entry in the partition table
 * @param sizeBytes its size
 * @param content what is in it, by its signature; unknown where the image does not hold it
 * @param usedBytes bytes of the tracks of the image that lie in it and are used; -1 where the image does not hold it
 */
record ImagePartition(ImageRegion entry, long sizeBytes, Content content, long usedBytes) {
    /** Whether the image has its bytes. */
    boolean isHeld() {
        return usedBytes >= 0;
    }

    /** All partitions, by number. */
    static List<ImagePartition> of(ImageReader image) throws IOException {
        List<ImagePartition> partitions = new ArrayList<>();
        long sectorBytes = image.header().geometry().sectorBytes();
        try (ImageDisk disk = new ImageDisk(image)) {
            for (ImageRegion entry : image.header().partitions()) {
                Region region = entry.region();
                long sizeBytes = region.sectorCount() * sectorBytes;
                long usedBytes = usedBytes(image, region);
                Content content =
                        usedBytes < 0 ? Content.UNKNOWN : ContentProbe.probe(disk.volume(region)::read, 0, sizeBytes);
                partitions.add(new ImagePartition(entry, sizeBytes, content, usedBytes));
            }
        }
        return partitions;
    }

    private static long usedBytes(ImageReader image, Region partition) throws IOException {
        TrackSpace space = image.space();
        for (int index = 0; index < space.regions().size(); index++) {
            Region region = space.regions().get(index);
            if (region.firstLba() <= partition.firstLba() && partition.endLba() <= region.endLba()) {
                int sectors = space.geometry().sectorsPerTrack();
                int first = space.firstTrackOf(index);
                int begin = first + (int) ((partition.firstLba() - region.firstLba()) / sectors);
                int end = first + (int) ((partition.endLba() - 1 - region.firstLba()) / sectors) + 1;
                return usedBytes(image, begin, end, partition);
            }
        }
        return -1;
    }

    private static long usedBytes(ImageReader image, int begin, int end, Region partition) throws IOException {
        TrackSpace space = image.space();
        long sectors = 0;
        for (int track = begin; track < end; track++) {
            if (image.kindOf(track) != TrackKind.UNUSED) {
                long first = Math.max(space.sourceLba(track), partition.firstLba());
                sectors += Math.min(space.sourceLba(track) + space.sectorCount(track), partition.endLba()) - first;
            }
        }
        return sectors * space.geometry().sectorBytes();
    }
}
