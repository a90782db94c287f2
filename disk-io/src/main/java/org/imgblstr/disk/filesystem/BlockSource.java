package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;

/** Random-access reads of one volume: a partition, a whole disk, a file. Offset 0 is the volume's first byte. */
public interface BlockSource {
    /** Size in bytes. */
    long sizeBytes();

    /** Logical sector size of the disk below: 512 or 4096. */
    int sectorBytes();

    /** A device or file that other programs can open and that is this volume, no more and no less; empty when there is none. */
    default Optional<String> node() {
        return Optional.empty();
    }

    /** Whether this is a disk whose partition table was read already, so that its own MBR or GPT is no content. */
    default boolean isDivided() {
        return false;
    }

    /**
     * Fills {@code into} from position to limit. Neither offset nor length need be aligned.
     *
     * @throws DeviceException when the device failed or the range leaves the volume
     */
    void read(long offset, ByteBuffer into) throws DeviceException;
}
