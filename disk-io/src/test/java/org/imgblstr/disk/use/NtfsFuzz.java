package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.ntfs.NtfsReader;

/** Volumes of NTFS, patched. Rules: {@link VolumeFuzz}. */
public final class NtfsFuzz {
    private static final VolumeFuzz VOLUMES =
            new VolumeFuzz(new NtfsReader(true), VolumeFuzz.Sealer.NONE, "ntfs-512", "ntfs-4096");

    private NtfsFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
