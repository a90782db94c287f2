package org.imgblstr.cli.common.grow;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.use.GrownTable;

/**
 * A disk that is longer than its image: once it is complete, {@link #finish} lets a partition and the file system in it take the rest. All
 * else is as with the target below. Source: docs/targets.md, section 7.
 */
public final class GrowingTarget implements TrackTarget {
    private static final String COMPLETE = "every byte of the image is on the disk, but ";

    private final TrackTarget target;
    private final Disk disk;
    private final String part;
    private final Consumer<String> notes;
    private boolean isClosed;

    /**
     * @param target writes to {@code disk}, a whole disk; closed by {@link #close} and by {@link #finish}
     * @param part number or name of the partition; "" for the last one
     * @param notes takes a line when growing begins, and one when it has ended well
     */
    public GrowingTarget(TrackTarget target, Disk disk, String part, Consumer<String> notes) {
        this.target = target;
        this.disk = disk;
        this.part = part;
        this.notes = notes;
    }

    @Override
    public TrackSpace space() {
        return target.space();
    }

    @Override
    public void write(int track, ByteBuffer raw) throws DeviceException {
        target.write(track, raw);
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) throws DeviceException {
        target.skip(firstTrack, count, kind);
    }

    @Override
    public void read(int track, ByteBuffer into) throws DeviceException {
        target.read(track, into);
    }

    @Override
    public int endOfHole(int track) throws DeviceException {
        return target.endOfHole(track);
    }

    @Override
    public void sync() throws DeviceException {
        target.sync();
    }

    @Override
    public void checkInPlace() throws DeviceException {
        target.checkInPlace();
    }

    /** The disk is closed behind its table: no tool gets a partition of a disk that is held. */
    @Override
    public String finish() {
        Growth growth;
        try {
            growth = Growth.of(disk, part);
            notes.accept(growth.text());
            GrownTable.write(disk, growth.table());
        } catch (RefusedException | DeviceException e) {
            return COMPLETE + "it was not enlarged: " + e.getMessage();
        }
        DiskIdentity identity = disk.identity();
        close();
        try {
            growContent(growth, identity);
        } catch (GrowException e) {
            return COMPLETE + growth.partition() + " has grown without its "
                    + growth.found().type() + ": " + e.getMessage()
                    + "; mend that, and enlarge the file system by hand";
        }
        notes.accept(growth.pastText());
        return "";
    }

    private static void growContent(Growth growth, DiskIdentity identity) throws GrowException {
        if (growth.hasWork()) {
            Partition partition = growth.table().partition();
            long firstByte = partition.firstLba() * growth.sectorBytes();
            try (PartitionNode node = PartitionNode.of(identity, growth.sectorBytes(), firstByte, growth.bytes())) {
                ContentGrowth.run(growth.content(), node.path());
            }
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            target.close();
        }
    }
}
