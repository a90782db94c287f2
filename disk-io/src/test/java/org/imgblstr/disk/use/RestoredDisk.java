package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.Zeros;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.partition.PartitionSelection;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TargetPlacement;
import org.imgblstr.disk.track.DiskTrackSource;
import org.imgblstr.disk.track.TrackTarget;

/** Copies what is used of a disk to another as a pass does: used tracks with zeros where they are free, and no others. */
final class RestoredDisk {
    private RestoredDisk() {}

    /** The whole disk. */
    static UsedBlocks copy(Path from, Path to, int sectorBytes) throws Exception {
        return copy(from, to, sectorBytes, "", "");
    }

    /**
     * @param partitions of {@code from}; "" for the whole disk
     * @param targetPartitions where they go; "" for those with the same numbers
     */
    static UsedBlocks copy(Path from, Path to, int sectorBytes, String partitions, String targetPartitions)
            throws Exception {
        try (Disk source = Disks.openForReading(from.toString(), sectorBytes)) {
            List<Region> regions = partitions.isEmpty()
                    ? PartitionSelection.whole(source)
                    : PartitionSelection.parse(partitions, PartitionTable.read(source), source);
            UsedBlocks use = UsedBlocks.of(source, regions, FileSystems.standard());
            Geometry geometry = Geometry.of(sectorBytes, source.sizeBytes() / sectorBytes);
            TrackSpace space = new TrackSpace(geometry, regions);
            Disk disk = Disks.openForWriting(to.toString(), sectorBytes, false);
            TargetPlacement placement = TargetPlacement.of(disk, space, use.requiredBytes(), targetPartitions);
            try (TrackTarget target = WipedTarget.on(disk, space, placement, false)) {
                TrackUse tracks = new TrackUse(space, use.used());
                pump(new DiskTrackSource(source, space, 1, tracks), tracks, target);
            }
            return use;
        }
    }

    /** What a target must have at least. */
    static long requiredBytes(Path from, int sectorBytes) throws Exception {
        try (Disk source = Disks.openForReading(from.toString(), sectorBytes)) {
            return UsedBlocks.of(source, PartitionSelection.whole(source), FileSystems.standard())
                    .requiredBytes();
        }
    }

    private static void pump(DiskTrackSource source, TrackUse use, TrackTarget target) throws Exception {
        TrackSpace space = source.space();
        ByteBuffer raw = AlignedBuffers.allocate(space.geometry().trackBytes());
        for (int track = 0; track < space.trackCount(); ) {
            int next = use.nextUsedTrack(track);
            if (next > track) {
                target.skip(track, next - track, TrackKind.UNUSED);
                track = next;
                continue;
            }
            source.read(track, raw.clear().limit(space.rawBytes(track)));
            raw.clear().limit(space.rawBytes(track));
            if (Zeros.isZero(raw)) {
                target.skip(track, 1, TrackKind.ZERO);
            } else {
                target.write(track, raw);
            }
            track++;
        }
        target.sync();
    }
}
