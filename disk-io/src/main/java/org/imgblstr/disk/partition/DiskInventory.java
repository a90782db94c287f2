package org.imgblstr.disk.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.DiskList;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUses;

/** What disks there are and what is on them, for a person to choose from. Reads little, changes nothing. */
public final class DiskInventory {
    /** sdb before sdaa, nvme2n1 before nvme10n1: of one kind the shorter name first. */
    private static final Comparator<Entry> ORDER = Comparator.<Entry>comparingInt(
                    entry -> entry.attachment().rank())
            .thenComparing(entry -> entry.identity().device().replaceFirst("^(/dev/..).*", "$1"))
            .thenComparingInt(entry -> entry.identity().device().length())
            .thenComparing(entry -> entry.identity().device());

    private DiskInventory() {}

    /**
     * A disk.
     *
     * @param identity path, model, serial, size, sector size
     * @param attachment how it hangs on this machine
     * @param table "gpt", "dos", "none", or "unknown" when it could not be read
     * @param content what fills an undivided disk
     * @param partitions by number
     * @param uses what the running system does with the disk and its partitions; tells also when it is read-only
     * @param problem why something is unknown, one sentence; "" when nothing is
     */
    public record Entry(
            DiskIdentity identity,
            DiskList.Attachment attachment,
            String table,
            Content content,
            List<PartitionEntry> partitions,
            List<SystemUse> uses,
            String problem) {
        public boolean isReadOnly() {
            return uses.stream().anyMatch(use -> use.kind() == SystemUse.Kind.READ_ONLY);
        }
    }

    /**
     * A partition of a disk.
     *
     * @param partition its entry in the table; type and ids are "" when only the kernel's list could be read
     * @param sizeBytes its size
     * @param device its node, "" when the kernel does not know it
     * @param content what is in it
     * @param uses what the running system does with it: mount points, swap, holders
     */
    public record PartitionEntry(
            Partition partition, long sizeBytes, String device, Content content, List<SystemUse> uses) {}

    /** All disks of this machine: fixed ones, those that come and go, what is built on others, loop devices; of one sort by name. */
    public static List<Entry> list() throws DeviceException {
        List<Entry> entries = new ArrayList<>();
        for (DiskIdentity disk : DiskList.disks()) {
            entries.add(look(disk));
        }
        entries.sort(ORDER);
        return entries;
    }

    /**
     * One disk or file. A device that cannot be read has what the kernel tells of it, and its problem.
     *
     * @throws DeviceException when there is none, or it is a file that cannot be read
     * @throws RefusedException when it is no disk
     */
    public static Entry look(String path) throws DeviceException, RefusedException {
        DiskIdentity identity = Disks.identify(path);
        return identity.isBlockDevice() ? look(identity) : of(path);
    }

    private static Entry look(DiskIdentity disk) {
        try {
            return of(disk.path());
        } catch (DeviceException | RefusedException e) {
            return unreadable(disk, e.getMessage());
        }
    }

    /**
     * One disk or file.
     *
     * @throws DeviceException when it cannot be read
     * @throws RefusedException when it is no disk
     */
    public static Entry of(String path) throws DeviceException, RefusedException {
        try (Disk disk = Disks.openForReading(path)) {
            List<SystemUse> uses = SystemUses.of(path);
            try {
                return entry(disk, PartitionTable.read(disk), uses);
            } catch (MalformedTableException e) {
                var attachment = DiskList.attachment(disk.identity());
                return new Entry(
                        disk.identity(), attachment, "unknown", Content.UNKNOWN, List.of(), uses, e.getMessage());
            }
        }
    }

    private static Entry entry(Disk disk, PartitionTable table, List<SystemUse> uses) throws DeviceException {
        List<PartitionEntry> partitions = new ArrayList<>();
        List<DiskIdentity> nodes = DiskList.partitions(disk.identity());
        for (Partition partition : table.partitions()) {
            partitions.add(entry(disk, partition, nodes));
        }
        boolean isUndivided = table instanceof PartitionTable.None;
        Content content = isUndivided ? ContentProbe.probe(disk, 0, disk.sizeBytes()) : Content.UNKNOWN;
        var attachment = DiskList.attachment(disk.identity());
        return new Entry(disk.identity(), attachment, name(table), content, partitions, uses, "");
    }

    private static PartitionEntry entry(Disk disk, Partition partition, List<DiskIdentity> nodes)
            throws DeviceException {
        long sizeBytes = partition.sectorCount() * disk.sectorBytes();
        boolean isOnDisk = partition.endLba() <= disk.sizeBytes() / disk.sectorBytes();
        Content content = isOnDisk
                ? ContentProbe.probe(disk, partition.firstLba() * disk.sectorBytes(), sizeBytes)
                : Content.UNKNOWN;
        String node = "";
        for (DiskIdentity candidate : nodes) {
            node = Disks.partitionNumber(candidate) == partition.number() ? candidate.device() : node;
        }
        return new PartitionEntry(
                partition, sizeBytes, node, content, node.isEmpty() ? List.of() : SystemUses.of(node));
    }

    /** What the kernel tells without opening the disk. One that vanishes meanwhile has no partitions and no uses. */
    private static Entry unreadable(DiskIdentity disk, String problem) {
        List<PartitionEntry> partitions = new ArrayList<>();
        List<SystemUse> uses = new ArrayList<>();
        try {
            uses.addAll(SystemUses.of(disk.path()));
            for (DiskIdentity node : DiskList.partitions(disk)) {
                partitions.add(unreadablePartition(node));
            }
            var attachment = DiskList.attachment(disk);
            return new Entry(disk, attachment, "unknown", Content.UNKNOWN, partitions, uses, problem);
        } catch (DeviceException e) {
            var unknown = new DiskList.Attachment("", false);
            return new Entry(disk, unknown, "unknown", Content.UNKNOWN, List.of(), List.of(), e.getMessage());
        }
    }

    private static PartitionEntry unreadablePartition(DiskIdentity node) throws DeviceException {
        long sectors = Math.max(1, node.sizeBytes() / node.sectorBytes());
        Partition partition = new Partition(Disks.partitionNumber(node), 0, sectors, "", "", "");
        return new PartitionEntry(
                partition, node.sizeBytes(), node.device(), Content.UNKNOWN, SystemUses.of(node.device()));
    }

    private static String name(PartitionTable table) {
        if (table instanceof PartitionTable.Gpt) {
            return "gpt";
        }
        return table instanceof PartitionTable.Mbr ? "dos" : "none";
    }
}
