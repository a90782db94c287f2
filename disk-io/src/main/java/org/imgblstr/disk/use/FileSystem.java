package org.imgblstr.disk.use;

import java.util.Objects;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.signature.LeftoverPlaces;

/**
 * What is on a volume.
 *
 * @param name ext4, ntfs, vfat, swap, ...; "" when unknown; several, divided by commas, when their signatures contradict each other
 * @param label its own name, "" when it has none
 * @param used the bytes to keep; all of them when {@code whyAll} is not ""
 * @param whyAll why all bytes count as used, one line; "" when the map was read from the file system
 */
public record FileSystem(String name, String label, UsedMap used, String whyAll) {
    public FileSystem {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(used, "used");
        Objects.requireNonNull(whyAll, "whyAll");
    }

    /** Whether the file system itself said which bytes it uses. */
    public boolean isMapped() {
        return whyAll.isEmpty();
    }

    /** The same, with the places where signatures of an earlier life may lie used as well, so that a copy has there what its source has. */
    public FileSystem withLeftovers(int sectorBytes) {
        return isMapped() ? new FileSystem(name, label, withLeftovers(used, sectorBytes), whyAll) : this;
    }

    private static UsedMap withLeftovers(UsedMap map, int sectorBytes) {
        UsedMapBuilder all = new UsedMapBuilder(map.sizeBytes()).useAll(0, map);
        LeftoverPlaces.of(map.sizeBytes(), sectorBytes).forEach(place -> all.use(place.offset(), place.bytes()));
        return all.build();
    }
}
