package org.imgblstr.cli.master.command;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.master.protection.ImageKeyOptions;
import org.imgblstr.cli.master.protection.TrustOption;
import org.imgblstr.disk.image.sealed.ImageAccess;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr verify IMAGE...}: goes on behind a damaged image; the exit code is that of the first that is not sound. */
@Command(
        name = "verify",
        description = "Check every byte of image files, and name the partitions and file systems that damage hits.")
public final class VerifyCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Mixin
    private ImageKeyOptions keys;

    @Mixin
    private TrustOption trust;

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
    public Integer call() {
        options.apply();
        Reporter reporter = new Reporter(setting.streams(), isQuiet, isJson, Clock.systemUTC());
        ImageAccess access = keys.access(setting, trust.keys());
        int first = ExitCode.DONE;
        for (Path image : images) {
            int code = new ImageCheck(image, access, setting, reporter).run(options.isVerbose());
            first = first == ExitCode.DONE ? code : first;
        }
        return first;
    }
}
