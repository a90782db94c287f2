package org.imgblstr.cli.master.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.master.job.ImageDisk;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.UnreadableSectors.Range;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.use.MetadataPlaces;
import org.imgblstr.protocol.contract.PlainText;

/**
 * Where sectors of the disk that an image was made of lie: in which partition, and what they hit there. Works with a damaged image, as far as that
 * can be read. One thread.
 */
final class ImagePlaces implements AutoCloseable {
    private final ImageHeader header;
    private final List<Region> partitions = new ArrayList<>();
    private final Map<Region, MetadataPlaces> known = new HashMap<>();
    private final Map<Region, Content> contents = new HashMap<>();
    private final ImageDisk disk;

    /**
     * Sectors of one partition, or of none.
     *
     * @param range the sectors, by their numbers on the source disk
     * @param partition null outside of all partitions
     * @param content what fills the partition, by its signature; unknown where that is not known
     * @param structure what of a table or a file system is hit; "" when that is not known
     * @param bytes of the range
     */
    record Place(Range range, Region partition, Content content, String structure, long bytes) {
        /** 0 outside of all partitions. */
        int number() {
            return partition == null ? 0 : partition.number();
        }

        void write(JsonGenerator json) throws IOException {
            json.writeNumberField("firstLba", range.firstLba());
            json.writeNumberField("sectors", range.sectorCount());
            json.writeNumberField("partition", number());
            json.writeStringField("name", partition == null ? "" : partition.name());
            json.writeStringField("fileSystem", content.type());
            json.writeStringField("label", content.label());
            json.writeStringField("structure", structure);
        }

        /** One line for a person. */
        String text() {
            String what = structure.isEmpty() ? "" : ", " + structure;
            return where() + ": " + range + ", " + Units.bytes(bytes) + what;
        }

        /** {@code partition 3 'data' (ext4 'home')}. */
        String where() {
            if (partition == null) {
                return "outside of all partitions";
            }
            String name = partition.name().isEmpty() ? "" : " '" + partition.name() + "'";
            String label = content.label().isEmpty() ? "" : " '" + content.label() + "'";
            String inside = content.type().isEmpty() ? "" : " (" + content.type() + label + ")";
            String whole = partition.number() == 0 ? "the undivided disk" : "partition " + partition.number();
            return PlainText.of(whole + name + inside);
        }
    }

    ImagePlaces(ImageReader image) {
        this.header = image.header();
        this.disk = new ImageDisk(image);
        header.partitions().stream().map(ImageRegion::region).forEach(partitions::add);
        // The device of one partition, and a disk without partitions, have no table.
        if (partitions.isEmpty()) {
            header.regions().stream().map(ImageRegion::region).forEach(partitions::add);
        }
    }

    /** What could not be read when the image was made. */
    static Unreadable unreadable(ImageReader image) throws IOException {
        return Unreadable.of(
                image.unreadable(),
                image.summary().counts().unreadable().sectors(),
                image.header().geometry().sectorBytes());
    }

    /** The places of sectors, in their order; a range over several partitions is divided. */
    List<Place> of(List<Range> ranges) {
        List<Place> places = new ArrayList<>();
        for (Range range : ranges) {
            long end = range.firstLba() + range.sectorCount();
            long lba = range.firstLba();
            while (lba < end) {
                Place place = place(lba, end);
                places.add(place);
                lba += place.range().sectorCount();
            }
        }
        return places;
    }

    /** Up to the end of a partition, or where one begins. */
    private Place place(long lba, long end) {
        long limit = end;
        for (Region partition : partitions) {
            if (lba >= partition.firstLba() && lba < partition.endLba()) {
                Range range = new Range(lba, Math.min(end, partition.endLba()) - lba);
                return new Place(range, partition, content(partition), structure(partition, range), bytes(range));
            }
            limit = partition.firstLba() > lba ? Math.min(limit, partition.firstLba()) : limit;
        }
        Range range = new Range(lba, limit - lba);
        return new Place(range, null, Content.UNKNOWN, outside(lba), bytes(range));
    }

    private long bytes(Range range) {
        return range.sectorCount() * header.geometry().sectorBytes();
    }

    private Content content(Region partition) {
        Content content = contents.get(partition);
        if (content == null) {
            try {
                content = ContentProbe.probe(
                        disk.volume(partition)::read,
                        0,
                        partition.sectorCount() * header.geometry().sectorBytes());
            } catch (DeviceException e) {
                content = Content.UNKNOWN;
            }
            contents.put(partition, content);
        }
        return content;
    }

    /** "" also where the image is too damaged to tell. */
    private String structure(Region partition, Range range) {
        try {
            MetadataPlaces places = known.get(partition);
            if (places == null) {
                places = MetadataPlaces.of(disk.volume(partition));
                known.put(partition, places);
            }
            long from = (range.firstLba() - partition.firstLba())
                    * header.geometry().sectorBytes();
            return places.at(from, from + bytes(range));
        } catch (DeviceException e) {
            return "";
        }
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
