package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.HostName;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.VersionProvider;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.cli.common.report.SampledText;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.filesystem.encrypted.Cryptsetup;
import org.imgblstr.disk.filesystem.encrypted.VolumeKeys;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageOrigin;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.image.ImageSource;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.partition.Partition;
import org.imgblstr.disk.partition.PartitionSelection;
import org.imgblstr.disk.partition.PartitionTable;
import org.imgblstr.disk.partition.TableIds;
import org.imgblstr.disk.pass.DiskFeed;
import org.imgblstr.disk.pass.DiskRereader;
import org.imgblstr.disk.pass.LevelMap;
import org.imgblstr.disk.pass.TrackFeed;
import org.imgblstr.disk.track.DiskTrackSource;
import org.imgblstr.disk.use.FileSystems;
import org.imgblstr.disk.use.TrackUse;
import org.imgblstr.disk.use.UsedBlocks;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.session.TrackRereader;

/** A disk, or some of its partitions, as the source of a run. */
public final class DiskSource implements Source {
    private final Disk disk;
    private final ReadOptions options;
    private final UsedBlocks usedBlocks;
    private final boolean isNothingUnlocked;
    private final TrackUse trackUse;
    private final long usedBytes;
    private final DiskTrackSource tracks;
    private final ImageHeader header;
    private final LevelMap levels;
    private final DiskRereader rereader;

    private DiskSource(Disk disk, String partitions, ReadOptions options, String whyAll, Interruption interruption)
            throws IOException, RefusedException, MalformedTableException {
        this.disk = disk;
        this.options = options;
        PartitionTable table = disk.identity().isPartition() ? new PartitionTable.None() : table(disk, partitions);
        List<Region> regions =
                partitions == null ? PartitionSelection.whole(disk) : PartitionSelection.parse(partitions, table, disk);
        Geometry geometry = Geometry.of(disk.sectorBytes(), disk.sizeBytes() / disk.sectorBytes());
        TrackSpace space = new TrackSpace(geometry, regions);
        Cryptsetup keys = options.keys();
        this.usedBlocks = whyAll.isEmpty()
                ? usedBlocks(disk, regions, options.skipsPageFiles(), keys, interruption)
                : UsedBlocks.allBlocks(disk, whyAll);
        this.isNothingUnlocked = keys != null && keys.opened() == 0;
        this.trackUse = new TrackUse(space, usedBlocks.used());
        this.usedBytes = trackUse.usedBytes();
        this.header = header(disk, geometry, regions, table);
        this.tracks = new DiskTrackSource(disk, space, options.tries(), options.badTime(), trackUse);
        this.levels = new LevelMap(space.trackCount());
        this.rereader = new DiskRereader(tracks, options.codec(), levels);
    }

    /**
     * Opens a disk for reading.
     *
     * @param partitions {@code --partition}; null for the whole disk
     * @param whyAll why every block is read; "" when only used ones are
     * @param interruption what ends the reading of encrypted volumes
     */
    public static DiskSource open(
            String path, String partitions, ReadOptions options, String whyAll, Interruption interruption)
            throws IOException, RefusedException, MalformedTableException {
        Disk disk = options.open(path);
        try {
            return new DiskSource(disk, partitions, options, whyAll, interruption);
        } catch (IOException | RefusedException | RuntimeException | Error e) {
            disk.close();
            throw e;
        }
    }

    /**
     * What is used, also of encrypted volumes that {@code keys} open; null opens none.
     *
     * @throws CliException when no volume opens: exit code 16 when no key slot does, 15 when cryptsetup failed; 130 after an interrupt
     */
    @SuppressWarnings("try") // The registration only has to be closed.
    private static UsedBlocks usedBlocks(
            Disk disk, List<Region> regions, boolean skipsPageFiles, Cryptsetup keys, Interruption interruption)
            throws DeviceException {
        if (keys == null) {
            return UsedBlocks.of(disk, regions, FileSystems.standard(skipsPageFiles, VolumeKeys.NONE));
        }
        try (Interruption.Registration registration = interruption.onInterrupt(keys::stop)) {
            UsedBlocks found = UsedBlocks.of(disk, regions, FileSystems.standard(skipsPageFiles, keys));
            interruption.check();
            if (keys.opened() == 0 && !keys.failure().isEmpty()) {
                throw new CliException(
                        keys.isWrongPhrase() ? ExitCode.NOT_AUTHENTIC : ExitCode.REFUSED,
                        disk.identity().path() + ": --unlock: " + keys.failure()
                                + "; name a file with another pass phrase, or leave --unlock out, which reads all of"
                                + " the volume. Nothing was written");
            }
            return found;
        } finally {
            keys.forget();
        }
    }

