package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import org.imgblstr.disk.device.DeviceException;

/** Random-access reads of one volume: a partition, a whole disk, a file. Offset 0 is the volume's first byte. */
public interface BlockSource {
    /** Size in bytes. */
    long sizeBytes();

    /** Logical sector size of the disk below: 512 or 4096. */
    int sectorBytes();

    /**
     * Fills {@code into} from position to limit. Neither offset nor length need be aligned.
     *
     * @throws DeviceException when the device failed or the range leaves the volume
     */
    void read(long offset, ByteBuffer into) throws DeviceException;
}
