package org.imgblstr.cli.common.disks;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.report.TextTable;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;
import org.imgblstr.protocol.contract.PlainText;

/** Disks as a table for a person: a row for each disk, below it one for each of its partitions, then what is not known. */
public final class DiskTable {
    private static final String NOT_IN_USE = "no";

    private final TextTable table =
            new TextTable("disk", ">size", ">used", "bus", "content", "model or name", "serial or label", "in use");
    private final List<String> remarks = new ArrayList<>();

    private DiskTable() {}

    /** The lines of the table; none without disks. */
    public static List<String> lines(List<ListedDisk> disks) {
        DiskTable made = new DiskTable();
        for (int i = 0; i < disks.size(); i++) {
            made.add(disks.get(i), disks.get(i).path());
        }
        return made.lines();
    }

    /** The same, with a number before each disk by which it is chosen, from 1. */
    public static List<String> numbered(List<ListedDisk> disks) {
        DiskTable made = new DiskTable();
        for (int i = 0; i < disks.size(); i++) {
            made.add(disks.get(i), (i + 1) + "  " + disks.get(i).path());
        }
        return made.lines();
    }

    /** Only the partitions of a disk. */
    public static List<String> partitions(ListedDisk disk) {
        TextTable partitions = new TextTable(">no", "name", ">size", "content", "label", "in use");
        for (PartitionEntry entry : disk.entry().partitions()) {
            partitions.row(
                    String.valueOf(entry.partition().number()),
                    PlainText.of(entry.partition().name()),
                    Units.bytes(entry.sizeBytes()),
                    ListedDisk.word(entry.content()),
                    PlainText.of(entry.content().label()),
                    use(entry.uses()));
        }
        return partitions.lines();
    }

    private void add(ListedDisk disk, String name) {
        DiskIdentity identity = disk.entry().identity();
        boolean isUndivided = disk.isUndivided();
        String content = isUndivided
                ? ListedDisk.word(disk.entry().content())
                : disk.entry().table();
        String label = disk.entry().content().label();
        table.row(
                PlainText.of(name),
                Units.bytes(identity.sizeBytes()),
                bytes(disk.used().of(0)),
                disk.attachment().bus(),
                content,
                PlainText.of(identity.model()),
                PlainText.of(identity.serial() + (label.isEmpty() ? "" : " '" + label + "'"))
                        .strip(),
                disk.entry().partitions().isEmpty() || !disk.ownUses().isEmpty() ? use(disk.ownUses()) : "");
        disk.entry().partitions().forEach(partition -> add(disk, partition));
        disk.remarks().forEach(remark -> remarks.add("  " + PlainText.of(about(disk, remark))));
    }

    private static String about(ListedDisk disk, String remark) {
        return remark.startsWith(disk.path()) ? remark : disk.path() + ": " + remark;
    }

    private void add(ListedDisk disk, PartitionEntry entry) {
        table.row(
                "  " + entry.partition().number(),
                Units.bytes(entry.sizeBytes()),
                bytes(disk.used().of(entry.partition().number())),
                "",
                ListedDisk.word(entry.content()),
                PlainText.of(entry.partition().name()),
                PlainText.of(entry.content().label()),
                use(entry.uses()));
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(table.lines());
        lines.addAll(remarks);
        return lines;
    }

    private static String bytes(OptionalLong bytes) {
        return bytes.isPresent() ? Units.bytes(bytes.getAsLong()) : "";
    }

    private static String use(List<SystemUse> uses) {
        return uses.isEmpty()
                ? NOT_IN_USE
                : PlainText.of(uses.stream().map(DiskTable::word).distinct().collect(Collectors.joining(", ")));
    }

    private static String word(SystemUse use) {
        return switch (use.kind()) {
            case SYSTEM -> "running system, " + use.where();
            case MOUNTED -> "mounted on " + use.where();
            case SWAP -> "swap";
            case HELD -> "part of " + use.where();
            case READ_ONLY -> "read-only";
            case LOOP_FILE -> "content of " + use.where();
            case BUSY, WRITER -> "busy";
        };
    }
}
