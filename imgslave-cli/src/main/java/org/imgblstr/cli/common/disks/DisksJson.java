package org.imgblstr.cli.common.disks;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;

/** Disks for a program: the one object of {@code disks --json}. Specification: docs/events.schema.json. */
final class DisksJson {
    private DisksJson() {}

    static void write(JsonGenerator json, List<ListedDisk> disks) throws IOException {
        json.writeArrayFieldStart("disks");
        for (ListedDisk disk : disks) {
            json.writeStartObject();
            write(json, disk);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ListedDisk disk) throws IOException {
        DiskIdentity identity = disk.entry().identity();
        json.writeStringField("path", identity.path());
        json.writeStringField("model", identity.model());
        json.writeStringField("serial", identity.serial());
        json.writeNumberField("bytes", identity.sizeBytes());
        json.writeNumberField("sectorBytes", identity.sectorBytes());
        json.writeStringField("bus", disk.attachment().bus());
        json.writeBooleanField("removable", disk.attachment().isRemovable());
        json.writeBooleanField("readOnly", disk.entry().isReadOnly());
        json.writeStringField("table", disk.entry().table());
        write(json, disk.entry().content());
        EventWriter.writeKnown(json, "bytesUsed", disk.used().of(0).orElse(-1));
        writeUses(json, disk.ownUses());
        json.writeArrayFieldStart("partitions");
        for (PartitionEntry partition : disk.entry().partitions()) {
            json.writeStartObject();
            write(json, disk, partition);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("unknown");
        for (UsedSpace.Remark remark : disk.remarks()) {
            json.writeString(remark.text());
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ListedDisk disk, PartitionEntry partition) throws IOException {
        int number = partition.partition().number();
        json.writeNumberField("number", number);
        json.writeStringField("name", partition.partition().name());
        json.writeStringField("path", partition.device());
        json.writeNumberField("bytes", partition.sizeBytes());
        write(json, partition.content());
        EventWriter.writeKnown(json, "bytesUsed", disk.used().of(number).orElse(-1));
        writeUses(json, partition.uses());
    }

    private static void write(JsonGenerator json, Content content) throws IOException {
        json.writeStringField("fileSystem", content.type());
        json.writeStringField("label", content.label());
    }

    private static void writeUses(JsonGenerator json, List<SystemUse> uses) throws IOException {
        json.writeArrayFieldStart("uses");
        for (SystemUse use : uses) {
            json.writeStartObject();
            json.writeStringField(
                    "kind", use.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeStringField("path", use.device());
            json.writeStringField("where", use.where());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
