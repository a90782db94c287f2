package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;
import org.imgblstr.disk.filesystem.VolumePatch;

/**
 * A FAT with sectors of another size: each area keeps its bytes, and the boot sector counts them in other sectors. The two sectors of FAT32 that
 * lie at the number of a sector, that of free space and the copy of the boot sector, move. One thread. Source: as {@link FatBootSector}.
 */
public final class FatSectors {
    private static final int SECTOR_BYTES = 0x0B;
    private static final int CLUSTER_SECTORS = 0x0D;
    private static final int RESERVED = 0x0E;
    private static final int TOTAL_16 = 0x13;
    private static final int FAT_16 = 0x16;
    private static final int HIDDEN = 0x1C;
    private static final int TOTAL_32 = 0x20;
    private static final int FAT_32 = 0x24;
    private static final int INFO = 0x30;
    private static final int COPY = 0x32;
    private static final int ENTRY = 446;
    private static final int ENTRY_BYTES = 16;
    private static final int ENTRY_FIRST = 8;
    private static final int ENTRY_COUNT = 12;
    private static final int SIGNATURE = 510;
    private static final int NOWHERE = 0xFFFF;
    private static final int USUAL_COPY = 6;
    private static final int MOST_16 = 0xFFFF;
    private static final long MOST_32 = 0xFFFF_FFFFL;
    private static final int MOST_CLUSTER_SECTORS = 128;

    private final BlockSource volume;
    private final FatBootSector boot;
    private final int fromBytes;
    private final int toBytes;
    private final SortedMap<Long, ByteBuffer> places = new TreeMap<>();

    private FatSectors(BlockSource volume, FatBootSector boot, int toBytes) {
        this.volume = volume;
        this.boot = boot;
        this.fromBytes = boot.sectorBytes();
        this.toBytes = toBytes;
    }

    /**
     * What changes; nothing where it has such sectors already.
     *
     * @param toBytes size of the new sectors: 512 or 4096
     * @throws UnsureException when it cannot count in them, or is damaged
     */
    public static List<VolumePatch> patches(BlockSource volume, int toBytes) throws UnsureException, DeviceException {
        FatBootSector boot = FatBootSector.readUnchecked(volume);
        boot.check(volume.sizeBytes());
        return boot.sectorBytes() == toBytes ? List.of() : new FatSectors(volume, boot, toBytes).patches();
    }

    private List<VolumePatch> patches() throws UnsureException, DeviceException {
        long reserved = counted("reserved area", boot.reservedSectors());
        long fat = counted("FAT", boot.fatSectors());
        long cluster = counted("cluster", boot.sectorsPerCluster());
        counted("root directory", boot.rootOffset() / fromBytes);
        counted("area before the first cluster", boot.dataOffset() / fromBytes);
        FatBootSector.require(
                reserved <= MOST_16 && cluster <= MOST_CLUSTER_SECTORS && (boot.isFat32() || fat <= MOST_16),
                "it has more in one piece than sectors of " + toBytes + " bytes can count");
        ByteBuffer sector = read(0);
        sector.putShort(SECTOR_BYTES, (short) toBytes);
        sector.put(CLUSTER_SECTORS, (byte) cluster);
        sector.putShort(RESERVED, (short) reserved);
        putEntry(sector, boot.totalSectors() * fromBytes / toBytes);
        putTotal(sector, boot.totalSectors() * fromBytes / toBytes);
        long hidden = Integer.toUnsignedLong(sector.getInt(HIDDEN)) * fromBytes / toBytes;
        // What the field cannot hold is not told: 0.
        sector.putInt(HIDDEN, (int) (hidden <= MOST_32 ? hidden : 0));
        if (boot.isFat32()) {
            sector.putInt(FAT_32, (int) fat);
            moveCompanions(sector, reserved);
        } else {
            sector.putShort(FAT_16, (short) fat);
        }
        places.put(0L, sector);
        return places.entrySet().stream()
                .map(place -> new VolumePatch(place.getKey(), place.getValue()))
                .toList();
    }

    /** Sectors of the new size. */
    private long counted(String what, long sectors) throws UnsureException {
        long bytes = sectors * fromBytes;
        FatBootSector.require(
                bytes % toBytes == 0, "its " + what + " of " + bytes + " bytes is no multiple of " + toBytes);
        return bytes / toBytes;
    }

    /** On a disk without a table mkfs.fat makes an MBR of the boot sector, with itself as the one partition. */
    private void putEntry(ByteBuffer sector, long total) {
        int others = ENTRY + ENTRY_BYTES;
        boolean isAlone =
                sector.slice(others, SIGNATURE - others).mismatch(ByteBuffer.allocate(SIGNATURE - others)) < 0;
        boolean isOwn = sector.getInt(ENTRY + ENTRY_FIRST) == 0
                && Integer.toUnsignedLong(sector.getInt(ENTRY + ENTRY_COUNT)) == boot.totalSectors();
        if (isAlone && isOwn && (sector.get(ENTRY) & 0x7F) == 0) {
            sector.putInt(ENTRY + ENTRY_COUNT, (int) total);
        }
    }

    private void putTotal(ByteBuffer sector, long total) throws UnsureException {
        FatBootSector.require(total <= MOST_32, total + " sectors are more than it can count");
        boolean isShort = !boot.isFat32() && total <= MOST_16;
        sector.putShort(TOTAL_16, (short) (isShort ? total : 0));
        sector.putInt(TOTAL_32, (int) (isShort ? 0 : total));
    }

    /** As few sectors as the area has: the copy comes behind the sector of free space, at its usual place where there is room. */
    private void moveCompanions(ByteBuffer sector, long reserved) throws UnsureException, DeviceException {
        int info = place(sector, INFO);
        int copy = place(sector, COPY);
        int newCopy = reserved > USUAL_COPY + 1 ? USUAL_COPY : 2;
        FatBootSector.require(
                copy == 0 || reserved >= newCopy + 2,
                reserved + " reserved sectors of " + toBytes + " bytes are too few for the copy of its boot sector");
        FatBootSector.require(info == 0 || reserved >= 2, "one reserved sector of " + toBytes + " bytes is too few");
        ByteBuffer ofInfo = taken(info);
        ByteBuffer ofCopy = taken(copy);
        ByteBuffer ofCopyInfo = taken(copy == 0 ? 0 : copy + 1);
        FatBootSector.require(
                copy == 0 || ofCopy.equals(read(0)),
                "its boot sector and the copy of it differ, so that one is damaged");
        if (info != 0) {
            sector.putShort(INFO, (short) 1);
            places.put((long) toBytes, ofInfo);
        }
        if (copy != 0) {
            sector.putShort(COPY, (short) newCopy);
            places.put((long) newCopy * toBytes, sector);
            places.put((newCopy + 1L) * toBytes, ofCopyInfo);
        }
    }

    /** The number of a reserved sector; 0 for none. */
    private int place(ByteBuffer sector, int at) {
        int place = Short.toUnsignedInt(sector.getShort(at));
        return place == NOWHERE || place >= boot.reservedSectors() - 1 ? 0 : place;
    }

    /** What lies at a sector that is free afterwards. */
    private ByteBuffer taken(int place) throws UnsureException, DeviceException {
        if (place == 0) {
            return null;
        }
        places.put((long) place * fromBytes, ByteBuffer.allocate(VolumePatch.UNIT_BYTES));
        return read((long) place * fromBytes);
    }

    private ByteBuffer read(long offset) throws UnsureException, DeviceException {
        return VolumeBytes.little(volume, offset, VolumePatch.UNIT_BYTES, "FAT boot sector")
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
