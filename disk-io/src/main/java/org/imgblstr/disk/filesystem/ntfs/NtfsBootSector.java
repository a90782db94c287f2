package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The boot sector of NTFS, little-endian, checked. Source: Linux-NTFS project, "NTFS Documentation", $Boot. Clusters count from 0.
 *
 * @param sectorBytes 512 to 4096
 * @param clusterBytes 512 to 2 MiB
 * @param recordBytes of a record of the MFT
 * @param sectorCount without the backup of the boot sector that follows the last one
 * @param mftCluster where $MFT begins
 * @param mirrorCluster where $MFTMirr begins
 */
record NtfsBootSector(
        int sectorBytes, int clusterBytes, int recordBytes, long sectorCount, long mftCluster, long mirrorCluster) {
    static final byte[] OEM_ID = "NTFS    ".getBytes(StandardCharsets.US_ASCII);
    static final int OEM_ID_OFFSET = 3;

    private static final int BYTES = 512;
    private static final int SIGNATURE = 0xAA55;
    private static final int PARAMETERS_FROM = 0x0B;
    private static final int PARAMETERS_END = 0x54;
    private static final int MAX_CLUSTER_BYTES = 2 << 20;
    private static final int MAX_RECORD_BYTES = 64 << 10;

    static boolean isNtfs(BlockSource volume) throws DeviceException {
        return VolumeBytes.matches(volume, OEM_ID_OFFSET, OEM_ID)
                && VolumeBytes.matches(volume, BYTES - 2, new byte[] {0x55, (byte) 0xAA});
    }

    /** Throws unless all sizes are in range, fit the volume, and the backup, where there is one, says the same. */
    static NtfsBootSector read(BlockSource volume) throws UnsureException, DeviceException {
        ByteBuffer bytes = VolumeBytes.little(volume, 0, BYTES, "NTFS boot sector");
        require(Short.toUnsignedInt(bytes.getShort(BYTES - 2)) == SIGNATURE, "no signature");
        int sector = Short.toUnsignedInt(bytes.getShort(0x0B));
        require(sector >= 512 && sector <= 4096 && isPowerOfTwo(sector), "sectors of " + sector + " bytes");
        int cluster = clusterBytes(sector, Byte.toUnsignedInt(bytes.get(0x0D)));
        long sectors = bytes.getLong(0x28);
        require(
                sectors > 0 && sectors <= volume.sizeBytes() / sector,
                sectors + " sectors of " + sector + " bytes in a volume of " + volume.sizeBytes() + " bytes");
        NtfsBootSector boot = new NtfsBootSector(
                sector,
                cluster,
                recordBytes(cluster, bytes.get(0x40)),
                sectors,
                bytes.getLong(0x30),
                bytes.getLong(0x38));
        require(boot.isCluster(boot.mftCluster()), "the MFT at cluster " + boot.mftCluster());
        require(boot.isCluster(boot.mirrorCluster()), "the copy of the MFT at cluster " + boot.mirrorCluster());
        boot.checkBackup(volume, bytes);
        return boot;
    }

    private static int clusterBytes(int sectorBytes, int code) throws UnsureException {
        // Above 128 sectors the byte is the negative of a power of two.
        int shift = code > 128 ? 256 - code : Integer.numberOfTrailingZeros(code);
        require(code > 128 || isPowerOfTwo(code), code + " sectors per cluster");
        require(shift < Integer.SIZE && (long) sectorBytes << shift <= MAX_CLUSTER_BYTES, "clusters of 2^" + shift);
        return sectorBytes << shift;
    }

    static int recordBytes(int clusterBytes, byte code) throws UnsureException {
        // Negative: a power of two of bytes; else a number of clusters.
        long bytes = code < 0 ? 1L << Math.min(-code, Integer.SIZE) : (long) code * clusterBytes;
        boolean isSound = bytes >= BYTES && bytes <= MAX_RECORD_BYTES && isPowerOfTwo((int) bytes);
        require(isSound, "MFT records of " + bytes + " bytes");
        return (int) bytes;
    }

    /** The boot sector has no checksum; its backup, in the sector behind the last one, is the next best thing. */
    private void checkBackup(BlockSource volume, ByteBuffer bytes) throws UnsureException, DeviceException {
        long lastSector = volume.sizeBytes() / sectorBytes - 1;
        for (long sector : new long[] {sectorCount, lastSector}) {
            long place = sector * sectorBytes;
            if (VolumeBytes.matches(volume, place + OEM_ID_OFFSET, OEM_ID)) {
                ByteBuffer backup = VolumeBytes.little(volume, place, BYTES, "NTFS boot sector backup");
                int length = PARAMETERS_END - PARAMETERS_FROM;
                require(
                        backup.slice(PARAMETERS_FROM, length).equals(bytes.slice(PARAMETERS_FROM, length)),
                        "its backup in sector " + sector + " says otherwise");
            }
        }
    }

    long clusterCount() {
        return sectorCount * sectorBytes / clusterBytes;
    }

    boolean isCluster(long cluster) {
        return cluster >= 0 && cluster < clusterCount();
    }

    private static boolean isPowerOfTwo(int value) {
        return Integer.bitCount(value) == 1;
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("NTFS boot sector: " + otherwise);
        }
    }
}
