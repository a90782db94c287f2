package org.imgblstr.cli.master.command;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.master.run.Watch;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageVerification;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr verify IMAGE...}: goes on behind a damaged image; the exit code is that of the first that is not sound. */
@Command(
        name = "verify",
        description = "Check every byte of image files: every track's digest, index, counts.",
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(names = "--json", description = "Write only events to standard output, one JSON object per line.")
    private boolean isJson;

    @Option(names = "--quiet", description = "Show no progress on standard error.")
    private boolean isQuiet;

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "The image files.")
    private List<Path> images;

    public VerifyCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        Reporter reporter = new Reporter(setting.streams(), isQuiet, isJson, Clock.systemUTC());
        int first = ExitCode.DONE;
        for (Path image : images) {
            int code = verify(image, reporter);
            first = first == ExitCode.DONE ? code : first;
        }
        return first;
    }

    private int verify(Path image, Reporter reporter) throws Exception {
        long startedNs = System.nanoTime();
        int code;
        long bytesImaged;
        long bytesUsed;
        Unreadable unreadable = Unreadable.NOTHING;
        try (ImageReader reader = ImageReader.open(image)) {
            bytesImaged = reader.space().totalBytes();
            bytesUsed = reader.summary().counts().usedBytes();
            code = verify(reader, reporter);
            if (code == ExitCode.DONE && !reader.summary().counts().isWhole()) {
                unreadable = ImageUnreadable.of(reader);
                code = ExitCode.INCOMPLETE;
            }
        } catch (MalformedImageException e) {
            reporter.failed(summary(ExitCode.MALFORMED_IMAGE, startedNs, 0, 0, unreadable), e);
            return Failures.report(
                    "imgblstr", e, options.isVerbose(), setting.streams().err());
        }
        Summary summary = summary(code, startedNs, bytesImaged, bytesUsed, unreadable);
        boolean isSound = code == ExitCode.DONE || code == ExitCode.INCOMPLETE;
        String line = image + (isSound ? ": sound, " : ": damaged, ") + Units.bytes(bytesImaged) + " in "
                + Units.seconds(Math.round(summary.seconds()))
                + (unreadable.isNothing() ? "" : "; but unreadable when it was made: " + unreadable.text());
        reporter.summary(summary, List.of(line));
        return code;
    }

    private int verify(ImageReader reader, Reporter reporter) throws Exception {
        ImageVerification found;
        try (Watch watch = Watch.ofFile(setting.interruption(), reporter, "verifying")) {
            found = reader.verify(watch::onFileProgress, watch::isStopped);
            setting.interruption().check();
        }
        found.damages().forEach(damage -> setting.streams().err().println("imgblstr: " + damage.getMessage()));
        if (found.damageCount() > found.damages().size()) {
            reporter.warning(found.damageCount() + " places of the image are damaged; the first "
                    + found.damages().size() + " were listed");
        }
        return found.isSound()
                ? ExitCode.DONE
                : Failures.exitCode(found.damages().get(0));
    }

    private static Summary summary(int code, long startedNs, long bytesImaged, long bytesUsed, Unreadable unreadable) {
        return new Summary(
                code,
                (System.nanoTime() - startedNs) / 1e9,
                new Summary.Amounts(bytesImaged, bytesUsed, 0),
                List.of(),
                List.of(),
                List.of(),
                unreadable);
    }
}
