package org.imgblstr.disk.filesystem;

import org.imgblstr.disk.device.DeviceException;

/** Tells which bytes are used of a volume that lies within another, as a logical volume does. */
@FunctionalInterface
public interface InnerVolumes {
    /** The bytes to keep, places of signatures included; all of them when its content is not known for sure. */
    UsedMap usedBlocks(BlockSource volume) throws DeviceException;
}
