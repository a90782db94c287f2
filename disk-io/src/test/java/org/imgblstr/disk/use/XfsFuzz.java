package org.imgblstr.disk.use;

import java.util.List;
import org.imgblstr.disk.filesystem.xfs.XfsReader;

/** Volumes of XFS, versions 4 and 5, patched. Rules: {@link VolumeFuzz}. */
public final class XfsFuzz {
    private static final VolumeFuzz VOLUMES = new VolumeFuzz(new XfsReader(), Seals::xfs, "xfs", "xfs-4");

    private XfsFuzz() {}

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
