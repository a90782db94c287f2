package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.report.TextTable;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.image.ImageSource;
import org.imgblstr.disk.image.TrackCounts;
import org.imgblstr.protocol.contract.PlainText;

/** What {@code info} says of an image, for a person. */
public final class InfoText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private final ImageReader reader;
    private final ImageHeader header;
    private final PrintStream out;

    public InfoText(ImageReader reader, PrintStream out) {
        this.reader = reader;
        this.header = reader.header();
        this.out = out;
    }

    /** {@code isFull}: also what only a developer asks for: track counts, LBAs, types and ids. {@code zone}: of the times that are printed. */
    public void print(Path image, boolean isFull, ZoneId zone) throws IOException {
        TrackCounts counts = reader.summary().counts();
        line("image", image + ", " + Units.bytes(reader.summary().fileBytes()));
        line("made", made(header.created(), zone));
        if (!header.origin().note().isEmpty()) {
            line("note", header.origin().note());
        }
        line("source", source());
        line("holds", holds());
        line("data", data(counts, reader.summary().fileBytes()));
        long outside = ImagePartition.bytesLeftOutside(reader);
        if (outside > 0) {
            line("left out", Units.bytes(outside) + " in no partition, of which only samples were read, all zero");
        }
        for (ImagePartition whole : ImagePartition.undivided(reader)) {
            line("content", content(whole));
        }
        line("fits", fits());
        line("codec", header.origin().codec());
        if (reader.isEncrypted()) {
            line("encrypted", "yes");
        }
        if (!reader.signer().isEmpty()) {
            line("signed", signed(reader.signer()));
        }
        line("digest", HexFormat.of().formatHex(reader.summary().contentDigest()));
        if (isFull) {
            printDetails(counts);
        }
        if (!counts.isWhole()) {
            printUnreadable();
        }
        partitions().lines().forEach(out::println);
    }

    /** Who signed; nothing was compared. */
    static String signed(String signer) {
        return "by key " + signer + "; verify with --trust tells whether that holds";
    }

    private String made(Instant created, ZoneId zone) {
        String machine = header.origin().machine().isEmpty()
                ? ""
                : " on " + header.origin().machine();
        String program = header.origin().program().isEmpty()
                ? ""
                : " by " + header.origin().program();
        return TIME.format(created.atZone(zone)) + machine + program;
    }

    private String source() {
        ImageSource source = header.origin().source();
        String model = source.model().isEmpty() ? "" : source.model() + ", ";
        String serial = source.serial().isEmpty() ? "" : "serial " + source.serial() + ", ";
        return model + serial + source.path() + ", " + Units.bytes(source.sizeBytes()) + ", sectors of "
                + header.geometry().sectorBytes() + " bytes";
    }

    private String holds() {
        return header.regions().stream()
                .map(region -> region.region().isWholeDisk() ? "the whole disk" : "partition " + name(region))
                .collect(Collectors.joining(", "));
    }

    private String data(TrackCounts counts, long fileBytes) {
        String share = counts.usedBytes() == 0
                ? ""
                : "; the image file has " + Math.round(100.0 * fileBytes / counts.usedBytes()) + " % of that size";
        return Units.bytes(counts.usedBytes()) + " of "
                + Units.bytes(header.space().totalBytes()) + ", the rest is free or zero" + share;
    }

    private String fits() {
        String sectors = " with sectors of " + header.geometry().sectorBytes() + " bytes";
        if (header.requiredBytes() > 0) {
            return "disks of at least " + Units.bytes(header.requiredBytes()) + " (" + header.requiredBytes()
                    + " bytes)" + sectors;
        }
        return header.regions().stream()
                .map(region -> bytes(region) + " for " + name(region))
                .collect(Collectors.joining(", ", "partitions of at least ", sectors));
    }

    private String bytes(ImageRegion region) {
        return Units.bytes(region.region().sectorCount() * header.geometry().sectorBytes());
    }

    private static String name(ImageRegion region) {
        String name = region.region().name();
        return region.region().number() + (name.isEmpty() ? "" : " '" + name + "'");
    }

    private void printDetails(TrackCounts counts) {
        line("id", header.imageId().toString());
        line(
                "tracks",
                counts.dataTracks() + " data, " + counts.zeroTracks() + " zero, " + counts.unusedTracks() + " unused, "
                        + counts.unreadable().tracks() + " unreadable"
                        + (counts.unreadable().partialTracks() == 0
                                ? ""
                                : ", " + counts.unreadable().partialTracks() + " data in part"));
        line("encoded", Units.bytes(counts.encodedBytes()));
        header.regions().forEach(region -> line("region", place(region)));
        header.partitions().forEach(partition -> line("table", place(partition)));
    }

    private String place(ImageRegion region) {
        String type = region.partitionType().isEmpty() ? "" : ", type " + region.partitionType();
        return name(region) + ", LBA " + region.region().firstLba() + " to "
                + (region.region().endLba() - 1) + ", " + bytes(region) + type;
    }

    private TextTable partitions() throws IOException {
        TextTable table = new TextTable(">no", "name", "content", "label", ">size", ">used", ">data");
        for (ImagePartition partition : ImagePartition.of(reader)) {
            String content = partition.isHeld() ? known(partition.content().type()) : "not in the image";
            table.row(
                    String.valueOf(partition.entry().region().number()),
                    plain(partition.entry().region().name()),
                    content,
                    plain(partition.content().label()),
                    Units.bytes(partition.sizeBytes()),
                    used(partition),
                    partition.isHeld() ? Units.bytes(partition.dataBytes()) : "");
        }
        return table;
    }

    /** Blank where nobody knows; the same words as in the list of disks. */
    private static String used(ImagePartition partition) {
        if (partition.isUsedInFull()) {
            return "all";
        }
        return partition.usedBytes() < 0 ? "" : Units.bytes(partition.usedBytes());
    }

    private String content(ImagePartition whole) {
        String label =
                whole.content().label().isEmpty() ? "" : " '" + whole.content().label() + "'";
        String used = used(whole);
        return known(whole.content().type())
                + label
                + (used.isEmpty() ? "" : ", " + used + " of " + Units.bytes(whole.sizeBytes()) + " used");
    }

    private static String known(String type) {
        return type.isEmpty() ? "unknown" : type;
    }

    private static String plain(String text) {
        return PlainText.of(text);
    }

    private void printUnreadable() throws IOException {
        Unreadable unreadable = ImagePlaces.unreadable(reader);
        line(
                "unreadable",
                Units.count(unreadable.sectors(), "sector") + ", " + Units.bytes(unreadable.bytes())
                        + ", could not be read when the image was made and are zeros:");
        try (ImagePlaces places = new ImagePlaces(reader)) {
            places.of(unreadable.ranges()).forEach(place -> line("", place.text()));
        }
        if (unreadable.hasMore()) {
            line("", "and more");
        }
    }

    private void line(String name, String value) {
        out.printf("%-11s %s%n", name, PlainText.of(value));
    }
}
