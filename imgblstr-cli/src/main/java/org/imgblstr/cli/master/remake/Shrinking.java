package org.imgblstr.cli.master.remake;

import java.io.IOException;
import java.nio.file.Path;
import org.imgblstr.cli.common.finish.PartitionNode;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.SystemUser;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.cli.master.job.ImageDisk;
import org.imgblstr.cli.master.job.ImageFileSource;
import org.imgblstr.cli.master.job.RestoredDisk;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.filesystem.VolumeSlice;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.TableShrink;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystems;
import org.imgblstr.disk.use.TablePatches;
import org.imgblstr.protocol.contract.PlainText;

/**
 * What becomes of the last partition of an image, and of the file system in it. Immutable.
 *
 * @param target the shorter disk, for messages
 * @param table what changes in the table
 * @param content the file system
 * @param type its name
 * @param header of the smaller disk
 * @param neededBytes of the temporary file
 */
record Shrinking(
        DiskIdentity target,
        TableShrink table,
        ShrinkingContent content,
        String type,
        ImageHeader header,
        long neededBytes)
        implements Remaking {
    static final String OPTION = "--shrink";

    /**
     * Decides; changes nothing.
     *
     * @param target the shorter disk
     * @throws RefusedException exit code 10: it cannot be done, or bytes are lacking
     * @throws CliException exit code 15: this user may not do it, or a tool is not installed
     */
    static Shrinking of(ImageFileSource file, long requiredBytes, DiskIdentity target)
            throws IOException, RefusedException {
        try (ImageDisk image = new ImageDisk(file.image())) {
            Disk source = RestoredDisk.asSource(target, image, file.space());
            TableShrink table = TableShrink.of(source, requiredBytes, target.sizeBytes());
            Partition partition = table.partition();
            long first = partition.firstLba() * source.sectorBytes();
            long bytes = partition.sectorCount() * source.sectorBytes();
            Content found = ContentProbe.probe(source, first, bytes);
            ShrinkingContent content =
                    ShrinkingContent.of(found.type()).orElseThrow(() -> notShrinkable(target, partition, found));
            long end = table.endLba() * source.sectorBytes();
            long needed = UnpackedImage.neededBytes(file.image(), end, first + bytes);
            Shrinking shrinking =
                    new Shrinking(target, table, content, found.type(), header(file.header(), target), needed);
            shrinking.checkRoom(FileSystems.standard().identify(new VolumeSlice(source, first, bytes)));
            shrinking.checkTools();
            return shrinking;
        }
    }

    private static ImageHeader header(ImageHeader whole, DiskIdentity target) {
        return new ImageHeader(
                whole.imageId(),
                whole.created(),
                Geometry.of(whole.geometry().sectorBytes(), whole.geometry().totalSectors()),
                whole.regions(),
                whole.partitions(),
                target.sizeBytes(),
                whole.origin());
    }

    private static RefusedException notShrinkable(DiskIdentity target, Partition partition, Content found) {
        String what = found.type().isEmpty() ? "holds nothing that is known" : "holds " + found.type();
        return refused(
                target,
                "partition " + partition.number() + " is the last one and " + what
                        + "; only ext2 to ext4, NTFS and Btrfs can be made smaller. Nothing was written");
    }

    private void checkRoom(FileSystem found) throws RefusedException {
        if (found.isMapped() && found.used().usedBytes() > bytes()) {
            throw lacking(found.used().usedBytes());
        }
    }

    private void checkTools() {
        if (!SystemUser.isRoot()) {
            throw CliException.refused("--shrink: only root may attach the loop device by which a file system becomes"
                    + " smaller: run as root. Nothing was written");
        }
        String missing = content.missingTools();
        if (!missing.isEmpty()) {
            throw CliException.refused("--shrink needs " + missing + ". Nothing was written");
        }
    }

    /** Bytes of the partition afterwards. */
    long bytes() {
        return (table.endLba() - table.partition().firstLba()) * sectorBytes();
    }

    private long firstByte() {
        return table.partition().firstLba() * sectorBytes();
    }

    private long oldEndByte() {
        return table.partition().endLba() * sectorBytes();
    }

    /** First byte behind the partition afterwards. */
    private long endByte() {
        return table.endLba() * sectorBytes();
    }

    private int sectorBytes() {
        return header.geometry().sectorBytes();
    }

    @Override
    public String option() {
        return OPTION;
    }

    @Override
    public Plan.Action action() {
        return Plan.Action.SHRINK;
    }

    @Override
    public String subject() {
        return target.describe();
    }

    /** {@code partition 2 'root' shrinks from 20 GiB to 12 GiB, ext4 with it}. */
    @Override
    public String text() {
        return partition() + " shrinks from " + Units.bytes(oldEndByte() - firstByte()) + " to " + Units.bytes(bytes())
                + ", " + type + " with it";
    }

    private String partition() {
        String name = PlainText.of(table.partition().name());
        return "partition " + table.partition().number() + (name.isEmpty() ? "" : " '" + name + "'");
    }

    @Override
    public void apply(Path raw) throws IOException, RefusedException {
        DiskIdentity file = Disks.identify(raw.toString());
        try {
            try (PartitionNode node = node(file, oldEndByte())) {
                shrinkContent(node.path());
            }
            try (PartitionNode node = node(file, endByte())) {
                content.check(node.path());
            }
        } catch (ToolException e) {
            throw refused(target, partition() + " cannot become smaller: " + e.getMessage() + ". Nothing was written");
        }
        try (Disk disk = Disks.openForWriting(raw.toString(), sectorBytes(), false)) {
            disk.zero(endByte(), oldEndByte() - endByte());
            TablePatches.write(disk, table.patches());
        }
    }

    private PartitionNode node(DiskIdentity file, long endByte) throws ToolException {
        return PartitionNode.of(file, sectorBytes(), firstByte(), endByte - firstByte());
    }

    private void shrinkContent(String node) throws ToolException, RefusedException {
        try {
            content.shrink(node, bytes());
        } catch (ToolException e) {
            long leastBytes = content.leastBytes(node);
            if (leastBytes > bytes()) {
                throw lacking(leastBytes);
            }
            throw e;
        }
    }

    private RefusedException lacking(long neededBytes) {
        long bytes = neededBytes - bytes();
        return refused(
                target,
                type + " of " + partition() + " needs " + neededBytes + " bytes, and " + bytes() + " would be left for"
                        + " it: " + bytes + " bytes (" + Units.bytes(bytes) + ") are lacking. Nothing was written");
    }

    private static RefusedException refused(DiskIdentity target, String why) {
        return new RefusedException(Reason.DOES_NOT_FIT, target.describe() + ": --shrink: " + why);
    }
}
