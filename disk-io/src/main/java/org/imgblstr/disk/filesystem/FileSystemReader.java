package org.imgblstr.disk.filesystem;

import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;

/**
 * Reads the used-block map of one family of file systems. Holds no state of a volume; safe for use by several threads. Malformed volumes
 * give {@link UnsureException} and nothing else, in bounded memory and time.
 */
public interface FileSystemReader {
    /**
     * What a volume is.
     *
     * @param name as people know it: ext4, ntfs, vfat, ...
     * @param label its own name, "" when it has none
     */
    record Identity(String name, String label) {}

    /** What the volume is when its signature is that of this family, else empty. Looks at signatures only. */
    Optional<Identity> recognise(BlockSource volume) throws DeviceException;

    /**
     * The bytes of a recognised volume that must be kept: file content, metadata, and everything the file system does not manage.
     *
     * @throws UnsureException unknown feature, not cleanly unmounted, inconsistent, or damaged
     */
    UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException;
}
