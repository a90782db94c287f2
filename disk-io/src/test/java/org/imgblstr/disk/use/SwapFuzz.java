package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.SwapReader;

/** Swap areas, patched. Rules: {@link VolumeFuzz}. */
public final class SwapFuzz {
    private static final VolumeFuzz VOLUMES = new VolumeFuzz(new SwapReader(), VolumeFuzz.Sealer.NONE, "swap");

    private SwapFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
