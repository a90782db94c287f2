package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.imgblstr.codec.Zeros;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.partition.GptFit;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies behind the last partition of a disk, and so how short a target may be. All in bytes of the disk. Source: docs/used-blocks.md,
 * section 4.
 *
 * @param usedBytes behind this nothing is used
 * @param requiredBytes what a target must have at least; less than {@code usedBytes} where there are only zeros and the backup of a GPT
 */
record DiskEnd(long usedBytes, long requiredBytes) {
    /** Whoever keeps data behind the last partition (firmware RAID, dynamic disks) keeps some of it in the last MiB. */
    private static final int TAIL_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DiskEnd.class);

    static DiskEnd of(Disk disk, PartitionTable table) throws DeviceException {
        if (table instanceof PartitionTable.Mbr mbr) {
            long end = Math.min(endLba(mbr) * disk.sectorBytes(), disk.sizeBytes());
            long tail = Math.max(end, disk.sizeBytes() - TAIL_BYTES);
            return isZero(disk, tail, disk.sizeBytes()) ? new DiskEnd(end, end) : whole(disk);
        }
        return table instanceof PartitionTable.Gpt gpt ? ofGpt(disk, gpt) : whole(disk);
    }

    private static DiskEnd whole(Disk disk) {
        return new DiskEnd(disk.sizeBytes(), disk.sizeBytes());
    }

    private static long endLba(PartitionTable.Mbr mbr) {
        long endLba = 1;
        for (Partition partition : mbr.partitions()) {
            endLba = Math.max(endLba, partition.endLba());
        }
        for (Partition container : mbr.extended()) {
            endLba = Math.max(endLba, container.endLba());
        }
        return endLba;
    }

    /** A GPT can be made to fit when it is sound, has its backup at the end of the disk, and there are zeros in what is kept before that. */
    private static DiskEnd ofGpt(Disk disk, PartitionTable.Gpt gpt) throws DeviceException {
        int headBytes = (int) Math.min(Geometry.DEFAULT_TRACK_BYTES, disk.sizeBytes());
        ByteBuffer head = AlignedBuffers.allocate(headBytes);
        try {
            disk.read(0, head);
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            // Nobody knows what a shorter disk would need there.
            LOG.debug("the start of the disk: {}", e.getMessage());
            return whole(disk);
        }
        Optional<GptFit> read = GptFit.of(head.flip(), disk.sectorBytes());
        long lastLba = disk.sizeBytes() / disk.sectorBytes() - 1;
        if (gpt.isFromBackup() || read.isEmpty() || read.get().backupLba() != lastLba) {
            return whole(disk);
        }
        GptFit fit = read.get();
        long from = fit.endLba() * disk.sectorBytes();
        long end = (lastLba + 1 - fit.backupSectors()) * disk.sectorBytes();
        boolean isLong = end - from > 2 * UsedBlocks.KEPT_AT_GAP_ENDS;
        long firstPart = isLong ? from + UsedBlocks.KEPT_AT_GAP_ENDS : end;
        long secondPart = isLong ? end - UsedBlocks.KEPT_AT_GAP_ENDS : end;
        if (from > end || !isZero(disk, from, firstPart) || !isZero(disk, secondPart, end)) {
            return whole(disk);
        }
        // Track 0 holds the head alone, and the backup comes behind it.
        long required = Math.max(fit.leastSectors() * disk.sectorBytes(), 2L * Geometry.DEFAULT_TRACK_BYTES);
        return new DiskEnd(disk.sizeBytes(), Math.min(required, disk.sizeBytes()));
    }

    private static boolean isZero(Disk disk, long from, long end) {
        ByteBuffer piece = AlignedBuffers.allocate(TAIL_BYTES);
        try {
            for (long at = from; at < end; at += TAIL_BYTES) {
                disk.read(at, piece.clear().limit((int) Math.min(TAIL_BYTES, end - at)));
                if (!Zeros.isZero(piece.flip())) {
                    return false;
                }
            }
            return true;
        } catch (DeviceException e) {
            LOG.debug("the end of the disk: {}", e.getMessage());
            return false;
        }
    }
}
