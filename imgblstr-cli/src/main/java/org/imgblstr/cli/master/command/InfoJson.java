package org.imgblstr.cli.master.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HexFormat;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.cli.common.report.JsonLine;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.image.TrackCounts;

/** What {@code info --json} says of an image: one object on one line. */
final class InfoJson {
    private InfoJson() {}

    static void write(Path path, ImageReader image, PrintStream out) throws IOException {
        JsonLine.write(out, json -> write(json, path, image));
    }

    private static void write(JsonGenerator json, Path path, ImageReader image) throws IOException {
        ImageHeader header = image.header();
        json.writeStringField("image", path.toString());
        json.writeNumberField("fileBytes", image.summary().fileBytes());
        json.writeStringField("id", header.imageId().toString());
        json.writeStringField("created", header.created().toString());
        json.writeStringField("codec", header.origin().codec());
        json.writeStringField("program", header.origin().program());
        json.writeStringField("machine", header.origin().machine());
        json.writeStringField("note", header.origin().note());
        json.writeBooleanField("encrypted", image.isEncrypted());
        json.writeStringField("signedBy", image.signer());
        json.writeStringField("digest", HexFormat.of().formatHex(image.summary().contentDigest()));
        writeSource(json, header);
        writeTracks(json, image.summary().counts());
        // 0: partitions; they fit wherever a partition is long enough.
        json.writeNumberField("smallestDiskBytes", header.requiredBytes());
        json.writeNumberField("bytesSampled", ImagePartition.bytesLeftOutside(image));
        json.writeArrayFieldStart("regions");
        for (ImageRegion region : header.regions()) {
            json.writeStartObject();
            writeRegion(json, region);
            json.writeEndObject();
        }
        json.writeEndArray();
        writePartitions(json, image);
        writeUnreadable(json, image);
    }

    private static void writeSource(JsonGenerator json, ImageHeader header) throws IOException {
        json.writeObjectFieldStart("source");
        json.writeStringField("path", header.origin().source().path());
        json.writeStringField("model", header.origin().source().model());
        json.writeStringField("serial", header.origin().source().serial());
        json.writeNumberField("bytes", header.origin().source().sizeBytes());
        json.writeNumberField("sectors", header.geometry().totalSectors());
        json.writeNumberField("sectorBytes", header.geometry().sectorBytes());
        json.writeEndObject();
    }

    private static void writeTracks(JsonGenerator json, TrackCounts counts) throws IOException {
        json.writeObjectFieldStart("tracks");
        json.writeNumberField("data", counts.dataTracks());
        json.writeNumberField("partial", counts.unreadable().partialTracks());
        json.writeNumberField("zero", counts.zeroTracks());
        json.writeNumberField("unused", counts.unusedTracks());
        json.writeNumberField("unreadable", counts.unreadable().tracks());
        json.writeEndObject();
        json.writeNumberField("bytesUsed", counts.usedBytes());
        json.writeNumberField("bytesEncoded", counts.encodedBytes());
    }

    private static void writePartitions(JsonGenerator json, ImageReader image) throws IOException {
        json.writeArrayFieldStart("partitions");
        for (ImagePartition partition : ImagePartition.of(image)) {
            json.writeStartObject();
            writeRegion(json, partition.entry());
            json.writeBooleanField("held", partition.isHeld());
            json.writeStringField("fileSystem", partition.content().type());
            json.writeStringField("label", partition.content().label());
            EventWriter.writeKnown(json, "bytesUsed", partition.usedBytes());
            json.writeNumberField("bytesData", Math.max(0, partition.dataBytes()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeRegion(JsonGenerator json, ImageRegion region) throws IOException {
        json.writeNumberField("number", region.region().number());
        json.writeStringField("name", region.region().name());
        json.writeNumberField("firstLba", region.region().firstLba());
        json.writeNumberField("sectors", region.region().sectorCount());
        json.writeStringField("type", region.partitionType());
    }

    private static void writeUnreadable(JsonGenerator json, ImageReader image) throws IOException {
        Unreadable unreadable = ImagePlaces.unreadable(image);
        json.writeObjectFieldStart("unreadable");
        json.writeNumberField("sectors", unreadable.sectors());
        json.writeNumberField("bytes", unreadable.bytes());
        json.writeArrayFieldStart("ranges");
        try (ImagePlaces places = new ImagePlaces(image)) {
            for (ImagePlaces.Place place : places.of(unreadable.ranges())) {
                json.writeStartObject();
                json.writeNumberField("firstLba", place.range().firstLba());
                json.writeNumberField("sectors", place.range().sectorCount());
                // 0: outside of all partitions.
                json.writeNumberField("partition", place.number());
                json.writeStringField("structure", place.structure());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeBooleanField("more", unreadable.hasMore());
        json.writeEndObject();
    }
}
