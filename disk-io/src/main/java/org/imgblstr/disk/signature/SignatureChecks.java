package org.imgblstr.disk.signature;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.VolumeBytes;
import org.imgblstr.disk.filesystem.bitlocker.BitlockerMark;

/** What must hold of structures whose marks are short or not theirs alone. Each is given the structure in little-endian order. */
final class SignatureChecks {
    /** A label of ZFS without its first 16 KiB: 112 KiB of names and values, and 128 KiB of uberblocks. */
    static final int ZFS_BYTES = 240 << 10;

    /** Where libblkid looks for a record of a log of XFS. */
    static final int XFS_LOG_BYTES = 256 << 10;

    private static final int SECTOR = 512;
    private static final int KIB = 1024;
    private static final int ZFS_RING = 112 << 10;
    private static final int ZFS_SLOT_BYTES = 1024;
    private static final int ZFS_NAMES_BYTES = 4096;
    private static final long ZFS_MAGIC = 0x00BA_B10C;
    private static final byte[] ZFS_GUID = {0, 0, 0, 4, 'g', 'u', 'i', 'd'};

    private static final byte[] MSWIN = "MSWIN4.1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BITLOCKER = "-FVE-FS-".getBytes(StandardCharsets.US_ASCII);
    private static final int[] BITLOCKER_HEADERS = {440, 448, 456};
    private static final int ENTRIES = 446;
    private static final int ENTRY_BYTES = 16;

    private SignatureChecks() {}

    static boolean never(ByteBuffer structure, long place, BlockSource volume) {
        return false;
    }

    /** The second header says where it lies. */
    static boolean isLuks2Copy(ByteBuffer header, long place, BlockSource volume) {
        return bigShort(header, 6) != 2 || Long.reverseBytes(header.getLong(256)) == place;
    }

    /**
     * The boot sector is that of a FAT, but it bears an identifier of BitLocker, or leads to a header of it at one of three places. Any of
     * the four is enough: BitLocker reads another copy of its header when the first is damaged.
     */
    static boolean isBitLockerToGo(ByteBuffer boot, long place, BlockSource volume) throws DeviceException {
        boolean isKnown = BitlockerMark.isToGo(boot);
        if (isKnown || !boot.slice(3, MSWIN.length).equals(ByteBuffer.wrap(MSWIN))) {
            return isKnown;
        }
        for (int at : BITLOCKER_HEADERS) {
            if (VolumeBytes.matches(volume, boot.getLong(at), BITLOCKER)) {
                return true;
            }
        }
        return false;
    }

    static boolean isCoreStorage(ByteBuffer header, long place, BlockSource volume) {
        return header.getShort(8) == 1 && header.getInt(90) == 1;
    }

    /** A superblock of version 1 says where it lies; one of a partition at the end of the disk is not the disk's. */
    static boolean isMdHere(ByteBuffer superblock, long place, BlockSource volume) {
        return superblock.getInt(4) != 1 || superblock.getLong(144) == place / SECTOR;
    }

    static boolean isVia(ByteBuffer structure, long place, BlockSource volume) {
        int sum = 0;
        for (int i = 0; i < 50; i++) {
            sum += structure.get(i);
        }
        return Byte.toUnsignedInt(structure.get(2)) <= 2 && (byte) sum == structure.get(50);
    }

    static boolean isSilicon(ByteBuffer structure, long place, BlockSource volume) {
        return Byte.toUnsignedInt(structure.get(0x116)) < 8
                && (short) -sum16(structure, 0x13E) == structure.getShort(0x13E);
    }

    static boolean isAdaptec(ByteBuffer structure, long place, BlockSource volume) {
        return Integer.reverseBytes(structure.getInt(256)) == 0x4450_544D;
    }

    static boolean isJmicron(ByteBuffer structure, long place, BlockSource volume) {
        int sum = sum16(structure, 128) & 0xFFFF;
        return sum <= 1 && Byte.toUnsignedInt(structure.get(0x30)) <= 5;
    }

    private static int sum16(ByteBuffer structure, int bytes) {
        int sum = 0;
        for (int at = 0; at < bytes; at += Short.BYTES) {
            sum += structure.getShort(at);
        }
        return sum;
    }

