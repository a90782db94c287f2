package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Moves blocks of a Btrfs, with all checksums right, to places that its extent tree calls free. For metadata that is stored once, in blocks
 * of 4 KiB. Source: btrfs documentation, "On-disk Format".
 */
final class BtrfsWriter {
    private static final int SUPERBLOCK = 65_536;
    private static final int NODE_BYTES = 4096;
    private static final int FIRST_KEY = 0x65;
    private static final int KEY_BYTES = 17;
    private static final int ITEM_BYTES = 25;
    private static final long FILE_TREE = 5;

    private final ByteBuffer volume;

    /** Place on the device of each tree block, by its logical address. */
    private final Map<Long, Integer> places = new TreeMap<>();

    BtrfsWriter(byte[] content) {
        volume = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer uuid = volume.slice(SUPERBLOCK + 0x20, 16);
        for (int at = 1 << 20; at + NODE_BYTES <= content.length; at += NODE_BYTES) {
            boolean isSuperblock = at == 64 << 20;
            if (!isSuperblock && volume.slice(at + 0x20, 16).equals(uuid) && volume.getInt(at) == checksum(at)) {
                places.put(volume.getLong(at + 0x30), at);
            }
        }
    }

    /** {@code level}: 0 moves the first leaf, anything else the root. */
    void moveFileTreeToFreeSpace(int level) {
        int leaf = places.get(volume.getLong(SUPERBLOCK + 0x50));
        int parent = leaf;
        int pointer = fileTreeRoot(leaf) + 176;
        int block = places.get(volume.getLong(pointer));
        while (level == 0 && volume.get(block + 0x64) > 0) {
            parent = block;
            pointer = block + FIRST_KEY + KEY_BYTES;
            block = places.get(volume.getLong(pointer));
        }
        volume.putLong(pointer, move(block));
        volume.putInt(parent, checksum(parent));
    }

    private int fileTreeRoot(int leaf) {
        int item = leaf + FIRST_KEY;
        while (volume.getLong(item) != FILE_TREE || volume.get(item + 8) != (byte) BtrfsKey.ROOT_ITEM) {
            item += ITEM_BYTES;
        }
        return leaf + FIRST_KEY + volume.getInt(item + KEY_BYTES);
    }

    /** Behind the last block of the same chunk; returns the new logical address. */
    private long move(int block) {
        long logical = volume.getLong(block + 0x30);
        int place = block;
        for (Map.Entry<Long, Integer> other : places.entrySet()) {
            boolean isSameChunk = other.getValue() - other.getKey() == block - logical;
            place = isSameChunk ? Math.max(place, other.getValue() + NODE_BYTES) : place;
        }
        volume.put(place, volume.slice(block, NODE_BYTES), 0, NODE_BYTES);
        volume.putLong(place + 0x30, logical + place - block);
        volume.putInt(place, checksum(place));
        return logical + place - block;
    }

    private int checksum(int block) {
        CRC32C crc = new CRC32C();
        crc.update(volume.slice(block + 0x20, NODE_BYTES - 0x20));
        return (int) crc.getValue();
    }
}
