package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.fuzz.PatchedBytes;

/** Puts the checksums of file systems right where an input has changed what they cover. */
final class Seals {
    private static final int KIB = 1 << 10;
    private static final int BLOCK = 4096;
    private static final int XFS_SUPERBLOCK = 0x5846_5342;
    private static final int XFS_GROUP = 0x5841_4746;
    private static final int XFS_TREE_BY_BLOCK = 0x4142_3342;
    private static final int XFS_TREE_BY_COUNT = 0x4142_3343;
    private static final int LVM_START = 0xF597_A6CF;
    private static final int F2FS_START = 0xF2F5_2010;

    private Seals() {}

    private static ByteBuffer little(PatchedBytes volume) {
        return ByteBuffer.wrap(volume.content()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void putLittle(PatchedBytes volume, int at, int value) {
        volume.put(
                at,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }

    private static void putLittleShort(PatchedBytes volume, int at, int value) {
        volume.put(at, (byte) value, (byte) (value >> Byte.SIZE));
    }

    private static int crc32c(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** The one group of the base with checksums: its bitmaps, then its descriptor of 64 bytes, then the superblock. */
    static void ext(String base, PatchedBytes volume) {
        if (!base.equals("ext4")) {
            return;
        }
        ByteBuffer bytes = little(volume);
        int descriptor = 2 * KIB;
        int seed = ChainedCrc.crc32c(ChainedCrc.ALL_ONES, bytes, KIB + 0x68, 16);
        extBitmap(volume, descriptor, 0, bytes.getInt(KIB + 0x20) / Byte.SIZE, seed, 0x18);
        extBitmap(volume, descriptor, Integer.BYTES, bytes.getInt(KIB + 0x28) / Byte.SIZE, seed, 0x1A);
        int crc = ChainedCrc.crc32c(seed, 0);
        crc = ChainedCrc.crc32c(crc, bytes, descriptor, 0x1E);
        crc = ChainedCrc.crc32c(crc, ByteBuffer.allocate(2), 0, 2);
        crc = ChainedCrc.crc32c(crc, bytes, descriptor + 0x20, 0x20);
        putLittleShort(volume, descriptor + 0x1E, crc);
        putLittle(volume, KIB + 0x3FC, ChainedCrc.crc32c(ChainedCrc.ALL_ONES, bytes, KIB, 0x3FC));
    }

    /** {@code field}: of the low half of the checksum in the descriptor; the high half stands 32 bytes behind it. */
    private static void extBitmap(PatchedBytes volume, int descriptor, int pointer, int length, int seed, int field) {
        ByteBuffer bytes = little(volume);
        long block = Integer.toUnsignedLong(bytes.getInt(descriptor + pointer));
        boolean isThere = length > 0 && length <= KIB && (block + 1) * KIB <= volume.content().length;
        if (isThere && volume.isChanged((int) block * KIB, (int) block * KIB + KIB)) {
            int crc = ChainedCrc.crc32c(seed, bytes, (int) block * KIB, length);
            putLittleShort(volume, descriptor + field, crc);
            putLittleShort(volume, descriptor + field + 0x20, crc >>> Short.SIZE);
        }
    }

    /** The boot region: sectors 0 to 10, and their sum all over sector 11. */
    static void exfat(String base, PatchedBytes volume) {
        int shift = volume.content()[108] & 0xFF;
        int sector = 1 << (shift >= 9 && shift <= 12 ? shift : 9);
        if (!volume.isChanged(0, 12 * sector)) {
            return;
        }
        int sum = 0;
        for (int i = 0; i < 11 * sector; i++) {
            if (i != 106 && i != 107 && i != 112) {
                sum = Integer.rotateRight(sum, 1) + (volume.content()[i] & 0xFF);
            }
        }
        putLittle(volume, 11 * sector, sum);
    }

    /** Superblocks, headers of groups and tree blocks of version 5. */
    static void xfs(String base, PatchedBytes volume) {
        ByteBuffer bytes = ByteBuffer.wrap(volume.content());
        for (int[] piece : volume.pieces()) {
            if ((bytes.getShort(100) & 0xF) == 5
                    && volume.isChanged(piece[0], piece[1])
                    && piece[1] - piece[0] >= 512) {
                switch (bytes.getInt(piece[0])) {
                    case XFS_SUPERBLOCK -> xfs(volume, piece, 224);
                    case XFS_GROUP -> xfs(volume, piece, 216);
                    case XFS_TREE_BY_BLOCK, XFS_TREE_BY_COUNT -> xfs(volume, piece, 52);
                    default -> {
                        // Has no checksum that is read.
                    }
                }
            }
        }
    }

    private static void xfs(PatchedBytes volume, int[] piece, int field) {
        volume.put(piece[0] + field, new byte[Integer.BYTES]);
        putLittle(volume, piece[0] + field, crc32c(volume.content(), piece[0], piece[1] - piece[0]));
    }

    /** Superblocks and tree blocks, all of 4 KiB. */
    static void btrfs(String base, PatchedBytes volume) {
        for (int[] range : volume.changed()) {
            for (int at = range[0] / BLOCK * BLOCK; at < range[1]; at += BLOCK) {
                putLittle(volume, at, crc32c(volume.content(), at + 32, BLOCK - 32));
            }
        }
    }

    /** Text, then the header of its area at 4 KiB, then the label in sector 1. */
    static void lvm(String base, PatchedBytes volume) {
        ByteBuffer bytes = little(volume);
        long offset = bytes.getLong(BLOCK + 40);
        long length = bytes.getLong(BLOCK + 48);
        int room = volume.content().length - BLOCK;
        if (offset > 0 && length > 0 && length <= room && offset <= room - length) {
            putLittle(volume, BLOCK + 56, ChainedCrc.crc32(LVM_START, bytes, BLOCK + (int) offset, (int) length));
        }
        putLittle(volume, BLOCK, ChainedCrc.crc32(LVM_START, bytes, BLOCK + 4, 508));
        putLittle(volume, 512 + 16, ChainedCrc.crc32(LVM_START, bytes, 512 + 20, 492));
    }

    /** Both ends of each checkpoint: any block that was read and changed, when it says where its checksum stands. */
    static void f2fs(String base, PatchedBytes volume) {
        ByteBuffer bytes = little(volume);
        for (int[] piece : volume.pieces()) {
            int from = piece[0];
            int at = from + BLOCK <= volume.content().length ? bytes.getInt(from + 164) : 0;
            if (piece[1] - from == BLOCK && volume.isChanged(from, piece[1]) && at >= 192 && at <= BLOCK - 4) {
                int crc = ChainedCrc.crc32(F2FS_START, bytes, from, at);
                int behind = at + Integer.BYTES;
                putLittle(volume, from + at, ChainedCrc.crc32(crc, bytes, from + behind, BLOCK - behind));
            }
        }
    }
}
