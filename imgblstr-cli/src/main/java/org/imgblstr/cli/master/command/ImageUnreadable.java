package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.use.MetadataPlaces;

/** What could not be read when an image was made, and what that hit. One thread. */
final class ImageUnreadable implements AutoCloseable {
    private final ImageHeader header;
    private final Map<Region, MetadataPlaces> places = new HashMap<>();
    private final ImageDisk disk;

    /**
     * Where a range lies.
     *
     * @param partition null outside of all partitions
     * @param structure what it hits there, "" when that is not known
     */
    record Hit(Region partition, String structure) {}

    ImageUnreadable(ImageReader image) {
        this.header = image.header();
        this.disk = new ImageDisk(image);
    }

    static Unreadable of(ImageReader image) throws IOException {
        return Unreadable.of(
                image.unreadable(),
                image.summary().counts().unreadableSectors(),
                image.header().geometry().sectorBytes());
    }

    /** What a range hits, by its first sector. */
    Hit hit(UnreadableSectors.Range range) throws DeviceException {
        for (ImageRegion each : header.partitions()) {
            Region partition = each.region();
            if (range.firstLba() >= partition.firstLba() && range.firstLba() < partition.endLba()) {
                return new Hit(partition, structure(partition, range));
            }
        }
        return new Hit(null, outside(range.firstLba()));
    }

    private String structure(Region partition, UnreadableSectors.Range range) throws DeviceException {
        MetadataPlaces known = places.get(partition);
        if (known == null) {
            known = MetadataPlaces.of(disk.volume(partition));
            places.put(partition, known);
        }
        long sectorBytes = header.geometry().sectorBytes();
        long from = (range.firstLba() - partition.firstLba()) * sectorBytes;
        return known.at(from, from + range.sectorCount() * sectorBytes);
    }

    private String outside(long lba) {
        if (lba == 0) {
            return "boot record and partition table";
        }
        boolean hasGpt = header.partitions().stream()
                .anyMatch(partition -> partition.partitionType().length() == 36);
        long entries = 16_384 / header.geometry().sectorBytes();
        if (hasGpt && lba <= entries + 1) {
            return "GPT";
        }
        return hasGpt && lba >= header.geometry().totalSectors() - entries - 1 ? "backup GPT" : "";
    }

    @Override
    public void close() {
        disk.close();
    }
}
