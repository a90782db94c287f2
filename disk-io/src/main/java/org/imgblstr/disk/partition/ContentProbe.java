package org.imgblstr.disk.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.filesystem.bitlocker.BitlockerMark;
import org.imgblstr.disk.text.PlainText;

/**
 * Tells contents by their signatures, which are all in the first 68 KiB, but for two old kinds of RAID. Only for showing: nothing is
 * decided by it. Containers come first, because what they contain may show its own signature at the same place.
 */
public final class ContentProbe {
    private static final int PROBE_BYTES = 68 * 1024;
    private static final int PIECE_BYTES = 4096;
    private static final int RAID_MAGIC = 0xA92B4EFC;
    private static final int RAID_END_BYTES = 128 * 1024;
    private static final int EXT = 1024;
    private static final int BTRFS = 65_536;
    private static final int ISO = 32_768;
    private static final int[] SWAP_PAGE_BYTES = {4096, 65_536};

    private final ByteBuffer start;

    /** Reads bytes of a disk into the rest of a buffer. */
    @FunctionalInterface
    public interface Reader {
        void read(long offset, ByteBuffer into) throws DeviceException;
    }

    private ContentProbe(ByteBuffer start) {
        this.start = start;
    }

    /**
     * Looks at a range of a disk.
     *
     * @param offset first byte, a multiple of the sector size
     * @param length bytes, a multiple of the sector size; the range lies on the disk
     */
    public static Content probe(Disk disk, long offset, long length) throws DeviceException {
        return probe(disk::read, offset, length);
    }

    /** As {@link #probe(Disk, long, long)}, of whatever has the bytes of a disk. */
    public static Content probe(Reader disk, long offset, long length) throws DeviceException {
        ByteBuffer start = read(disk, offset, Math.min(length, PROBE_BYTES));
        Content content = new ContentProbe(start).content();
        return content.equals(Content.UNKNOWN) && endsWithRaid(disk, offset, length)
                ? new Content("linux_raid_member", "")
                : content;
    }

    private static ByteBuffer read(Reader disk, long offset, long length) throws DeviceException {
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            disk.read(offset, bytes);
        } catch (DeviceException e) {
            if (e.isGone()) {
                throw e;
            }
            readPieces(disk, offset, bytes.clear());
        }
        return bytes.clear();
    }

    /** Piece by piece, with zeros where a piece cannot be read: one bad sector hides one signature at most. */
    private static void readPieces(Reader disk, long offset, ByteBuffer bytes) throws DeviceException {
        for (int at = 0; at < bytes.capacity(); at += PIECE_BYTES) {
            byte[] piece = new byte[Math.min(PIECE_BYTES, bytes.capacity() - at)];
            try {
                disk.read(offset + at, ByteBuffer.wrap(piece));
            } catch (DeviceException e) {
                if (e.isGone()) {
                    throw e;
                }
                Arrays.fill(piece, (byte) 0);
            }
            bytes.put(at, piece);
        }
    }

    /** RAID metadata 1.0 is 8 KiB, 0.90 is 64 KiB before the end, each rounded down. Source: md(4). */
    private static boolean endsWithRaid(Reader disk, long offset, long length) throws DeviceException {
        long size = Math.min(length, RAID_END_BYTES);
        ByteBuffer end = read(disk, offset + length - size, size);
        long version10 = (length - 8192) / 4096 * 4096 - (length - size);
        long version090 = length / 65_536 * 65_536 - 65_536 - (length - size);
        return hasInt(end, version10, RAID_MAGIC) || hasInt(end, version090, RAID_MAGIC);
    }

    private Content content() {
        Content container = container();
        if (container != null) {
            return container;
        }
        Content linux = linuxFileSystem();
        if (linux != null) {
            return linux;
        }
        Content other = otherFileSystem();
        return other == null ? Content.UNKNOWN : other;
    }

    private Content container() {
        if (has(0, "LUKS\u00BA\u00BE")) {
            return new Content("crypto_LUKS", isLuks2() ? text(24, 48) : "");
        }
        if (BitlockerMark.isOn(start)) {
            return new Content("BitLocker", "");
        }
        if (hasInt(start, 4096, RAID_MAGIC)) {
            return new Content("linux_raid_member", text(4096 + 32, 32));
        }
        if (hasInt(start, 0, RAID_MAGIC)) {
            return new Content("linux_raid_member", text(32, 32));
        }
        for (int sector = 0; sector < 4; sector++) {
            if (has(sector * 512, "LABELONE") && has(sector * 512 + 24, "LVM2 001")) {
                return new Content("LVM2_member", "");
            }
        }
        return swap();
    }

    private boolean isLuks2() {
        return start.get(6) == 0 && start.get(7) == 2;
    }

    private Content swap() {
        for (int pageBytes : SWAP_PAGE_BYTES) {
            if (has(pageBytes - 10, "SWAPSPACE2")) {
                return new Content("swap", text(1052, 16));
            }
        }
        return null;
    }

    private Content linuxFileSystem() {
        if (start.limit() >= 2 * EXT && (start.getShort(EXT + 56) & 0xFFFF) == 0xEF53) {
            return new Content(extVersion(), text(EXT + 120, 16));
        }
        if (has(0, "XFSB")) {
            return new Content("xfs", text(108, 12));
        }
        if (has(BTRFS + 64, "_BHRfS_M")) {
            return new Content("btrfs", text(BTRFS + 0x12B, 256));
        }
        if (hasInt(start, 1024, 0xF2F52010)) {
            return new Content("f2fs", "");
        }
        return has(0, "hsqs") ? new Content("squashfs", "") : null;
    }

    /** Incompatible features extents, 64bit and flex_bg make it ext4; a journal without these ext3. */
    private String extVersion() {
        boolean isExt4 = (start.getInt(EXT + 96) & (0x40 | 0x80 | 0x200)) != 0;
        boolean hasJournal = (start.getInt(EXT + 92) & 0x4) != 0;
        return isExt4 ? "ext4" : hasJournal ? "ext3" : "ext2";
    }

    private Content otherFileSystem() {
        if (has(3, "NTFS    ")) {
            return new Content("ntfs", "");
        }
        if (has(3, "EXFAT   ")) {
            return new Content("exfat", "");
        }
        if (has(82, "FAT32   ")) {
            return new Content("vfat", fatLabel(71));
        }
        if (has(54, "FAT1")) {
            return new Content("vfat", fatLabel(43));
        }
        return has(ISO + 1, "CD001") ? new Content("iso9660", text(ISO + 40, 32)) : null;
    }

    private String fatLabel(int offset) {
        String label = text(offset, 11);
        return "NO NAME".equals(label) ? "" : label;
    }

    private boolean has(int offset, String magic) {
        byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
        return offset + bytes.length <= start.limit()
                && start.slice(offset, bytes.length).equals(ByteBuffer.wrap(bytes));
    }

    private static boolean hasInt(ByteBuffer bytes, long offset, int value) {
        return offset >= 0 && offset + Integer.BYTES <= bytes.limit() && bytes.getInt((int) offset) == value;
    }

    /** Text up to its first zero, trimmed, without control characters, because a terminal obeys those. */
    private String text(int offset, int length) {
        byte[] bytes = new byte[Math.max(0, Math.min(length, start.limit() - offset))];
        start.get(offset, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return PlainText.of((end < 0 ? text : text.substring(0, end)).trim());
    }
}
