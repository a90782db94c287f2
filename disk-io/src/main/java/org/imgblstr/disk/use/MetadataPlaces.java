package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;

/**
 * Where a file system keeps what is not file content, as far as its first sectors tell: for saying what a bad sector hit, and for nothing
 * else. Nothing is checked, and what is not named may be metadata all the same.
 */
public final class MetadataPlaces {
    /** Groups of ext that are looked at: 2 TiB with groups of 128 MiB. */
    private static final long MOST_GROUPS = 16_384;

    private static final int START_BYTES = 4096;
    private static final long BTRFS_SUPERBLOCK = 64 << 10;

    private final BlockSource volume;
    private final List<Place> places = new ArrayList<>();
    private final ByteBuffer start;

    private record Place(String name, long from, long end) {}

    private MetadataPlaces(BlockSource volume) throws DeviceException {
        this.volume = volume;
        this.start = bytes(0, START_BYTES);
    }

    /** Looks at a volume. */
    public static MetadataPlaces of(BlockSource volume) throws DeviceException {
        MetadataPlaces found = new MetadataPlaces(volume);
        if (volume.sizeBytes() >= START_BYTES) {
            found.look();
        }
        return found;
    }

    /** What the bytes from {@code from} to before {@code end} touch first; "" when that is not known. */
    public String at(long from, long end) {
        for (Place place : places) {
            if (place.from < end && from < place.end) {
                return place.name;
            }
        }
        return places.isEmpty() && from < START_BYTES ? "start of the partition" : "";
    }

    private void look() throws DeviceException {
        if (u16(1024 + 56) == 0xEF53) {
            ext();
        } else if (is("NTFS    ", 3)) {
            ntfs();
        } else if (is("EXFAT   ", 3)) {
            exfat();
        } else if (is("XFSB", 0)) {
            xfs();
        } else if (is("SWAPSPACE2", 4086)) {
            add("swap header", 0, START_BYTES);
        } else if (hasBtrfs()) {
            for (long at : new long[] {BTRFS_SUPERBLOCK, 64L << 20, 256L << 30}) {
                add("superblock", at, 4096);
            }
        } else if (u16(510) == 0xAA55 && isPowerOfTwo(u16(11)) && u16(14) > 0 && u8(16) > 0) {
            fat();
        }
    }

    private void ext() throws DeviceException {
        long block = 1024L << Math.min(u32(1024 + 24), 6);
        long blocksOfGroup = Math.max(1, u32(1024 + 32));
        long groups = Math.min(MOST_GROUPS, (u32(1024 + 4) + blocksOfGroup - 1) / blocksOfGroup);
        boolean isWide = (u32(1024 + 96) & 0x80) != 0;
        int descriptorBytes = isWide ? Math.max(64, u16(1024 + 254)) : 32;
        long inodeTableBytes = u32(1024 + 40) * (u32(1024 + 76) == 0 ? 128 : u16(1024 + 88));
        long descriptorsAt = (u32(1024 + 20) + 1) * block;
        add("superblock", 0, 2048);
        add("group descriptors", descriptorsAt, groups * descriptorBytes);
        ByteBuffer descriptors = bytes(descriptorsAt, (int) Math.min(groups * descriptorBytes, 1 << 22));
        for (int at = 0; at + descriptorBytes <= descriptors.limit(); at += descriptorBytes) {
            add("block bitmap", blockNumber(descriptors, at, 0, isWide) * block, block);
            add("inode bitmap", blockNumber(descriptors, at, 4, isWide) * block, block);
            add("inode table", blockNumber(descriptors, at, 8, isWide) * block, inodeTableBytes);
        }
    }

    private static long blockNumber(ByteBuffer descriptors, int at, int field, boolean isWide) {
        long low = Integer.toUnsignedLong(descriptors.getInt(at + field));
        return isWide ? low | Integer.toUnsignedLong(descriptors.getInt(at + 32 + field)) << 32 : low;
    }

    private void ntfs() {
        long cluster = (long) u16(11) * u8(13);
        add("boot sector", 0, 8192);
        add("MFT, its first records", start.getLong(48) * cluster, 16 << 10);
        add("MFT mirror", start.getLong(56) * cluster, 4096);
        add("boot sector's copy", volume.sizeBytes() - u16(11), u16(11));
    }

    private void exfat() {
        int shift = Math.min(u8(108), 12);
        add("boot region", 0, 24L << shift);
        add("FAT", u32(80) << shift, (u32(84) * u8(110)) << shift);
        int clusterShift = u8(109) & 31;
        long rootSector = u32(88) + ((u32(96) - 2) << clusterShift);
        add("root directory", rootSector << shift, 1L << (shift + clusterShift));
    }

    private void fat() {
        long sector = u16(11);
        long fatAt = u16(14) * sector;
        long fatBytes = (u16(22) != 0 ? u16(22) : u32(36)) * u8(16) * sector;
        add("boot sector", 0, fatAt);
        add("FAT", fatAt, fatBytes);
        if (u16(22) != 0) {
            add("root directory", fatAt + fatBytes, u16(17) * 32L);
        } else {
            long cluster = u8(13) * sector;
            add("root directory", fatAt + fatBytes + (u32(44) - 2) * cluster, cluster);
        }
    }

    private void xfs() {
        ByteBuffer big = start.duplicate().order(ByteOrder.BIG_ENDIAN);
        long block = Integer.toUnsignedLong(big.getInt(4));
        long groupBlocks = Integer.toUnsignedLong(big.getInt(84));
        long groups = Math.min(MOST_GROUPS, Integer.toUnsignedLong(big.getInt(88)));
        int groupShift = big.get(124) & 63;
        for (long group = 0; group < groups; group++) {
            add("allocation group header", group * groupBlocks * block, 4L * (big.getShort(102) & 0xFFFF));
        }
        long log = big.getLong(48);
        if (log != 0) {
            long first = (log >>> groupShift) * groupBlocks + (log & ((1L << groupShift) - 1));
            add("journal", first * block, Integer.toUnsignedLong(big.getInt(96)) * block);
        }
    }

    private boolean hasBtrfs() throws DeviceException {
        return "_BHRfS_M".equals(text(bytes(BTRFS_SUPERBLOCK + 64, 8), 0, 8));
    }

    private void add(String name, long from, long length) {
        if (from >= 0 && length > 0) {
            places.add(new Place(name, from, from + length));
        }
    }

    /** Little-endian; zeros behind the end of the volume. */
    private ByteBuffer bytes(long offset, int length) throws DeviceException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        if (offset >= 0 && offset < volume.sizeBytes()) {
            volume.read(offset, bytes.limit((int) Math.min(length, volume.sizeBytes() - offset)));
        }
        return bytes.clear();
    }

    private boolean is(String signature, int at) {
        return signature.equals(text(start, at, signature.length()));
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        byte[] text = new byte[length];
        bytes.get(at, text);
        return new String(text, StandardCharsets.US_ASCII);
    }

    private static boolean isPowerOfTwo(int value) {
        return value > 0 && Integer.bitCount(value) == 1;
    }

    private int u8(int at) {
        return start.get(at) & 0xFF;
    }

    private int u16(int at) {
        return start.getShort(at) & 0xFFFF;
    }

    private long u32(int at) {
        return Integer.toUnsignedLong(start.getInt(at));
    }
}
