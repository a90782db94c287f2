package org.imgblstr.cli.common.target;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.imgblstr.cli.common.finish.FinishStep;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.partition.TargetPlacement;
import org.imgblstr.disk.use.MovedVolume;
import org.imgblstr.disk.use.TablePatches;

/** An NTFS or FAT of an image of partitions learns where it starts on its new disk. Source: docs/targets.md, section 10. */
final class MoveStep implements FinishStep {
    private final List<TargetPlacement.Place> places;
    private final Consumer<String> notes;
    private final Consumer<String> warnings;

    /** {@code places}: those of the regions of an image of partitions. */
    MoveStep(List<TargetPlacement.Place> places, Consumer<String> notes, Consumer<String> warnings) {
        this.places = List.copyOf(places);
        this.notes = notes;
        this.warnings = warnings;
    }

    /** Whether a region goes to a partition, which has a place on a disk. */
    static boolean isDueFor(TargetPlacement placement) {
        return placement.places().stream()
                .anyMatch(place -> !place.region().isWholeDisk() && place.targetPartition() > 0);
    }

    @Override
    public String whileHeld(Disk disk) {
        try {
            for (TargetPlacement.Place place : places) {
                if (place.targetPartition() > 0) {
                    correct(disk, place);
                }
            }
            return "";
        } catch (DeviceException e) {
            return "a boot sector does not tell where its partition starts now: " + e.getMessage();
        }
    }

    private void correct(Disk disk, TargetPlacement.Place place) throws DeviceException {
        long startByte =
                disk.identity().isPartition() ? Disks.partitionStartByte(disk.identity()) : place.offsetBytes();
        Optional<MovedVolume> moved = MovedVolume.of(
                disk,
                new MovedVolume.Place(
                        place.offsetBytes(),
                        place.region().sectorCount(),
                        place.region().firstLba(),
                        startByte / disk.sectorBytes()));
        if (moved.isEmpty()) {
            return;
        }
        MovedVolume volume = moved.get();
        String where = volume.type() + " of " + name(disk.identity(), place);
        if (volume.patches().isEmpty()) {
            warnings.accept(where + ": starts at sector " + volume.newLba()
                    + " of the disk now, which its boot sector cannot hold: it still names sector " + volume.oldLba());
            return;
        }
        TablePatches.write(disk, volume.patches());
        notes.accept(where + ": starts at sector " + volume.newLba() + " of the disk now, was " + volume.oldLba());
    }

    private static String name(DiskIdentity disk, TargetPlacement.Place place) {
        return disk.isPartition() ? disk.path() : "partition " + place.targetPartition() + " of " + disk.path();
    }

    @Override
    public String whenFree(DiskIdentity disk, boolean isWell) {
        return "";
    }
}
