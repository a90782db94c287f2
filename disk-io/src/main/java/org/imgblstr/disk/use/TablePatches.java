package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.List;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.partition.TableGrowth.Patch;

/** Writes pieces of a partition table so that a power cut tears the one that is being written, and no other. Blocking; one thread. */
public final class TablePatches {
    private TablePatches() {}

    /**
     * Writes and syncs one piece after the other, then reads all of them back.
     *
     * @param disk open for writing, the one that the pieces were made for
     * @throws DeviceException also when something else is read back
     */
    public static void write(Disk disk, List<Patch> patches) throws DeviceException {
        for (Patch patch : patches) {
            disk.write(patch.firstLba() * disk.sectorBytes(), aligned(patch.bytes()));
            disk.sync();
        }
        for (Patch patch : patches) {
            check(disk, patch.firstLba() * disk.sectorBytes(), patch.bytes());
        }
    }

    static void check(Disk disk, long offset, ByteBuffer expected) throws DeviceException {
        ByteBuffer found = AlignedBuffers.allocate(expected.remaining());
        disk.read(offset, found);
        if (!found.flip().equals(expected)) {
            throw new DeviceException(
                    disk.identity().describe() + ": a piece of " + expected.remaining() + " bytes at byte " + offset
                            + " reads back different from what was written",
                    0,
                    null);
        }
    }

    private static ByteBuffer aligned(ByteBuffer bytes) {
        return AlignedBuffers.allocate(bytes.remaining()).put(bytes).flip();
    }
}
