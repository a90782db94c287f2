package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.cli.master.job.ImageDisk;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition of the disk that an image was made of, as far as the image holds it.
 *
 * @param entry its entry in the partition table, or what is imaged of a disk without one
 * @param sizeBytes its size
 * @param content what is in it, by its signature; unknown where the image does not hold it
 * @param usedBytes bytes that its file system calls used, as the plan of the upload said; {@link #UNKNOWN} where nobody knows
 * @param dataBytes bytes of it that the image has as data; {@link #UNKNOWN} where the image does not hold it
 */
record ImagePartition(ImageRegion entry, long sizeBytes, Content content, long usedBytes, long dataBytes) {
    /** Nobody knows how many bytes. */
    static final long UNKNOWN = -1;

    private static final Logger LOG = LoggerFactory.getLogger(ImagePartition.class);

    /** Whether the image has its bytes. */
    boolean isHeld() {
        return dataBytes >= 0;
    }

    /** Whether all of it counts as used, because no file system was found in it. */
    boolean isUsedInFull() {
        return isHeld() && usedBytes == sizeBytes;
    }

    /** All partitions, by number. */
    static List<ImagePartition> of(ImageReader image) throws IOException {
        return of(image, image.header().partitions());
    }

    /** What is imaged of a disk without a table; none where there is a table. */
    static List<ImagePartition> undivided(ImageReader image) throws IOException {
        return image.header().partitions().isEmpty() ? of(image, image.header().regions()) : List.of();
    }

    private static List<ImagePartition> of(ImageReader image, List<ImageRegion> entries) throws IOException {
        List<ImagePartition> partitions = new ArrayList<>();
        long sectorBytes = image.header().geometry().sectorBytes();
        try (ImageDisk disk = new ImageDisk(image)) {
            for (ImageRegion entry : entries) {
                Region region = entry.region();
                long sizeBytes = region.sectorCount() * sectorBytes;
                long dataBytes = dataBytes(image, region);
                BlockSource volume = disk.volume(region);
                Content content = dataBytes < 0 ? Content.UNKNOWN : ContentProbe.probe(volume::read, 0, sizeBytes);
                long usedBytes = dataBytes < 0 ? UNKNOWN : usedBytes(volume);
                partitions.add(new ImagePartition(entry, sizeBytes, content, usedBytes, dataBytes));
            }
        }
        return partitions;
    }

    /**
     * Bytes that no partition covers and that were neither read nor taken for zero when the image was made, in whole tracks; 0 where there is
     * no partition.
     */
    static long bytesLeftOutside(ImageReader image) throws IOException {
        TrackSpace space = image.space();
        List<Region> partitions = image.header().partitions().stream()
                .map(ImageRegion::region)
                .sorted(Comparator.comparingLong(Region::firstLba))
                .toList();
        if (partitions.isEmpty() || !space.regions().get(0).isWholeDisk()) {
            return 0;
        }
        long bytes = 0;
        long from = 0;
        for (Region partition : partitions) {
            bytes += unusedBytes(image, from, partition.firstLba());
            from = Math.max(from, partition.endLba());
        }
        return bytes + unusedBytes(image, from, space.geometry().totalSectors());
    }

    private static long unusedBytes(ImageReader image, long fromLba, long endLba) throws IOException {
        TrackSpace space = image.space();
        int sectors = space.geometry().sectorsPerTrack();
        int first = (int) ((fromLba + sectors - 1) / sectors);
        int end = endLba == space.geometry().totalSectors() ? space.trackCount() : (int) (endLba / sectors);
        long bytes = 0;
        for (int track = first; track < end; track++) {
            bytes += image.kindOf(track) == TrackKind.UNUSED ? space.rawBytes(track) : 0;
        }
        return bytes;
    }

    /** A damaged image is not the business of who asks what it holds. */
    private static long usedBytes(BlockSource volume) {
        try {
            FileSystem found = FileSystems.standard().identify(volume);
            return found.isMapped() || found.name().isEmpty() ? found.used().usedBytes() : UNKNOWN;
        } catch (DeviceException e) {
            LOG.debug("the file system cannot be read", e);
            return UNKNOWN;
        }
    }

    private static long dataBytes(ImageReader image, Region partition) throws IOException {
        TrackSpace space = image.space();
        for (int index = 0; index < space.regions().size(); index++) {
            Region region = space.regions().get(index);
            if (region.firstLba() <= partition.firstLba() && partition.endLba() <= region.endLba()) {
                int sectors = space.geometry().sectorsPerTrack();
                int first = space.firstTrackOf(index);
                int begin = first + (int) ((partition.firstLba() - region.firstLba()) / sectors);
                int end = first + (int) ((partition.endLba() - 1 - region.firstLba()) / sectors) + 1;
                return dataBytes(image, begin, end, partition);
            }
        }
        return UNKNOWN;
    }

    private static long dataBytes(ImageReader image, int begin, int end, Region partition) throws IOException {
        TrackSpace space = image.space();
        long sectors = 0;
        for (int track = begin; track < end; track++) {
            if (image.kindOf(track).isEncoded()) {
                long first = Math.max(space.sourceLba(track), partition.firstLba());
                sectors += Math.min(space.sourceLba(track) + space.sectorCount(track), partition.endLba()) - first;
            }
        }
        return sectors * space.geometry().sectorBytes();
    }
}
