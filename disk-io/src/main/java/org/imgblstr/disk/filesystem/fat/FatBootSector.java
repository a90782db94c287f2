package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The boot sector of FAT12, FAT16 and FAT32, little-endian. Source: Microsoft, "FAT32 File System Specification", 1.03, sections "Boot
 * Sector and BPB" and "FAT Type Determination".
 */
final class FatBootSector {
    private static final int BYTES = 512;
    private static final int SIGNATURE_OFFSET = 510;
    private static final int SIGNATURE = 0xAA55;
    private static final int TYPE_16 = 0x36;
    private static final int TYPE_32 = 0x52;
    private static final int ENTRY_BYTES = 32;

    /** Most clusters of FAT12 and FAT16; the comparisons are "less than", as the specification insists. */
    private static final int FAT12_CLUSTERS = 4085;

    private static final int FAT16_CLUSTERS = 65_525;
    private static final int FAT32_CLUSTERS = 0x0FFF_FFF5;

    private final ByteBuffer bytes;

    private FatBootSector(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The first sector of a volume, not checked at all. */
    static FatBootSector readUnchecked(BlockSource volume) throws UnsureException, DeviceException {
        return new FatBootSector(VolumeBytes.little(volume, 0, BYTES, "FAT boot sector"));
    }

    /** Whether it carries the signature, a jump, and the type string of a FAT. The type string alone decides nothing else. */
    boolean isFat() {
        int jump = Byte.toUnsignedInt(bytes.get(0));
        boolean isBootSector = int16(SIGNATURE_OFFSET) == SIGNATURE && (jump == 0xEB || jump == 0xE9);
        return isBootSector
                && (text(TYPE_16, 3).equals("FAT") || text(TYPE_32, 5).equals("FAT32"));
    }

    String label() {
        String label = text(isFat32() ? 0x47 : 0x2B, 11).strip();
        return label.equals("NO NAME") ? "" : label;
    }

    /** Throws unless all sizes are in range, fit the volume, and the volume was cleanly unmounted. */
    void check(long volumeBytes) throws UnsureException {
        require(isFat(), "no FAT boot sector");
        int sector = sectorBytes();
        require(sector >= 512 && sector <= 4096 && Integer.bitCount(sector) == 1, "sectors of " + sector + " bytes");
        require(Integer.bitCount(sectorsPerCluster()) == 1, sectorsPerCluster() + " sectors per cluster");
        require(reservedSectors() >= 1, "no reserved sectors");
        require(fatCount() == 1 || fatCount() == 2, fatCount() + " FATs");
        require(fatSectors() >= 1, "FATs of no sectors");
        require(!isFat32() || rootEntries() == 0, "a FAT32 with a fixed root directory");
        require(isFat32() || hasUsualRoot(), "a root directory of " + rootEntries() + " entries, which nobody makes");
        require(
                totalSectors() <= volumeBytes / sector,
                totalSectors() + " sectors of " + sector + " bytes in a volume of " + volumeBytes + " bytes");
        require(totalSectors() - firstDataSector() >= sectorsPerCluster(), "no clusters");
        require(!isFat32() || int16(0x2A) == 0, "unknown FAT32 version");
        checkClusters();
        require((bytes.get(isFat32() ? 0x41 : 0x25) & 3) == 0, "not cleanly unmounted: run fsck.fat");
    }

    private void checkClusters() throws UnsureException {
        long clusters = clusterCount();
        require(clusters < (isFat32() ? FAT32_CLUSTERS : FAT16_CLUSTERS), clusters + " clusters");
        long entriesBits = fatSectors() * sectorBytes() * Byte.SIZE;
        require((clusters + 2) * entryBits() <= entriesBits, "its FAT is too short for " + clusters + " clusters");
        require(!isFat32() || isCluster(rootCluster()), "root directory at cluster " + rootCluster());
    }

    /**
     * No other field tells where the root directory ends and cluster 2 begins, so a wrong count would move all clusters. Counts in use are
     * powers of two (16 to 512 and more) and those of floppies: 112, 224, 240.
     */
    private boolean hasUsualRoot() {
        int entries = rootEntries();
        boolean isUsual = Integer.bitCount(entries) == 1 || entries == 112 || entries == 224 || entries == 240;
        return isUsual && entries * ENTRY_BYTES % sectorBytes() == 0;
    }

    boolean isCluster(long cluster) {
        return cluster >= 2 && cluster < clusterCount() + 2;
    }

    /** Size of an entry of the FAT: 12, 16 or 32. Decided by the count of clusters; mkfs makes small FAT32, told by its 32-bit FAT size. */
    int entryBits() {
        if (isFat32()) {
            return 32;
        }
        return clusterCount() < FAT12_CLUSTERS ? 12 : 16;
    }

    boolean isFat32() {
        return int16(0x16) == 0;
    }

    int sectorBytes() {
        return int16(0xB);
    }

    int sectorsPerCluster() {
        return Byte.toUnsignedInt(bytes.get(0xD));
    }

    int clusterBytes() {
        return sectorsPerCluster() * sectorBytes();
    }

    /** What entry 0 of each FAT repeats. */
    int media() {
        return Byte.toUnsignedInt(bytes.get(0x15));
    }

    int fatCount() {
        return Byte.toUnsignedInt(bytes.get(0x10));
    }

    long fatSectors() {
        return isFat32() ? int32(0x24) : int16(0x16);
    }

    long totalSectors() {
        return int16(0x13) != 0 ? int16(0x13) : int32(0x20);
    }

    /** Byte of the volume at which FAT {@code number}, from 0, starts. */
    long fatOffset(int number) {
        return (reservedSectors() + number * fatSectors()) * sectorBytes();
    }

    /** Byte of the volume at which the root directory of FAT12 and FAT16 starts. */
    long rootOffset() {
        return fatOffset(fatCount());
    }

    /** Byte of the volume at which cluster 2 starts. */
    long dataOffset() {
        return firstDataSector() * sectorBytes();
    }

    long clusterCount() {
        return (totalSectors() - firstDataSector()) / sectorsPerCluster();
    }

    /** First cluster of the root directory; FAT32 only. */
    long rootCluster() {
        return int32(0x2C);
    }

    /** Whether all FATs are kept the same; FAT32 can switch that off. */
    boolean isMirrored() {
        return !isFat32() || (int16(0x28) & 0x80) == 0;
    }

    private long firstDataSector() {
        long rootSectors = ((long) rootEntries() * ENTRY_BYTES + sectorBytes() - 1) / sectorBytes();
        return reservedSectors() + fatCount() * fatSectors() + rootSectors;
    }

    int reservedSectors() {
        return int16(0xE);
    }

    private int rootEntries() {
        return int16(0x11);
    }

    private String text(int offset, int length) {
        byte[] text = new byte[length];
        bytes.get(offset, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("FAT: " + otherwise);
        }
    }

    private int int16(int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }

    private long int32(int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }
}
