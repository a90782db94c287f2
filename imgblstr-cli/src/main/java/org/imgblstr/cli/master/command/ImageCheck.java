package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.master.run.Watch;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageVerification;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.protocol.contract.ExitCode;

/** The verification of one image file: checks every byte, and tells what was found and which partitions are hit. Used once. */
final class ImageCheck {
    /** Places that a person reads; {@code --json} has more. */
    private static final int MOST_SHOWN = 20;

    private final Path image;
    private final ImageAccess access;
    private final Setting setting;
    private final Reporter reporter;
    private final long startedNs = System.nanoTime();
    private Unreadable unreadable = Unreadable.NOTHING;
    private String signer = "";
    private long bytesImaged;
    private long bytesUsed;

    ImageCheck(Path image, ImageAccess access, Setting setting, Reporter reporter) {
        this.image = image;
        this.access = access;
        this.setting = setting;
        this.reporter = reporter;
    }

    /** Returns the exit code. What is wrong with the file is told and no exception. {@code isTraced}: print stack traces too. */
    int run(boolean isTraced) {
        ImageFinding finding;
        try {
            finding = look();
            finding.faults().forEach(fault -> setting.streams().err().println("imgblstr: " + fault));
        } catch (IOException e) {
            finding = ImageFinding.failed(e);
            Failures.report("imgblstr", e, isTraced, setting.streams().err());
        }
        tell(finding);
        return finding.exitCode();
    }

    private ImageFinding look() throws IOException {
        try (ImageReader reader = ImageReader.open(image, access)) {
            signer = reader.signer();
            bytesImaged = reader.space().totalBytes();
            bytesUsed = reader.summary().counts().usedBytes();
            ImageVerification found = verify(reader);
            if (!found.isSound()) {
                try (ImagePlaces places = new ImagePlaces(reader)) {
                    return ImageFinding.damaged(found, places);
                }
            }
            if (reader.summary().counts().isWhole()) {
                return ImageFinding.sound(ExitCode.DONE);
            }
            unreadable = ImagePlaces.unreadable(reader);
            return ImageFinding.sound(ExitCode.INCOMPLETE);
        }
    }

    private ImageVerification verify(ImageReader reader) throws IOException {
        try (Watch watch = Watch.ofFile(setting.interruption(), reporter, "verifying")) {
            ImageVerification found = reader.verify(watch::onFileProgress, watch::isStopped);
            setting.interruption().check();
            return found;
        }
    }

    private void tell(ImageFinding finding) {
        reporter.event("image-result", json -> finding.write(json, image));
        if (finding.faultCount() > finding.faults().size()) {
            reporter.warning(finding.faultCount() + " places of the image are damaged; the first "
                    + finding.faults().size() + " were listed");
        }
        Summary summary = new Summary(
                finding.exitCode(),
                (System.nanoTime() - startedNs) / 1e9,
                new Summary.Amounts(bytesImaged, bytesUsed, 0, imageFile(finding)),
                List.of(),
                List.of(),
                List.of(),
                unreadable);
        reporter.summary(summary, lines(finding, summary));
    }

    private Summary.ImageFile imageFile(ImageFinding finding) {
        return new Summary.ImageFile(image.toString(), Math.max(0, ImageFinding.sizeOf(image)), finding.isSound());
    }

    private List<String> lines(ImageFinding finding, Summary summary) {
        String time = Units.bytes(bytesImaged) + " in " + Units.seconds(Math.round(summary.seconds()));
        return switch (finding.exitCode()) {
            case ExitCode.DONE -> List.of(image + ": sound, " + time + signed());
            case ExitCode.INCOMPLETE ->
                List.of(image + ": sound, " + time + "; but unreadable when it was made: " + unreadable.text()
                        + signed());
            case ExitCode.MALFORMED_IMAGE -> damaged(finding, time);
            // Nothing is known of the image; the line of error says why.
            default -> List.of();
        };
    }

    /** Whether to trust that key is for the operator to say, with {@code --trust}. */
    private String signed() {
        if (signer.isEmpty()) {
            return "";
        }
        return "; signed by key " + signer + (access.trusted().isEmpty() ? ", which --trust did not ask for" : "");
    }

    private List<String> damaged(ImageFinding finding, String time) {
        List<String> lines = new ArrayList<>();
        if (bytesImaged == 0) {
            lines.add(image + ": damaged, so that nothing of it can be checked");
        } else if (finding.bytesHit() == 0) {
            lines.add(image + ": damaged, but only in what says where the tracks are; " + time);
        } else {
            lines.add(image + ": damaged; hit are " + Units.bytes(finding.bytesHit()) + " of " + time + ":");
        }
        finding.places().stream().limit(MOST_SHOWN).forEach(place -> lines.add("  " + place.text()));
        int left = finding.places().size() - MOST_SHOWN;
        if (left > 0 || finding.hasMorePlaces()) {
            lines.add("  and " + (finding.hasMorePlaces() ? "many more places" : Units.count(left, "more place")));
        }
        lines.add("  no disk can be made of it: take another copy of the image, or make it again");
        return lines;
    }
}
