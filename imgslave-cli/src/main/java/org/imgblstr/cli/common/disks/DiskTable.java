package org.imgblstr.cli.common.disks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.report.TextTable;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;
import org.imgblstr.disk.text.NameList;
import org.imgblstr.protocol.contract.PlainText;

/** Disks as a table for a person: a row for each disk, below it one for each of its partitions, then what is not known. */
public final class DiskTable {
    private static final String NOT_IN_USE = "no";

    /** Of disks in one line. */
    private static final int MOST_NAMES = 3;

    private final TextTable table = new TextTable(
                    "disk", ">size", ">used", "bus", "content", "model or name", "serial or label", "in use")
            .optional("used");
    /** Who has what not known, by that. */
    private final Map<String, List<String>> remarks = new LinkedHashMap<>();

    private final boolean isFull;

    private DiskTable(boolean isFull) {
        this.isFull = isFull;
    }

    /** The lines of the table; none without disks. {@code isFull}: each remark for each disk. */
    public static List<String> lines(List<ListedDisk> disks, boolean isFull) {
        DiskTable made = new DiskTable(isFull);
        for (int i = 0; i < disks.size(); i++) {
            made.add(disks.get(i), disks.get(i).path());
        }
        return made.lines();
    }

    /** The same, with a number before each disk by which it is chosen, from 1. */
    public static List<String> numbered(List<ListedDisk> disks) {
        DiskTable made = new DiskTable(false);
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
                used(disk, 0),
                disk.attachment().bus(),
                content,
                PlainText.of(identity.model()),
                PlainText.of(identity.serial() + (label.isEmpty() ? "" : " '" + label + "'"))
                        .strip(),
                disk.entry().partitions().isEmpty() || !disk.ownUses().isEmpty() ? use(disk.ownUses()) : "");
        disk.entry().partitions().forEach(partition -> add(disk, partition));
        for (UsedSpace.Remark remark : disk.remarks()) {
            if (isFull || !remark.isPlain()) {
                String who = disk.path() + (remark.partition() == 0 ? "" : " partition " + remark.partition());
                remarks.computeIfAbsent(about(disk, remark.why()), why -> new ArrayList<>())
                        .add(who);
            }
        }
    }

    /** Without the name of the disk, so that disks of which the same is to be said share a line. */
    private static String about(ListedDisk disk, String remark) {
        String name = disk.path() + ": ";
        return remark.startsWith(name) ? remark.substring(name.length()) : remark;
    }

    private void add(ListedDisk disk, PartitionEntry entry) {
        table.row(
                "  " + entry.partition().number(),
                Units.bytes(entry.sizeBytes()),
                used(disk, entry.partition().number()),
                "",
                ListedDisk.word(entry.content()),
                PlainText.of(entry.partition().name()),
                PlainText.of(entry.content().label()),
                use(entry.uses()));
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(table.lines());
        remarks.forEach((why, who) -> {
            if (isFull) {
                who.forEach(each -> lines.add(line(each, why)));
            } else {
                lines.add(line(NameList.of(who, MOST_NAMES), why));
            }
        });
        return lines;
    }

    private static String line(String who, String why) {
        return "  " + PlainText.of(who + ": " + why);
    }

    /** Blank where nobody has looked, or nobody knows. */
    private static String used(ListedDisk disk, int partition) {
        OptionalLong bytes = disk.used().of(partition);
        String otherwise = disk.used().isFull(partition) ? "all" : "";
        return bytes.isPresent() ? Units.bytes(bytes.getAsLong()) : otherwise;
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
            case BUSY, WRITER, FINISHING -> "busy";
        };
    }
}
