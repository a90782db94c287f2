package org.imgblstr.disk.signature;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;

/**
 * Contents that are known by name and whose free space is not: encrypted volumes, members of arrays and volume groups, file systems
 * without a reader, tables of partitions. Recognising them gives the operator a name, and keeps a reader from trusting a signature that
 * lies beside: RAID at the end of a volume, a container whose first header was overwritten, a file system left from an earlier life.
 */
public final class OpaqueReader implements FileSystemReader {
    /** Names of all that is on the volume, divided by commas. */
    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        String names = find(volume).stream().map(Signature::name).distinct().collect(Collectors.joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of(new Identity(names, ""));
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        String why = find(volume).stream().map(Signature::why).distinct().collect(Collectors.joining("; "));
        throw new UnsureException(why.isEmpty() ? "unknown content" : why);
    }

    private static List<Signature> find(BlockSource volume) throws DeviceException {
        List<Signature> found = new ArrayList<>();
        for (Signature signature : volume.isDivided() ? Signatures.OF_DIVIDED_DISKS : Signatures.OF_VOLUMES) {
            if (signature.isOn(volume)) {
                found.add(signature);
            }
        }
        return found;
    }
}
