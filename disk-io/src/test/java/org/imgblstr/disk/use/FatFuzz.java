package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.fat.FatReader;

/** Volumes of FAT12, FAT16 and FAT32, patched. Rules: {@link VolumeFuzz}. */
public final class FatFuzz {
    private static final VolumeFuzz VOLUMES =
            new VolumeFuzz(new FatReader(), VolumeFuzz.Sealer.NONE, "fat12", "fat16", "fat32");

    private FatFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
