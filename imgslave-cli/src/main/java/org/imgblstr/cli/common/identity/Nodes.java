package org.imgblstr.cli.common.identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.finish.PartitionNode;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.lvm.Activated;
import org.imgblstr.cli.common.lvm.LogicalNode;
import org.imgblstr.disk.device.DiskIdentity;

/** Devices of the volumes of a disk, until {@link #close}. Nobody may hold the disk. One thread. */
final class Nodes implements AutoCloseable {
    private final int sectorBytes;

    /** By the first byte of the partition. */
    private final Map<Long, PartitionNode> partitions = new HashMap<>();

    private final Map<Volume, LogicalNode> logicals = new HashMap<>();

    /** Devices of physical volumes. */
    private final List<String> groups = new ArrayList<>();

    private Nodes(int sectorBytes) {
        this.sectorBytes = sectorBytes;
    }

    /** Of all volumes. */
    static Nodes of(DiskIdentity disk, List<Volume> volumes) throws ToolException {
        Nodes made = new Nodes(disk.sectorBytes());
        try {
            for (Volume volume : volumes) {
                if (!volume.isLogical()) {
                    made.add(disk, volume);
                }
            }
            return made;
        } catch (ToolException e) {
            made.close();
            throw e;
        }
    }

    private void add(DiskIdentity disk, Volume volume) throws ToolException {
        Volume.Place place = volume.place();
        PartitionNode node = PartitionNode.of(disk, sectorBytes, place.firstByte(), place.bytes());
        partitions.put(place.firstByte(), node);
        if (volume.isGroup()) {
            Activated.remove(node.path());
            groups.add(node.path());
        }
    }

    /** The device of a volume; that of a logical volume is made when it is asked for first. */
    String of(Volume volume) throws ToolException {
        String node = partitions.get(volume.place().firstByte()).path();
        if (!volume.isLogical()) {
            return node;
        }
        LogicalNode logical = logicals.get(volume);
        if (logical == null) {
            logical = LogicalNode.of(node, sectorBytes, volume.place().logical());
            logicals.put(volume, logical);
        }
        return logical.path();
    }

    /** Something that is undone. */
    private interface Undoing {
        void run() throws ToolException;
    }

    /** Closes all, the inner ones first, and tells the first that stays. */
    @Override
    public void close() throws ToolException {
        List<Undoing> all = new ArrayList<>();
        logicals.values().forEach(node -> all.add(node::close));
        groups.forEach(node -> all.add(() -> Activated.remove(node)));
        partitions.values().forEach(node -> all.add(node::close));
        ToolException first = null;
        for (Undoing each : all) {
            try {
                each.run();
            } catch (ToolException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
