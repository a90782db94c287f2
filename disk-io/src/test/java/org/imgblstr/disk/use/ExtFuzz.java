package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.ext.ExtReader;

/** Volumes of ext2, ext3 and ext4, patched. Rules: {@link VolumeFuzz}. */
public final class ExtFuzz {
    private static final VolumeFuzz VOLUMES = new VolumeFuzz(
            new ExtReader(), Seals::ext, "ext2", "ext3", "ext4", "ext4-crc16", "ext4-meta-bg", "ext4-bigalloc");

    private ExtFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
