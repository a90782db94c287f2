package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;

/** The clusters of a file of the file system itself, from its start as far as they are known. For one thread. */
final class NtfsRuns {
    /** Pieces of the MFT or the bitmap that are followed: 2^20 of them take 32 MiB, a thousand are already a sick volume. */
    private static final int MAX_RUNS = 1 << 20;

    private record Run(long vcn, long cluster, long count) {}

    private final BlockSource volume;
    private final NtfsBootSector boot;
    private final List<Run> runs = new ArrayList<>();
    private long endVcn;
    private int last;

    NtfsRuns(BlockSource volume, NtfsBootSector boot) {
        this.volume = volume;
        this.boot = boot;
    }

    /** Adds the part that an attribute maps; it must continue where the last one ended. */
    void add(NtfsAttribute attribute) throws UnsureException {
        require(attribute.firstVcn() == endVcn, "is out of order");
        attribute.forEachRun(boot, (cluster, count) -> {
            require(cluster >= 0, "has holes");
            require(runs.size() < MAX_RUNS, "is in too many pieces");
            runs.add(new Run(endVcn, cluster, count));
            endVcn += count;
        });
    }

    /** Bytes from the start of the file whose places are known. */
    long knownBytes() {
        return endVcn * boot.clusterBytes();
    }

    long firstCluster() throws UnsureException {
        require(!runs.isEmpty(), "is empty");
        return runs.get(0).cluster();
    }

    /** {@code length} bytes of the file, all within {@link #knownBytes()}; little-endian. */
    ByteBuffer read(long offset, int length) throws UnsureException, DeviceException {
        require(offset >= 0 && length >= 0 && length <= knownBytes() - offset, "ends early");
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.position() < length) {
            long at = offset + bytes.position();
            Run run = runAt(at / boot.clusterBytes());
            long inRun = at - run.vcn() * boot.clusterBytes();
            long left = run.count() * boot.clusterBytes() - inRun;
            bytes.limit((int) Math.min(length, bytes.position() + left));
            volume.read(run.cluster() * boot.clusterBytes() + inRun, bytes);
            bytes.limit(length);
        }
        return bytes.flip();
    }

    /** Reads go forward nearly always, so the search starts where the last one ended. */
    private Run runAt(long vcn) {
        if (runs.get(last).vcn() > vcn) {
            last = 0;
        }
        while (runs.get(last).vcn() + runs.get(last).count() <= vcn) {
            last++;
        }
        return runs.get(last);
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("NTFS: a file of the file system " + otherwise);
        }
    }
}
