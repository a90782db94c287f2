package org.imgblstr.cli.master;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.CommonOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.VersionProvider;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.master.job.BroadcastOptions;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.JobOptions;
import org.imgblstr.cli.master.job.ReadOptions;
import org.imgblstr.cli.master.job.RunOptions;
import org.imgblstr.cli.master.protection.ImageOptions;
import org.imgblstr.cli.master.run.MasterRun;
import org.imgblstr.cli.master.run.SameCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code imgblstr}: the six modes, and menus when no mode is given. */
@Command(
        name = "imgblstr",
        versionProvider = VersionProvider.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Image a disk to a file, to any number of machines, or both in one pass.",
            "",
            "  imgblstr --upload IMAGE               --disk DEV   disk to image file",
            "  imgblstr --upload IMAGE --broadcast   --disk DEV   disk to image and slaves",
            "  imgblstr                --broadcast   --disk DEV   disk to slaves",
            "  imgblstr --download IMAGE             --disk DEV   image file to disk",
            "  imgblstr --download IMAGE --broadcast --disk DEV   image to disk and slaves",
            "  imgblstr --download IMAGE --broadcast              image file to slaves",
            "",
            "Without a mode, the program asks for one if it runs on a terminal."
        })
final class ImgblstrCommand implements Callable<Integer> {
    private static final List<String> NETWORK_OPTIONS = List.of("--interface", "--group", "--ports", "--session");

    private final Setting setting;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions jobOptions;

    @Mixin
    private ReadOptions readOptions;

    @Mixin
    private ImageOptions imageOptions;

    @Mixin
    private BroadcastOptions broadcastOptions;

    @Mixin
    private CommonOptions common;

    ImgblstrCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        common.applyLogging();
        broadcastOptions.secrets().in(setting.process()::variable);
        RunOptions options = new RunOptions(common, readOptions, broadcastOptions, imageOptions, jobOptions.start());
        Job job;
        List<String> typed = spec.commandLine().getParseResult().originalArgs();
        SameCommand command = SameCommand.typed(typed);
        if (jobOptions.isEmpty() && setting.streams().canAsk()) {
            if (jobOptions.isShrinking()) {
                throw CliException.usage(
                        "--shrink needs --download IMAGE: say so on the command line, the menus do not ask");
            }
            Menus menus = new Menus(setting, jobOptions, options);
            job = menus.ask();
            command = SameCommand.ofMenus(menus.command(typed));
        } else {
            checkAlone();
            job = jobOptions.job().resolved();
        }
        common.beginLog(
                job.image(),
                job.disk() == null ? null : Path.of(job.disk()),
                broadcastOptions.reportFile(),
                broadcastOptions.expectFile());
        job = job.withSectorBytes(readOptions.sectorBytes());
        options.check(job);
        Reporter reporter = new Reporter(setting.streams(), common, Clock.systemUTC());
        if (job.mode().broadcasts()) {
            reporter.sealing(broadcastOptions.secrets().sealing());
        }
        return new MasterRun(job, command, options, setting, reporter).run();
    }

    /** Before what lacks: who forgets --broadcast and says --slaves must not be asked which disk is to be overwritten. */
    private void checkAlone() {
        if (jobOptions.isEmpty() || jobOptions.isBroadcast()) {
            return;
        }
        broadcastOptions.checkAlone();
        for (String option : NETWORK_OPTIONS) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw CliException.usage(option + " needs --broadcast: without it nothing is sent");
            }
        }
    }
}
