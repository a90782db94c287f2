package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.lvm.LvmReader;

/** Physical volumes of LVM2, patched, with their text. Rules: {@link VolumeFuzz}. */
public final class LvmFuzz {
    private static final VolumeFuzz VOLUMES = new VolumeFuzz(new LvmReader(LvmFuzz::inner), Seals::lvm, "lvm");

    private LvmFuzz() {}

    /** Reads both ends of a logical volume. */
    private static UsedMap inner(BlockSource volume) throws DeviceException {
        volume.read(0, ByteBuffer.allocate(512));
        volume.read(volume.sizeBytes() - 1024, ByteBuffer.allocate(1024));
        return UsedMap.allUsed(volume.sizeBytes());
    }

    /** An input of {@link VolumeFuzz#run}. */
    public static void fuzzerTestOneInput(byte[] input) {
        VOLUMES.run(input);
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return VOLUMES.seeds();
    }
}
