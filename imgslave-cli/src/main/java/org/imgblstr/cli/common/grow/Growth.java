package org.imgblstr.cli.common.grow;

import java.util.List;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.TableGrowth;
import org.imgblstr.protocol.contract.PlainText;

/**
 * A partition that takes the rest of its disk, and what is in it. Immutable.
 *
 * @param table what becomes of the partition table
 * @param found what is in the partition, by its signature
 * @param sectorBytes of the disk
 * @param group what becomes of an LVM physical volume in it; null when it holds none
 */
public record Growth(TableGrowth table, Content found, int sectorBytes, GroupGrowth group) {
    /**
     * Decides; changes nothing.
     *
     * @param disk the disk as it is, or will be, when all of the image is written
     * @param part number or name of the partition; "" for the last one
     * @throws RefusedException when the partition cannot be enlarged
     */
    public static Growth of(Disk disk, String part) throws DeviceException, RefusedException {
        TableGrowth table = TableGrowth.of(disk, part);
        Partition partition = table.partition();
        long bytes = disk.sectorBytes();
        long firstByte = partition.firstLba() * bytes;
        long length = partition.sectorCount() * bytes;
        Content found = ContentProbe.probe(disk, firstByte, length);
        boolean isLvm = GrowingContent.of(found.type()) == GrowingContent.LVM;
        return new Growth(table, found, disk.sectorBytes(), isLvm ? GroupGrowth.of(disk, firstByte, length) : null);
    }

    /** What will happen, or happens now: {@code partition 2 'root' grows from 20 GiB to 58 GiB, ext4 with it}. */
    public String text() {
        return table.isLarger() ? partition() + " grows" + amount() : small();
    }

    /** What has happened. */
    String pastText() {
        return table.isLarger() ? partition() + " has grown" + amount() : small();
    }

    private String small() {
        return partition() + " keeps its length: less than 1 MiB is free behind it";
    }

    private String amount() {
        return " from " + Units.bytes(table.partition().sectorCount() * sectorBytes) + " to " + Units.bytes(bytes())
                + ", " + withContent() + (table.isLimited() ? "; an MBR cannot name the sectors behind that" : "");
    }

    private String withContent() {
        return switch (content()) {
            case OTHER ->
                found.type().isEmpty()
                        ? "what is in it does not, because its kind is not known"
                        : found.type() + " in it does not";
            case LVM -> group.text();
            case FAT -> isFatStuck() ? "vfat in it does not, because fatresize is not installed" : "vfat with it";
            default -> found.type() + " with it";
        };
    }

    /** {@code partition 2 'root'}. */
    String partition() {
        String name = PlainText.of(table.partition().name());
        return "partition " + table.partition().number() + (name.isEmpty() ? "" : " '" + name + "'");
    }

    /** Bytes of the partition afterwards. */
    public long bytes() {
        return (table.endLba() - table.partition().firstLba()) * sectorBytes;
    }

    GrowingContent content() {
        return GrowingContent.of(found.type());
    }

    private boolean isFatStuck() {
        return !GrowingContent.FAT.missingTools().isEmpty();
    }

    /** Whether the system's tools have something to do. */
    boolean hasWork() {
        GrowingContent content = content();
        return table.isLarger()
                && content != GrowingContent.OTHER
                && !(content == GrowingContent.FAT && isFatStuck())
                && (group == null || group.hasWork());
    }

    /**
     * Enlarges what is in the partition, whose device is {@code node}.
     *
     * @return what has failed in an LVM physical volume, a clause; "" when all is well
     */
    String run(String node) throws ToolException {
        if (group != null) {
            return group.run(partition(), node, sectorBytes);
        }
        ContentGrowth.run(content(), node);
        return "";
    }

    /**
     * Whether this machine can do all of it; asked before anything is written.
     *
     * @param isFile whether the disk is a regular file
     * @throws CliException exit code 15: a tool is not installed, or this user may not use it
     */
    public void check(boolean isFile) {
        if (!hasWork()) {
            return;
        }
        List<String> missing = group == null ? content().missingTools() : group.missingTools();
        if (!missing.isEmpty()) {
            throw CliException.refused("--grow: " + found.type() + " of " + partition() + " is enlarged by "
                    + String.join(" and ", missing) + ", not installed here: install package "
                    + (group == null ? content().packageName() : group.packages())
                    + ", or leave --grow out. Nothing was written");
        }
        GrowCheck.checkRights(isFile);
    }
}