    /** A whole disk is read whatever its table says; only choosing partitions needs a table that makes sense. */
    private static PartitionTable table(Disk disk, String partitions) throws DeviceException, MalformedTableException {
        try {
            return PartitionTable.read(disk);
        } catch (MalformedTableException e) {
            if (partitions != null) {
                throw e;
            }
            return new PartitionTable.None();
        }
    }

    private ImageHeader header(Disk disk, Geometry geometry, List<Region> regions, PartitionTable table) {
        boolean isWhole = regions.get(0).isWholeDisk();
        return new ImageHeader(
                UUID.randomUUID(),
                Instant.now(),
                geometry,
                regions.stream()
                        .map(region -> new ImageRegion(region, typeOf(region, table)))
                        .toList(),
                table.partitions().stream()
                        .filter(partition -> partition.endLba() <= geometry.totalSectors())
                        .map(partition -> new ImageRegion(partition.region(), partition.typeId()))
                        .toList(),
                isWhole ? usedBlocks.requiredBytes() : 0,
                new ImageOrigin(
                        ImageSource.of(disk.identity()),
                        Labels.cut(disk.identity().path()),
                        options.codec().toString(),
                        Labels.cut("imgblstr " + VersionProvider.version()),
                        HostName.here(),
                        options.note()));
    }

    private static String typeOf(Region region, PartitionTable table) {
        return table.partition(region.number()).map(Partition::typeId).orElse("");
    }

    @Override
    public TrackSpace space() {
        return tracks.space();
    }

    @Override
    public ImageHeader header() {
        return header;
    }

    @Override
    public SessionImage sessionImage() {
        return new SessionImage(header.imageId(), header.origin().label(), space(), header.requiredBytes(), usedBytes);
    }

    @Override
    public TrackFeed feed(Demand demand) {
        var encoding = new DiskFeed.Encoding(
                options.codec(), demand.isKept(), demand.isDescribed(), demand.ahead(), demand.isHashed());
        return new DiskFeed(tracks, trackUse, encoding, levels, options.badSectors());
    }

    @Override
    public TrackRereader rereader() {
        return rereader::reread;
    }

    @Override
    public void checkNewIds() throws DeviceException, RefusedException {
        TableIds.check(disk);
    }

    @Override
    public long usedBytes() {
        return usedBytes;
    }

    @Override
    public List<Plan.Volume> volumes() {
        List<Plan.Volume> volumes = new ArrayList<>();
        for (UsedBlocks.Volume volume : usedBlocks.volumes()) {
            long sizeBytes = volume.region().sectorCount() * disk.sectorBytes();
            volumes.add(new Plan.Volume(
                    volume.region().number(),
                    volume.region().name(),
                    volume.name(),
                    volume.label(),
                    usedBlocks.whyAll().isEmpty() ? volume.usedBytes() : sizeBytes,
                    sizeBytes,
                    volume.whyAll()));
        }
        return volumes;
    }

    @Override
    public List<Plan.Step> steps() {
        String what = space().regions().stream()
                .map(region -> region.isWholeDisk()
                        ? "the whole disk"
                        : "partition " + region.number() + (region.name().isEmpty() ? "" : " '" + region.name() + "'"))
                .collect(Collectors.joining(", "));
        return List.of(new Plan.Step(
                Plan.Action.READ,
                disk.identity().path(),
                (usedBlocks.whyAll().isEmpty() ? what + " without free space: " : "all of " + what + ": ")
                        + disk.identity().facts() + ", " + Units.bytes(disk.sizeBytes())
                        + (usedBlocks.whyAll().isEmpty() ? "" : "; all blocks: " + usedBlocks.whyAll())
                        + (isNothingUnlocked
                                ? "; --unlock has nothing to do: no LUKS or BitLocker volume that can be opened was found"
                                : "")
                        + (usedBlocks.sampledBytes() == 0 ? "" : "; " + SampledText.of(usedBlocks.sampledBytes())),
                usedBytes));
    }

    @Override
    public void close() {
        rereader.close();
        disk.close();
    }
}
