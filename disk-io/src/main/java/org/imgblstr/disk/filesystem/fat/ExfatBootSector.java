package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/** The main boot region of exFAT, little-endian. Source: Microsoft, "exFAT file system specification", section 3. */
final class ExfatBootSector {
    private static final byte[] NAME = "EXFAT   ".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME_OFFSET = 3;
    private static final int BYTES = 512;
    private static final int ZERO_OFFSET = 11;
    private static final int ZERO_END = 64;
    private static final int FLAGS = 106;
    private static final int PERCENT_IN_USE = 112;
    private static final int CHECKED_SECTORS = 11;
    private static final int MIN_FAT_OFFSET = 24;
    private static final long MAX_CLUSTERS = 0xFFFF_FFF5L;

    private final ByteBuffer bytes;

    private ExfatBootSector(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static boolean isExfat(BlockSource volume) throws DeviceException {
        return VolumeBytes.matches(volume, NAME_OFFSET, NAME)
                && VolumeBytes.matches(volume, 510, new byte[] {0x55, (byte) 0xAA});
    }

    /** Throws unless all sizes are in range, fit the volume, the checksum holds, and the volume was cleanly unmounted. */
    static ExfatBootSector read(BlockSource volume) throws UnsureException, DeviceException {
        ExfatBootSector boot = new ExfatBootSector(VolumeBytes.little(volume, 0, BYTES, "exFAT boot sector"));
        boot.checkFormat();
        boot.checkSizes(volume.sizeBytes());
        boot.checkChecksum(volume);
        return boot;
    }

    private void checkFormat() throws UnsureException {
        for (int i = ZERO_OFFSET; i < ZERO_END; i++) {
            require(bytes.get(i) == 0, "its boot sector has a FAT parameter block");
        }
        require(bytes.get(105) == 1, "unknown revision " + bytes.get(105));
        require(bytes.get(110) == 1, bytes.get(110) + " FATs: transactional exFAT is unknown");
        int flags = Short.toUnsignedInt(bytes.getShort(FLAGS));
        require((flags & 0x2) == 0, "not cleanly unmounted: run fsck.exfat");
        require((flags & 0x5) == 0, "second FAT active, or media failures recorded (flags " + flags + ")");
        require(sectorShift() >= 9 && sectorShift() <= 12, "sectors of 2^" + sectorShift() + " bytes");
        int clusterShift = bytes.get(109);
        require(clusterShift >= 0 && clusterShift <= 25 - sectorShift(), "clusters of 2^" + clusterShift + " sectors");
    }

    private void checkSizes(long volumeBytes) throws UnsureException {
        long sectors = bytes.getLong(72);
        require(
                sectors > 0 && sectors <= volumeBytes >> sectorShift(),
                sectors + " sectors in a volume of " + volumeBytes + " bytes");
        long fatOffset = int32(80);
        long fatSectors = int32(84);
        require(fatOffset >= MIN_FAT_OFFSET && fatOffset + fatSectors <= int32(88), "its FAT is in its clusters");
        require(clusterCount() > 0 && clusterCount() <= MAX_CLUSTERS, clusterCount() + " clusters");
        require(
                clusterCount() <= (sectors - int32(88)) >> bytes.get(109),
                clusterCount() + " clusters in " + sectors + " sectors");
        require((clusterCount() + 2) * Integer.BYTES <= fatSectors << sectorShift(), "its FAT is too short");
        require(isCluster(rootCluster()), "root directory at cluster " + rootCluster());
    }

    /** The checksum of sectors 0 to 10, repeated in all of sector 11. */
    private void checkChecksum(BlockSource volume) throws UnsureException, DeviceException {
        int sector = 1 << sectorShift();
        ByteBuffer region = VolumeBytes.little(volume, 0, (CHECKED_SECTORS + 1L) * sector, "exFAT boot region");
        int sum = 0;
        for (int i = 0; i < CHECKED_SECTORS * sector; i++) {
            if (i != FLAGS && i != FLAGS + 1 && i != PERCENT_IN_USE) {
                sum = Integer.rotateRight(sum, 1) + Byte.toUnsignedInt(region.get(i));
            }
        }
        require(region.getInt(CHECKED_SECTORS * sector) == sum, "the checksum of its boot region is wrong");
    }

    boolean isCluster(long cluster) {
        return cluster >= 2 && cluster < clusterCount() + 2;
    }

    long clusterCount() {
        return int32(92);
    }

    int clusterBytes() {
        return 1 << (sectorShift() + bytes.get(109));
    }

    /** Byte of the volume at which the entry of a cluster is. */
    long fatEntryOffset(long cluster) {
        return (int32(80) << sectorShift()) + cluster * Integer.BYTES;
    }

    /** Byte of the volume at which a cluster starts; the first one is 2. */
    long clusterOffset(long cluster) {
        return (int32(88) << sectorShift()) + (cluster - 2) * clusterBytes();
    }

    long rootCluster() {
        return int32(96);
    }

    private int sectorShift() {
        return bytes.get(108);
    }

    private long int32(int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }

    static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("exFAT: " + otherwise);
        }
    }
}
