package org.imgblstr.cli.common.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.finish.PartitionNode;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.device.DiskIdentity;

/** Devices of the volumes of a disk, until {@link #close}. Nobody may hold the disk. */
final class Nodes implements AutoCloseable {
    private final Map<Volume, PartitionNode> nodes = new HashMap<>();

    private Nodes() {}

    /** Of all volumes. */
    static Nodes of(DiskIdentity disk, List<Volume> volumes) throws ToolException {
        Nodes made = new Nodes();
        try {
            for (Volume volume : volumes) {
                made.nodes.put(volume, PartitionNode.of(disk, disk.sectorBytes(), volume.firstByte(), volume.bytes()));
            }
            return made;
        } catch (ToolException e) {
            made.close();
            throw e;
        }
    }

    String of(Volume volume) {
        return nodes.get(volume).path();
    }

    /** Closes all, and tells the first that stays. */
    @Override
    public void close() throws ToolException {
        ToolException first = null;
        for (PartitionNode node : nodes.values()) {
            try {
                node.close();
            } catch (ToolException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
