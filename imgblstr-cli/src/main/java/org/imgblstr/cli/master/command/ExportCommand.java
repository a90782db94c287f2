package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.master.job.ImageStore;
import org.imgblstr.cli.master.protection.ImageKeyOptions;
import org.imgblstr.cli.master.protection.TrustOption;
import org.imgblstr.cli.master.run.Watch;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.OutputFile;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.pass.RawSink.Destination;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr export IMAGE OUT}. */
@Command(name = "export", description = "Write the raw bytes of an image to a file, or to standard output as -.")
public final class ExportCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(
            names = "--partition",
            paramLabel = "LIST",
            description = "Only these partitions of the image, by number or name (1,3 or boot,root), one after the"
                    + " other.")
    private String partitions;

    @Mixin
    private ImageKeyOptions keys;

    @Mixin
    private TrustOption trust;

    @Option(names = "--force", description = "Replace OUT if it exists, and begin even if OUT does not seem to fit.")
    private boolean force;

    @Option(names = "--no-verify", description = "Do not read back what was written.")
    private boolean noVerify;

    @Option(names = "--json", description = "Write only events to standard output, one JSON object per line.")
    private boolean isJson;

    @Option(names = "--quiet", description = "Show no progress on standard error.")
    private boolean isQuiet;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "The image file.")
    private Path image;

    @Parameters(index = "1", paramLabel = "OUT", description = "A file, or - for standard output.")
    private String out;

    public ExportCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        if (isJson && isPiped()) {
            throw CliException.usage(
                    "--json cannot be used with -: standard output holds the raw bytes; name a file, or leave --json out");
        }
        Reporter reporter = new Reporter(setting.streams(), isQuiet, isJson, Clock.systemUTC());
        long startedNs = System.nanoTime();
        try (ImageReader reader = ImageReader.open(image, keys.access(setting, trust.keys()))) {
            List<Region> chosen = partitions == null ? List.of() : ImageSelection.parse(partitions, reader);
            RawExport export = new RawExport(reader, chosen);
            UnreadableSectors lacking = isPiped() ? toStandardOutput(export, reporter) : toFile(export, reporter);
            return end(export, Unreadable.of(lacking), seconds(startedNs), reporter);
        } catch (IOException | RefusedException | RuntimeException e) {
            fail(e, seconds(startedNs), reporter);
            throw e;
        }
    }

    private boolean isPiped() {
        return out.equals("-");
    }

    private UnreadableSectors toStandardOutput(RawExport export, Reporter reporter) throws IOException {
        return pump(export, reporter, new PipedBytes(setting.streams().out()));
    }

    private UnreadableSectors toFile(RawExport export, Reporter reporter) throws IOException, RefusedException {
        Path path = Path.of(out);
        if (Files.exists(path)) {
            if (Files.isSameFile(path, image)) {
                throw CliException.refused(path + " is the image itself");
            }
            if (!Files.isRegularFile(path)) {
                throw CliException.refused(path + " is not a file; --download IMAGE --disk DEV writes a device");
            }
        }
        checkRoom(export, path);
        try (OutputFile file = OutputFile.create(path, force, !noVerify)) {
            return pump(export, reporter, new FileBytes(file));
        }
    }

    /** Zeros and unused space become holes, but count for the length of the file. */
    private void checkRoom(RawExport export, Path path) throws IOException, RefusedException {
        OutputFile.checkName(path);
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CliException.usage(path + ": its folder does not exist; make it, or name another");
        }
        String refusal = ImageStore.of(folder).exportRefusal(export.dataBytes(), export.totalBytes());
        if (!refusal.isEmpty() && !force) {
            throw CliException.refused(
                    refusal + ": name another folder, or use --force to try in spite of this; nothing was written");
        }
    }

    private UnreadableSectors pump(RawExport export, Reporter reporter, Destination destination) throws IOException {
        try (Watch watch = Watch.ofFile(setting.interruption(), reporter, "exporting")) {
            return export.pump(new CountedBytes(destination, export.totalBytes(), watch), watch::isStopped);
        }
    }

    /** Code 0 only when every byte of the disk was in the image. */
    private int end(RawExport export, Unreadable unreadable, double seconds, Reporter reporter) throws IOException {
        ImageFinding finding = ImageFinding.sound(unreadable.isNothing() ? ExitCode.DONE : ExitCode.INCOMPLETE);
        String what = Units.bytes(export.totalBytes()) + " of "
                + (partitions == null ? "the image" : "its partitions " + partitions);
        String where = isPiped() ? "standard output" : out;
        String verified = isPiped() ? "" : noVerify ? ", not verified" : ", verified";
        String line = (unreadable.isNothing() ? "done: " : "incomplete: ") + where + " has " + what + verified + ", in "
                + Units.seconds(Math.round(seconds));
        reporter.event("image-result", json -> finding.write(json, image));
        var amounts = new Summary.Amounts(export.totalBytes(), export.dataBytes(), 0, file(partitions == null));
        reporter.summary(summary(finding, amounts, unreadable, seconds), isPiped() ? List.of() : List.of(line));
        if (isPiped()) {
            reporter.note(line);
        }
        if (!unreadable.isNothing()) {
            setting.streams()
                    .err()
                    .println("incomplete: " + unreadable.text()
                            + " could not be read when the image was made and are zeros now");
        }
        return finding.exitCode();
    }

    private void fail(Exception failure, double seconds, Reporter reporter) {
        ImageFinding finding = ImageFinding.failed(failure);
        reporter.event("image-result", json -> finding.write(json, image));
        var amounts = new Summary.Amounts(0, 0, 0, file(false));
        reporter.failed(summary(finding, amounts, Unreadable.NOTHING, seconds), failure);
    }

    private Summary summary(ImageFinding finding, Summary.Amounts amounts, Unreadable unreadable, double seconds) {
        return new Summary(finding.exitCode(), seconds, amounts, List.of(), List.of(), List.of(), unreadable);
    }

    /** {@code isVerified}: whether all of the image was read, and so compared with its digests. */
    private Summary.ImageFile file(boolean isVerified) {
        return new Summary.ImageFile(image.toString(), Math.max(0, ImageFinding.sizeOf(image)), isVerified);
    }

    private static double seconds(long startedNs) {
        return (System.nanoTime() - startedNs) / 1e9;
    }
}
