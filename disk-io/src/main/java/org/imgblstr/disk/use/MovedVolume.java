package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.device.AlignedBuffers;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.identity.HiddenSectors;
import org.imgblstr.disk.partition.TableGrowth.Patch;

/**
 * An NTFS or a FAT that starts at another sector of its disk than it did, and whose boot sector names the old one. Source: docs/targets.md,
 * section 10.
 *
 * @param type {@code NTFS} or {@code FAT}
 * @param oldLba the sector that its boot sector names as its start
 * @param newLba the sector at which it starts now
 * @param patches its boot sectors with the new number, in the order of writing; empty when the field cannot hold the new number
 */
public record MovedVolume(String type, long oldLba, long newLba, List<Patch> patches) {
    public MovedVolume {
        patches = List.copyOf(patches);
    }

    /**
     * Where a volume lies.
     *
     * @param firstByte where it begins on {@code disk}
     * @param sectors its length
     * @param sourceLba where it began on the disk of the source; 0 when that is not known
     * @param targetLba where it begins on the disk of the target, which is not {@code disk} when that is a partition
     */
    public record Place(long firstByte, long sectors, long sourceLba, long targetLba) {}

    /**
     * Looks. A volume whose boot sector told nothing (0) or something wrong on the source is left alone, and so is one of other sectors than the
     * disk has.
     *
     * @param disk with the volume on it
     */
    public static Optional<MovedVolume> of(Disk disk, Place place) throws DeviceException {
        ByteBuffer boot = sector(disk, place.firstByte(), 0);
        HiddenSectors found = HiddenSectors.of(boot).orElse(null);
        if (found == null || found.sectorBytes() != disk.sectorBytes() || !wasRight(found.count(), place)) {
            return Optional.empty();
        }
        List<Patch> patches = new ArrayList<>();
        if (place.targetLba() <= HiddenSectors.MOST) {
            copy(disk, place, found).ifPresent(copy -> patches.add(patch(disk, place, found.copySector(), copy)));
            patches.add(patch(disk, place, 0, boot));
        }
        return Optional.of(new MovedVolume(found.type(), found.count(), place.targetLba(), patches));
    }

    private static boolean wasRight(long count, Place place) {
        boolean isKnown = place.sourceLba() != 0;
        return count != 0 && count != place.targetLba() && (!isKnown || count == place.sourceLba());
    }

    /** The copy of the boot sector, when it is one and tells the same. */
    private static Optional<ByteBuffer> copy(Disk disk, Place place, HiddenSectors found) throws DeviceException {
        if (found.copySector() == 0 || found.copySector() >= place.sectors()) {
            return Optional.empty();
        }
        ByteBuffer copy = sector(disk, place.firstByte(), found.copySector());
        return HiddenSectors.of(copy).filter(found::equals).map(same -> copy);
    }

    private static Patch patch(Disk disk, Place place, long sector, ByteBuffer bytes) {
        return new Patch(place.firstByte() / disk.sectorBytes() + sector, HiddenSectors.with(bytes, place.targetLba()));
    }

    private static ByteBuffer sector(Disk disk, long firstByte, long sector) throws DeviceException {
        ByteBuffer bytes = AlignedBuffers.allocate(disk.sectorBytes());
        disk.read(firstByte + sector * disk.sectorBytes(), bytes);
        return bytes.flip();
    }
}
