package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;
import org.imgblstr.disk.filesystem.VolumePatch;

/**
 * An NTFS with sectors of another size: clusters and records stay, the boot sector counts in other sectors, and its copy lies in the last one of
 * these. One thread. Source: as {@link NtfsBootSector}.
 */
public final class NtfsSectors {
    private static final int SECTOR_BYTES = 0x0B;
    private static final int CLUSTER_SECTORS = 0x0D;
    private static final int HIDDEN = 0x1C;
    private static final int SECTOR_COUNT = 0x28;
    private static final int INDEX_RECORD = 0x44;
    private static final int MOST_PLAIN = 128;

    private NtfsSectors() {}

    /**
     * What changes; nothing where it has such sectors already.
     *
     * @param toBytes size of the new sectors: 512 or 4096
     * @throws UnsureException when it cannot count in them, or is damaged
     */
    public static List<VolumePatch> patches(BlockSource volume, int toBytes) throws UnsureException, DeviceException {
        NtfsBootSector boot = NtfsBootSector.read(volume);
        int fromBytes = boot.sectorBytes();
        if (fromBytes == toBytes) {
            return List.of();
        }
        ByteBuffer sector = VolumeBytes.little(volume, 0, VolumePatch.UNIT_BYTES, "NTFS boot sector");
        long bytes = (boot.sectorCount() + 1) * fromBytes;
        require(bytes % toBytes == 0, "its " + bytes + " bytes are no multiple of " + toBytes);
        require(bytes <= volume.sizeBytes(), "it has no room for the copy of its boot sector");
        require(boot.clusterBytes() >= toBytes, "its clusters have " + boot.clusterBytes() + " bytes");
        require(boot.recordBytes() >= toBytes, "its file records have " + boot.recordBytes() + " bytes");
        int index = NtfsBootSector.recordBytes(boot.clusterBytes(), sector.get(INDEX_RECORD));
        require(index >= toBytes, "its index records have " + index + " bytes");
        long hidden = Integer.toUnsignedLong(sector.getInt(HIDDEN)) * fromBytes / toBytes;
        require(hidden <= 0xFFFF_FFFFL, "it starts behind sector 4294967295");

        long copyFrom = boot.sectorCount() * fromBytes;
        boolean hasCopy = VolumeBytes.matches(volume, copyFrom + NtfsBootSector.OEM_ID_OFFSET, NtfsBootSector.OEM_ID);
        sector.putShort(SECTOR_BYTES, (short) toBytes);
        int perCluster = boot.clusterBytes() / toBytes;
        sector.put(CLUSTER_SECTORS, (byte)
                (perCluster <= MOST_PLAIN ? perCluster : -Integer.numberOfTrailingZeros(perCluster)));
        sector.putInt(HIDDEN, (int) hidden);
        sector.putLong(SECTOR_COUNT, bytes / toBytes - 1);
        List<VolumePatch> patches = new ArrayList<>();
        if (hasCopy) {
            patches.add(new VolumePatch(copyFrom, ByteBuffer.allocate(VolumePatch.UNIT_BYTES)));
            patches.add(new VolumePatch(bytes - toBytes, sector));
        }
        patches.add(new VolumePatch(0, sector));
        return patches;
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("NTFS: " + otherwise);
        }
    }
}
