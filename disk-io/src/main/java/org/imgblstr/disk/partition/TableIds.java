package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.identity.Guids;
import org.imgblstr.disk.identity.NewIds;
import org.imgblstr.disk.partition.TableGrowth.Patch;

/**
 * New identifiers for a partition table: the GUIDs of a GPT, or the signature of an MBR, from which Linux makes the identifiers of its
 * partitions. Nothing is written here. Immutable. Source: docs/identity.md, section 2.
 *
 * @param changes new identifiers by old ones, those of {@link #of(PartitionTable)} that change; all in small letters
 * @param patches what is to be written, in this order; empty when nothing changes
 */
public record TableIds(Map<String, String> changes, List<Patch> patches) {
    private static final int SIGNATURE = 440;

    public TableIds {
        changes = Map.copyOf(changes);
        patches = List.copyOf(patches);
    }

    /**
     * The identifiers of a table by which something may be named, in small letters: of a GPT that of the disk, of both those of partitions. An MBR
     * without a signature gives its partitions none.
     */
    public static List<String> of(PartitionTable table) {
        if (table instanceof PartitionTable.Mbr mbr && mbr.signature() == 0) {
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        if (table instanceof PartitionTable.Gpt gpt) {
            ids.add(gpt.diskId().toLowerCase(Locale.ROOT));
        }
        table.partitions().forEach(partition -> ids.add(partition.uniqueId().toLowerCase(Locale.ROOT)));
        return ids;
    }

    /**
     * Checks that the table is understood well enough for new identifiers, whatever the length of the disk that will have it. Reads only.
     *
     * @throws RefusedException when it is not; the message is a clause
     */
    public static void check(Disk disk) throws DeviceException, RefusedException {
        if (understood(disk) instanceof PartitionTable.Gpt) {
            fit(disk);
        }
    }

    /**
     * Decides. Reads the table only.
     *
     * @param disk with or without a partition table
     * @param kept identifiers that stay, in small letters; in an MBR one that stays keeps them all
     * @param ids where new ones come from
     * @throws RefusedException when the table is not understood; the message is a clause
     */
    public static TableIds of(Disk disk, Set<String> kept, NewIds ids) throws DeviceException, RefusedException {
        PartitionTable table = understood(disk);
        if (table instanceof PartitionTable.Mbr mbr) {
            return of(table).stream().anyMatch(kept::contains)
                    ? new TableIds(Map.of(), List.of())
                    : ofMbr(disk, mbr, ids.signature());
        }
        return table instanceof PartitionTable.Gpt gpt
                ? ofGpt(disk, gpt, kept, ids)
                : new TableIds(Map.of(), List.of());
    }

    private static PartitionTable understood(Disk disk) throws DeviceException, RefusedException {
        PartitionTable table;
        try {
            table = PartitionTable.read(disk);
        } catch (MalformedTableException e) {
            throw new RefusedException(Reason.DOES_NOT_FIT, e.getMessage() + ", so the table keeps its identifiers");
        }
        String doubt = ForeignTables.doubt(disk, table);
        if (!doubt.isEmpty()) {
            throw refused(disk, doubt + ", so the table keeps its identifiers");
        }
        return table;
    }

    private static GptFit fit(Disk disk) throws DeviceException, RefusedException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(Geometry.DEFAULT_TRACK_BYTES, disk.sizeBytes()));
        disk.read(0, head);
        return GptFit.of(head.flip(), disk.sectorBytes())
                .orElseThrow(
                        () -> refused(
                                disk,
                                "its first GPT is damaged, or its MBR names partitions too, so the table keeps its identifiers"));
    }

    private static TableIds ofMbr(Disk disk, PartitionTable.Mbr table, int signature) throws DeviceException {
        ByteBuffer sector = ByteBuffer.allocate(disk.sectorBytes());
        disk.read(0, sector);
        sector.flip().order(ByteOrder.LITTLE_ENDIAN).putInt(SIGNATURE, signature);
        String after = HexFormat.of().toHexDigits(signature);
        Map<String, String> changes = new LinkedHashMap<>();
        for (String id : of(table)) {
            changes.put(id, after + id.substring(after.length()));
        }
        return new TableIds(changes, List.of(new Patch(0, sector)));
    }

    private static TableIds ofGpt(Disk disk, PartitionTable.Gpt table, Set<String> kept, NewIds ids)
            throws DeviceException, RefusedException {
        GptFit fit = fit(disk);
        long sectors = fit.backupLba() + 1;
        if (sectors > disk.sizeBytes() / disk.sectorBytes() || sectors < fit.leastSectors()) {
            throw refused(disk, "there is no room for the backup of its GPT, so the table keeps its identifiers");
        }
        Map<String, String> changes = new LinkedHashMap<>();
        Map<Integer, byte[]> partitions = new HashMap<>();
        String diskId = table.diskId().toLowerCase(Locale.ROOT);
        String newDiskId = kept.contains(diskId) ? diskId : ids.uuid();
        changes.put(diskId, newDiskId);
        for (Partition partition : table.partitions()) {
            String before = partition.uniqueId().toLowerCase(Locale.ROOT);
            // Two partitions of one GUID get one again: nobody can tell which of them a reference means.
            String after = kept.contains(before) ? before : changes.computeIfAbsent(before, ignored -> ids.uuid());
            partitions.put(partition.number(), Guids.bytes(UUID.fromString(after)));
        }
        GptFit changed = fit.withIds(Guids.bytes(UUID.fromString(newDiskId)), partitions);
        changes.values().removeIf(kept::contains);
        return new TableIds(changes, changes.isEmpty() ? List.of() : patches(changed, sectors, disk.sectorBytes()));
    }

    /** The backup first, so that a sound copy is at hand while the head is written. */
    private static List<Patch> patches(GptFit fit, long sectors, int sectorBytes) {
        return List.of(
                new Patch(sectors - fit.backupSectors(), fit.backup(sectors)),
                new Patch(0, fit.head(sectors).slice(0, fit.headSectors() * sectorBytes)));
    }

    private static RefusedException refused(Disk disk, String why) {
        return TableGrowth.refused(disk, why);
    }
}
