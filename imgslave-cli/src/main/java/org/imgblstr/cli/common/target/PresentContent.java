package org.imgblstr.cli.common.target;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.Logging;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.DiskList.Attachment;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.DiskInventory;
import org.imgblstr.disk.partition.DiskInventory.Entry;
import org.imgblstr.disk.partition.DiskInventory.PartitionEntry;
import org.imgblstr.disk.text.PlainText;

/** What a disk is now that will be overwritten: its bus, and what is on it. For the plan and the question, so that the wrong disk is seen. */
public final class PresentContent {
    /** Partitions that a line names. */
    private static final int MOST_NAMED = 8;

    private PresentContent() {}

    /**
     * One clause, for example {@code bus usb, removable; now on it: gpt with 1 vfat 'EFI' (40.0 MiB), 2 ntfs 'Windows' (80.0 GiB)}. What cannot be
     * read is said to be unknown.
     */
    @SuppressWarnings("try") // The log only has to be let go.
    public static String of(DiskIdentity target) {
        try (Logging.Hush hush = Logging.hush()) {
            return text(DiskInventory.look(target.path()));
        } catch (DeviceException | RefusedException e) {
            return "now on it: unknown";
        }
    }

    static String text(Entry entry) {
        return bus(entry.attachment()) + "now on it: " + content(entry);
    }

    private static String bus(Attachment attachment) {
        if (attachment.bus().isEmpty() || attachment.bus().equals("file")) {
            return "";
        }
        return "bus " + attachment.bus() + (attachment.isRemovable() ? ", removable; " : "; ");
    }

    private static String content(Entry entry) {
        if (!entry.problem().isEmpty()) {
            return "unknown";
        }
        if (entry.table().equals("none")) {
            return entry.content().type().isEmpty() ? "nothing that is known" : named(entry.content(), "");
        }
        List<PartitionEntry> partitions = entry.partitions();
        if (partitions.isEmpty()) {
            return entry.table() + " without partitions";
        }
        List<String> names = new ArrayList<>();
        for (PartitionEntry each : partitions.subList(0, Math.min(MOST_NAMED, partitions.size()))) {
            names.add(each.partition().number() + " "
                    + named(each.content(), each.partition().name()) + " (" + Units.bytes(each.sizeBytes()) + ")");
        }
        int others = partitions.size() - names.size();
        return entry.table() + " with " + String.join(", ", names)
                + (others > 0 ? " and " + Units.count(others, "more partition") : "");
    }

    /** Type, and the label of the file system or else the name of the partition. */
    private static String named(Content content, String name) {
        String label = PlainText.of(content.label().isEmpty() ? name : content.label());
        String type = content.type().isEmpty() ? "unknown" : content.type();
        return label.isEmpty() ? type : type + " '" + label + "'";
    }
}
