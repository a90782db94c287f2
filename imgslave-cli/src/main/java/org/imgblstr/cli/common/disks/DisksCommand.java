package org.imgblstr.cli.common.disks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.JsonLine;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr disks} and {@code imgslave disks}. */
@Command(
        name = "disks",
        description = "List the disks of this machine: size, model, serial, bus, partitions, file systems, how much is"
                + " used, mounted or not. Fixed disks come first, loop devices last.")
public final class DisksCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(names = "--json", description = "Write one JSON object to standard output.")
    private boolean isJson;

    @Option(
            names = "--no-used",
            description = "Do not read how much is used; reading it may take some seconds on large disks.")
    private boolean isUsedLeftOut;

    @Parameters(
            paramLabel = "DEV",
            arity = "0..*",
            description = "List only these disks; a file that stands for a disk can be named too.")
    private List<String> devices = List.of();

    public DisksCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        List<ListedDisk> disks = new ArrayList<>();
        if (devices.isEmpty()) {
            disks.addAll(ListedDisk.all(!isUsedLeftOut));
        }
        for (String device : devices) {
            disks.add(ListedDisk.of(device, !isUsedLeftOut));
        }
        if (isJson) {
            JsonLine.write(setting.streams().out(), json -> DisksJson.write(json, disks));
        } else {
            DiskTable.lines(disks, options.isVerbose())
                    .forEach(setting.streams().out()::println);
            if (disks.isEmpty()) {
                setting.streams().err().println("this machine has no disks");
            }
        }
        return ExitCode.DONE;
    }
}
