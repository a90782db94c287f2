package org.imgblstr.cli.master.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.DiskInventory;
import org.imgblstr.disk.partition.DiskInventory.Entry;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr disks}. */
@Command(
        name = "disks",
        description = "List the disks of this machine: size, model, serial, partitions, file systems, mounted or not.",
        mixinStandardHelpOptions = true)
public final class DisksCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(
            names = "--used",
            description =
                    "Show how much of each partition is used. Reading the file systems' maps may take some seconds.")
    private boolean used;

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
        PrintStream out = setting.streams().out();
        if (devices.isEmpty()) {
            List<Entry> entries = DiskInventory.list();
            entries.forEach(entry -> print(entry, out));
            if (entries.isEmpty()) {
                setting.streams().err().println("no disks");
            }
        }
        for (String device : devices) {
            print(DiskInventory.of(device), out);
        }
        return ExitCode.DONE;
    }

    private void print(Entry entry, PrintStream out) {
        String table =
                switch (entry.table()) {
                    case "none" -> content(entry.content());
                    case "unknown" -> "partitions unknown";
                    default -> entry.table();
                };
        out.println(
                entry.identity().describe() + ", sectors of " + entry.identity().sectorBytes() + " bytes"
                        + (table.isEmpty() ? "" : ", " + table) + (entry.isReadOnly() ? ", read-only" : ""));
        Map<Integer, String> usedOf = used ? UsedSpace.of(entry.identity().path()) : Map.of();
        if (usedOf.containsKey(0)) {
            out.println("       " + usedOf.get(0));
        }
        for (PartitionEntry partition : entry.partitions()) {
            out.println(line(partition));
            String text = usedOf.get(partition.partition().number());
            if (text != null) {
                out.println("       " + text);
            }
        }
        uses(entry.uses(), out);
        if (!entry.problem().isEmpty()) {
            out.println("  ! " + entry.problem());
        }
    }

    private static String line(PartitionEntry entry) {
        String used = entry.uses().stream().map(DisksCommand::where).collect(Collectors.joining(", "));
        String line = String.format(
                "  %3d  %-20s %10s  %-14s %s",
                entry.partition().number(),
                entry.partition().name(),
                Units.bytes(entry.sizeBytes()),
                content(entry.content()),
                used);
        return line.stripTrailing();
    }

    private static String where(SystemUse use) {
        return switch (use.kind()) {
            case SYSTEM, MOUNTED -> "mounted on " + use.where();
            case SWAP -> "swap";
            case HELD -> "part of " + use.where();
            case READ_ONLY -> "read-only";
            case LOOP_FILE -> "content of " + use.where();
            case BUSY, WRITER -> "busy";
        };
    }

    private static void uses(List<SystemUse> uses, PrintStream out) {
        uses.stream().map(SystemUse::fact).distinct().forEach(fact -> out.println("  * " + fact));
    }

    private static String content(Content content) {
        return content.type() + (content.label().isEmpty() ? "" : " '" + content.label() + "'");
    }
}
