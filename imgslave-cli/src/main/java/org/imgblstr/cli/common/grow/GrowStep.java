package org.imgblstr.cli.common.grow;

import java.util.function.Consumer;
import org.imgblstr.cli.common.finish.FinishStep;
import org.imgblstr.cli.common.finish.PartitionNode;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.use.GrownTable;

/** On a disk that is longer than its image a partition and the file system in it take the rest. Source: docs/targets.md, section 7. */
public final class GrowStep implements FinishStep {
    private final String part;
    private final Consumer<String> notes;
    private Growth growth;

    /**
     * @param part number or name of the partition; "" for the last one
     * @param notes takes a line when growing begins, and one when it has ended well
     */
    public GrowStep(String part, Consumer<String> notes) {
        this.part = part;
        this.notes = notes;
    }

    @Override
    public String whileHeld(Disk disk) {
        try {
            Growth decided = Growth.of(disk, part);
            notes.accept(decided.text());
            GrownTable.write(disk, decided.table());
            growth = decided;
            return "";
        } catch (RefusedException | DeviceException e) {
            return "it was not enlarged: " + e.getMessage();
        }
    }

    @Override
    public String whenFree(DiskIdentity disk, boolean isWell) {
        if (growth == null) {
            return "";
        }
        try {
            String lack = growContent(disk);
            if (!lack.isEmpty()) {
                return lack;
            }
        } catch (ToolException e) {
            return growth.partition() + " has grown without its "
                    + growth.found().type() + ": " + e.getMessage()
                    + "; mend that, and enlarge the file system by hand";
        }
        notes.accept(growth.pastText());
        return "";
    }

    /** The byte at which the partition begins whose file system this step enlarges; -1 for none, and before {@link #whileHeld}. */
    public long grownFirstByte() {
        return growth != null && growth.hasWork() ? growth.table().partition().firstLba() * growth.sectorBytes() : -1;
    }

    @Override
    public String whenStopped() {
        return growth == null || !growth.hasWork()
                ? ""
                : growth.partition() + " has grown without its "
                        + growth.found().type() + ": enlarge the file system by hand";
    }

    @Override
    public void stop() {
        notes.accept("interrupted: the file system that grows is finished first, and nothing else is begun");
    }

    private String growContent(DiskIdentity disk) throws ToolException {
        if (!growth.hasWork()) {
            return "";
        }
        Partition partition = growth.table().partition();
        long firstByte = partition.firstLba() * growth.sectorBytes();
        try (PartitionNode node = PartitionNode.of(disk, growth.sectorBytes(), firstByte, growth.bytes())) {
            return growth.run(node.path());
        }
    }
}
