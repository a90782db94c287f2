package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.PartcloneReader;

/** Volumes of f2fs and Minix, patched: their superblocks and checkpoints, which are read here; partclone reads the rest. Rules: {@link VolumeFuzz}. */
public final class ForeignVolumeFuzz {
    /** A volume without a node, so that no program is started. */
    private static final VolumeFuzz VOLUMES =
            new VolumeFuzz(new PartcloneReader(), Seals::f2fs, "f2fs", "minix-1", "minix-2");

    private ForeignVolumeFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