    /** bcache says at sector 8 that it lies there; bcachefs has half of its checksum at the same place. */
    static boolean isBcache(ByteBuffer superblock, long place, BlockSource volume) {
        return superblock.getLong(8) == place / SECTOR;
    }

    static boolean isNoBcache(ByteBuffer superblock, long place, BlockSource volume) {
        return !isBcache(superblock, place, volume);
    }

    static boolean isLvm1(ByteBuffer header, long place, BlockSource volume) {
        return header.getShort(2) == 1 || header.getShort(2) == 2;
    }

    /** Uberblocks in slots of 1 KiB or more, or a list of names and values, in XDR, with a "guid" in it. */
    static boolean isZfs(ByteBuffer label, long place, BlockSource volume) {
        for (int slot = ZFS_RING; slot < ZFS_BYTES; slot += ZFS_SLOT_BYTES) {
            long magic = label.getLong(slot);
            if (magic == ZFS_MAGIC || Long.reverseBytes(magic) == ZFS_MAGIC) {
                return true;
            }
        }
        return label.get(0) == 1 && (label.get(1) & 0xFE) == 0 && has(label, ZFS_NAMES_BYTES, ZFS_GUID);
    }

    private static boolean has(ByteBuffer bytes, int most, byte[] wanted) {
        ByteBuffer expected = ByteBuffer.wrap(wanted);
        for (int at = 0; at + wanted.length <= most; at++) {
            if (bytes.slice(at, wanted.length).equals(expected)) {
                return true;
            }
        }
        return false;
    }

    /** A record of the log in one of the first sectors, and no superblock of XFS before it. */
    static boolean isXfsLog(ByteBuffer start, long place, BlockSource volume) {
        for (int at = 0; at < XFS_LOG_BYTES; at += SECTOR) {
            int magic = Integer.reverseBytes(start.getInt(at));
            if (magic == 0x5846_5342) {
                return false;
            }
            int version = Integer.reverseBytes(start.getInt(at + 8));
            int length = Integer.reverseBytes(start.getInt(at + 12));
            if (magic == 0xFEED_BABE && version != 0 && (version & ~3) == 0 && length > 0) {
                return true;
            }
        }
        return false;
    }

    static boolean isHfs(ByteBuffer superblock, long place, BlockSource volume) {
        int blockBytes = Integer.reverseBytes(superblock.getInt(20));
        return !isEmbedded(superblock) && blockBytes != 0 && blockBytes % SECTOR == 0;
    }

    static boolean isWrappedHfsPlus(ByteBuffer superblock, long place, BlockSource volume) {
        return isEmbedded(superblock);
    }

    /** "H+" or "HX" where HFS tells of a volume within it. */
    private static boolean isEmbedded(ByteBuffer superblock) {
        int within = bigShort(superblock, 124);
        return within == 0x482B || within == 0x4858;
    }

    static boolean isScoutMeta(ByteBuffer superblock, long place, BlockSource volume) {
        return (superblock.get(48) & 1) == 1;
    }

    static boolean isScoutData(ByteBuffer superblock, long place, BlockSource volume) {
        return (superblock.get(48) & 1) == 0;
    }

    static boolean isGfs(ByteBuffer superblock, long place, BlockSource volume) {
        return !isGfs2(superblock, place, volume);
    }

    static boolean isGfs2(ByteBuffer superblock, long place, BlockSource volume) {
        return Integer.reverseBytes(superblock.getInt(24)) / 100 == 18;
    }

    static boolean isSquashfs4(ByteBuffer superblock, long place, BlockSource volume) {
        return superblock.getShort(28) >= 4;
    }

    static boolean isSquashfs3(ByteBuffer superblock, long place, BlockSource volume) {
        return superblock.get(0) != 'h' || superblock.getShort(28) < 4;
    }

