package org.imgblstr.disk.filesystem;

import java.util.Objects;

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
}
