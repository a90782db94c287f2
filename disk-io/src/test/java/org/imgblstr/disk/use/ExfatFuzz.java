package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.fat.ExfatReader;

/** Volumes of exFAT, patched. Rules: {@link VolumeFuzz}. */
public final class ExfatFuzz {
    private static final VolumeFuzz VOLUMES = new VolumeFuzz(new ExfatReader(), Seals::exfat, "exfat");

    private ExfatFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