    /** Revision 2, a superblock of plausible length, and a device that is no longer than the volume. */
    static boolean isNilfs2(ByteBuffer superblock, long place, BlockSource volume) {
        int bytes = Short.toUnsignedInt(superblock.getShort(8));
        long deviceBytes = superblock.getLong(32);
        return superblock.getInt(0) == 2
                && bytes >= 24
                && bytes <= 1024
                && superblock.getInt(20) >= 0
                && superblock.getInt(20) <= 6
                && deviceBytes > 0
                && deviceBytes <= volume.sizeBytes();
    }

    /**
     * Versions 1 to 3 in either byte order, where partclone's reader does not know them. Two bytes of magic are few, so the maps must be as
     * long as inodes and zones need.
     */
    static boolean isMinix(ByteBuffer superblock, long place, BlockSource volume) {
        boolean isOther = Short.toUnsignedInt(superblock.getShort(56)) == 0xEF53 || superblock.getInt(0) == 0xE0F5_E1E2;
        if (isOther) {
            return false;
        }
        ByteBuffer swapped = superblock.slice().order(ByteOrder.BIG_ENDIAN);
        int magic = Short.toUnsignedInt(swapped.getShort(16));
        boolean isOfTwoBytes = magic == 0x137F || magic == 0x138F;
        if (isOfTwoBytes || magic == 0x2468 || magic == 0x2478) {
            long zones = isOfTwoBytes ? Short.toUnsignedInt(swapped.getShort(2)) : swapped.getInt(20);
            return isMinix(swapped, Short.toUnsignedInt(swapped.getShort(0)), zones, 4);
        }
        for (ByteBuffer third : List.of(superblock, swapped)) {
            if (third.getShort(24) == 0x4D5A && isMinix(third, third.getInt(0), third.getInt(20), 6)) {
                return true;
            }
        }
        return false;
    }

    /** {@code at}: of the lengths of the two maps, first zone, and size of a zone, two bytes each. */
    private static boolean isMinix(ByteBuffer superblock, long inodes, long zones, int at) {
        long inodeBits = Short.toUnsignedLong(superblock.getShort(at)) * KIB * Byte.SIZE;
        long zoneBits = Short.toUnsignedLong(superblock.getShort(at + 2)) * KIB * Byte.SIZE;
        int firstZone = Short.toUnsignedInt(superblock.getShort(at + 4));
        return superblock.getShort(at + 6) == 0
                && inodes > 0
                && inodeBits > inodes
                && firstZone <= zones
                && zoneBits > zones - firstZone;
    }

    static boolean isMacTable(ByteBuffer start, long place, BlockSource volume) throws DeviceException {
        int blockBytes = bigShort(start, 2);
        return blockBytes >= SECTOR
                && VolumeBytes.matches(volume, blockBytes, "PM".getBytes(StandardCharsets.US_ASCII));
    }

    /** The sum of all 16-bit words, exclusive, is zero. */
    static boolean isSunLabel(ByteBuffer label, long place, BlockSource volume) {
        int sum = 0;
        for (int at = 0; at < SECTOR; at += Short.BYTES) {
            sum ^= label.getShort(at);
        }
        return sum == 0;
    }

    /** Every entry is possible, one is a partition within the volume; boot code at the same place is hardly ever like that. */
    static boolean isMbr(ByteBuffer sector, long place, BlockSource volume) {
        int partitions = 0;
        for (int at = ENTRIES; at < ENTRIES + 4 * ENTRY_BYTES; at += ENTRY_BYTES) {
            long first = Integer.toUnsignedLong(sector.getInt(at + 8));
            long count = Integer.toUnsignedLong(sector.getInt(at + 12));
            boolean isEmpty = sector.get(at + 4) == 0 || count == 0;
            if ((sector.get(at) & 0x7F) != 0 || (!isEmpty && (first == 0 || first >= volume.sizeBytes() / SECTOR))) {
                return false;
            }
            partitions += isEmpty ? 0 : 1;
        }
        return partitions > 0;
    }

    static boolean isGptHere512(ByteBuffer header, long place, BlockSource volume) {
        return header.getLong(24) == place / SECTOR;
    }

    static boolean isGptHere4096(ByteBuffer header, long place, BlockSource volume) {
        return header.getLong(24) == place / 4096;
    }

    private static int bigShort(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(Short.reverseBytes(bytes.getShort(at)));
    }
}
