package org.imgblstr.disk.use;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Signatures that libblkid believes, as few bytes as it takes, each at its place in a volume of a given size. Source: util-linux 2.38,
 * libblkid/src/superblocks, as facts.
 */
final class Planted {
    private static final int SECTOR = 512;
    private static final int MD_MAGIC = 0xA92B4EFC;

    /** What wipefs calls it, a name for the test, and where it lies. */
    record Kind(String type, String name, Placer placer) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Bytes at a place of a volume. */
    record Piece(long offset, ByteBuffer bytes) {}

    /** What is planted in a volume of {@code size} bytes. */
    @FunctionalInterface
    interface Placer {
        List<Piece> pieces(long size);
    }

    private Planted() {}

    /** Every kind. Those that need the first MiB are here too: it is the source that decides there. */
    static List<Kind> kinds() {
        List<Kind> all = new ArrayList<>();
        add(all, "linux_raid_member", "md 0.90", size -> piece((size & -65_536) - 65_536, md090()));
        add(all, "linux_raid_member", "md 1.0", size -> md1((size / SECTOR - 16 & -8) * SECTOR));
        add(all, "linux_raid_member", "md 1.1", size -> md1(0));
        add(all, "linux_raid_member", "md 1.2", size -> md1(4096));
        add(all, "zfs_member", "ZFS, last labels", size -> zfs(size / 262_144 * 262_144 - 524_288));
        add(all, "zfs_member", "ZFS, first labels", size -> zfs(0));
        for (int sectors : new int[] {16, 63, 3087}) {
            String name = "Promise, " + sectors;
            add(all, "promise_fasttrack_raid_member", name, fromEnd(sectors, text("Promise Technology, Inc.")));
        }
        add(all, "isw_raid_member", "Intel", fromEnd(2, text("Intel Raid ISM Cfg Sig. 1.0.00")));
        add(all, "lsi_mega_raid_member", "LSI", fromEnd(1, text("$XIDE$")));
        add(all, "hpt45x_raid_member", "HighPoint", fromEnd(11, hex("F316785A")));
        add(all, "ddf_raid_member", "DDF", Planted::ddf);
        add(all, "drbd", "DRBD", size -> piece(size - 4096, bytes(64).putInt(60, 0x8374026B)));
        for (int place : new int[] {0x4000, 0x100000, 0x400000}) {
            add(all, "crypto_LUKS", "LUKS2, second header at " + place, size -> luks2(place));
        }
        add(all, "VMFS_volume_member", "VMFS volume", size -> piece(1 << 20, hex("0DD001C0")));
        add(all, "VMFS", "VMFS", size -> piece(2 << 20, hex("5EF1AB2F")));
        add(all, "reiser4", "Reiser4", size -> piece(65_536, text("ReIsEr4")));
        add(all, "swap", "swap", size -> swap());
        return all;
    }

    /** Writes a kind into a volume of {@code size} bytes that begins at {@code offset} of a file. */
    static void plant(Kind kind, Path file, long offset, long size) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (Piece piece : kind.placer().pieces(size)) {
                channel.write(piece.bytes().clear(), offset + piece.offset());
            }
        }
    }

    private static void add(List<Kind> all, String type, String name, Placer placer) {
        all.add(new Kind(type, name, placer));
    }

    private static Placer fromEnd(int sectors, byte[] content) {
        return size -> piece((size / SECTOR - sectors) * SECTOR, content);
    }

    private static List<Piece> piece(long offset, byte[] content) {
        return piece(offset, ByteBuffer.wrap(content));
    }

    private static List<Piece> piece(long offset, ByteBuffer content) {
        return List.of(new Piece(offset, content));
    }

    private static List<Piece> swap() {
        ByteBuffer page =
                bytes(4096).order(ByteOrder.LITTLE_ENDIAN).putInt(1024, 1).putInt(1028, 1000);
        return piece(0, page.put(4086, text("SWAPSPACE2")));
    }

    private static ByteBuffer md090() {
        return bytes(4096).order(ByteOrder.LITTLE_ENDIAN).putInt(0, MD_MAGIC).putInt(8, 90);
    }

    private static List<Piece> md1(long offset) {
        ByteBuffer superblock = bytes(256).order(ByteOrder.LITTLE_ENDIAN);
        superblock.putInt(0, MD_MAGIC).putInt(4, 1).putLong(144, offset / SECTOR);
        return piece(offset, superblock);
    }

    /** Four uberblocks in each of two labels. */
    private static List<Piece> zfs(long firstLabel) {
        List<Piece> pieces = new ArrayList<>();
        for (int label = 0; label < 2; label++) {
            pieces.add(new Piece(firstLabel + label * 262_144L + 8192, bytes(262_144 - 8192)));
            for (int slot = 0; slot < 4; slot++) {
                ByteBuffer uberblock = bytes(40).order(ByteOrder.LITTLE_ENDIAN);
                uberblock.putLong(0, 0xBAB10C).putLong(8, 5000).putLong(24, 1).putLong(32, 1);
                pieces.add(new Piece(firstLabel + label * 262_144L + 131_072 + slot * 1024L, uberblock));
            }
        }
        return pieces;
    }

    private static List<Piece> ddf(long size) {
        ByteBuffer anchor = bytes(SECTOR).putInt(0, 0xDE11DE11).putLong(96, size / SECTOR - 1);
        return piece(size / SECTOR * SECTOR - SECTOR, anchor.put(32, text("01.00.00")));
    }

    private static List<Piece> luks2(int offset) {
        ByteBuffer header = bytes(SECTOR).put(0, hex("534B554CBABE")).putShort(6, (short) 2);
        return piece(offset, header.putLong(8, 0x4000).putLong(256, offset));
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
