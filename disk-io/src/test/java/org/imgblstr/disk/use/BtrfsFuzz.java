package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.btrfs.BtrfsReader;

/** Volumes of Btrfs, patched. Rules: {@link VolumeFuzz}. */
public final class BtrfsFuzz {
    private static final VolumeFuzz VOLUMES = new VolumeFuzz(new BtrfsReader(), Seals::btrfs, "btrfs", "btrfs-mixed");

    private BtrfsFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
