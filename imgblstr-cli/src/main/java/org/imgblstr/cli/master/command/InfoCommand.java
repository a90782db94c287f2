package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.image.TrackCounts;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr info IMAGE}. */
@Command(
        name = "info",
        description = "Show what an image file holds: header, partitions, counts.",
        mixinStandardHelpOptions = true)
public final class InfoCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(names = "--json", description = "Write one JSON object to standard output.")
    private boolean isJson;

    @Parameters(paramLabel = "IMAGE", description = "The image file.")
    private Path image;

    public InfoCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        try (ImageReader reader = ImageReader.open(image)) {
            if (isJson) {
                InfoJson.write(image, reader, setting.streams().out());
            } else {
                print(reader, setting.streams().out());
            }
        }
        return ExitCode.DONE;
    }

    private void print(ImageReader reader, PrintStream out) throws IOException {
        ImageHeader header = reader.header();
        TrackCounts counts = reader.summary().counts();
        line(out, "image", image + ", " + Units.bytes(reader.summary().fileBytes()));
        line(out, "id", header.imageId().toString());
        line(out, "created", header.created().toString());
        line(out, "source", source(header));
        line(out, "codec", header.codec());
        line(
                out,
                "sectors",
                header.geometry().totalSectors() + " of " + header.geometry().sectorBytes() + " bytes");
        line(
                out,
                "content",
                counts.dataTracks() + " data, " + counts.zeroTracks() + " zero, " + counts.unusedTracks() + " unused, "
                        + counts.unreadableTracks() + " unreadable tracks"
                        + (counts.partialTracks() == 0 ? "" : ", " + counts.partialTracks() + " data tracks in part"));
        line(out, "data", Units.bytes(counts.usedBytes()) + ", encoded " + Units.bytes(counts.encodedBytes()));
        line(out, "digest", HexFormat.of().formatHex(reader.summary().contentDigest()));
        for (ImageRegion region : header.regions()) {
            line(out, region.region().isWholeDisk() ? "whole disk" : "partition", text(region, header));
        }
        for (ImageRegion partition : header.partitions()) {
            line(out, "table", text(partition, header));
        }
        if (!counts.isWhole()) {
            printUnreadable(reader, out);
        }
    }

    private static void printUnreadable(ImageReader reader, PrintStream out) throws IOException {
        Unreadable unreadable = ImageUnreadable.of(reader);
        line(
                out,
                "unreadable",
                Units.count(unreadable.sectors(), "sector") + ", " + Units.bytes(unreadable.bytes())
                        + ", could not be read when the image was made and are zeros:");
        try (ImageUnreadable places = new ImageUnreadable(reader)) {
            for (UnreadableSectors.Range range : unreadable.ranges()) {
                ImageUnreadable.Hit hit = places.hit(range);
                String where = hit.partition() == null
                        ? ""
                        : ", partition " + hit.partition().number();
                line(out, "", range + where + (hit.structure().isEmpty() ? "" : ", " + hit.structure()));
            }
        }
        if (unreadable.hasMore()) {
            line(out, "", "and more");
        }
    }

    private static String source(ImageHeader header) {
        String model =
                header.source().model().isEmpty() ? "" : ", " + header.source().model();
        String serial = header.source().serial().isEmpty()
                ? ""
                : ", serial " + header.source().serial();
        return header.source().path() + model + serial + ", "
                + Units.bytes(header.source().sizeBytes());
    }

    private static String text(ImageRegion region, ImageHeader header) {
        String name =
                region.region().name().isEmpty() ? "" : " '" + region.region().name() + "'";
        String type = region.partitionType().isEmpty() ? "" : ", type " + region.partitionType();
        return region.region().number() + name + ", LBA " + region.region().firstLba() + " to "
                + (region.region().endLba() - 1) + ", "
                + Units.bytes(region.region().sectorCount() * header.geometry().sectorBytes()) + type;
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-11s %s%n", name, value);
    }
}
