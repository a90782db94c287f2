package org.imgblstr.cli.master.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.ImageVerification;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.protocol.contract.ExitCode;

/**
 * What was found of one image file, for {@code verify} and {@code export}.
 *
 * @param exitCode {@link ExitCode#DONE} only when the file is sound and its content complete
 * @param faults the first of them, one line each, in the order of the file
 * @param faultCount all of them
 * @param places what they hit on the disk, the first of them
 * @param bytesHit how much of the disk they hit
 * @param hasMorePlaces whether there are others than {@code places}
 */
record ImageFinding(
        int exitCode,
        List<String> faults,
        long faultCount,
        List<ImagePlaces.Place> places,
        long bytesHit,
        boolean hasMorePlaces) {
    /** Ranges that are looked up. */
    private static final int MOST_RANGES = 100;

    ImageFinding {
        faults = List.copyOf(faults);
        places = List.copyOf(places);
    }

    /** Every byte is right; {@code exitCode}: whether the content is complete too. */
    static ImageFinding sound(int exitCode) {
        return new ImageFinding(exitCode, List.of(), 0, List.of(), 0, false);
    }

    /** The end of looking at the file: it is no image, or it could not be read. */
    static ImageFinding failed(Exception failure) {
        return new ImageFinding(Failures.exitCode(failure), List.of(Failures.message(failure)), 1, List.of(), 0, false);
    }

    /** Of a verification that has found damage. */
    static ImageFinding damaged(ImageVerification found, ImagePlaces places) {
        List<UnreadableSectors.Range> ranges = found.lost().ranges();
        int count = Math.min(MOST_RANGES, ranges.size());
        return new ImageFinding(
                ExitCode.MALFORMED_IMAGE,
                found.damages().stream()
                        .map(MalformedImageException::getMessage)
                        .toList(),
                found.damageCount(),
                places.of(ranges.subList(0, count)),
                found.lost().bytes(),
                found.lost().isCut() || count < ranges.size());
    }

    boolean isSound() {
        return exitCode == ExitCode.DONE || exitCode == ExitCode.INCOMPLETE;
    }

    /** One word: {@code sound}, {@code incomplete}, {@code damaged}, or {@code failed} where nothing is known of the image. */
    String word() {
        return switch (exitCode) {
            case ExitCode.DONE -> "sound";
            case ExitCode.INCOMPLETE -> "incomplete";
            case ExitCode.MALFORMED_IMAGE -> "damaged";
            default -> "failed";
        };
    }

    /** The event {@code image-result}. Specification: docs/events.schema.json. */
    void write(JsonGenerator json, Path image) throws IOException {
        json.writeStringField("image", image.toString());
        EventWriter.writeKnown(json, "fileBytes", sizeOf(image));
        json.writeStringField("result", word());
        json.writeNumberField("exitCode", exitCode);
        json.writeArrayFieldStart("faults");
        for (String fault : faults) {
            json.writeString(fault);
        }
        json.writeEndArray();
        json.writeNumberField("faultCount", faultCount);
        json.writeNumberField("bytesHit", bytesHit);
        json.writeArrayFieldStart("places");
        for (ImagePlaces.Place place : places) {
            json.writeStartObject();
            place.write(json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("more", hasMorePlaces);
    }

    /** -1 when the file cannot be looked at. */
    static long sizeOf(Path image) {
        try {
            return Files.size(image);
        } catch (IOException e) {
            return -1;
        }
    }
}
