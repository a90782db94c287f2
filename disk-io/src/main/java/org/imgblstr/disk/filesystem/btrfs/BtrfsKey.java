package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;

/**
 * Names an item of a tree. All three parts are unsigned; trees are sorted by them. Source: btrfs documentation, "On-disk Format", Item
 * Types.
 */
record BtrfsKey(long object, int type, long offset) implements Comparable<BtrfsKey> {
    static final int BYTES = 17;

    static final int ROOT_ITEM = 132;
    static final int EXTENT_ITEM = 168;
    static final int METADATA_ITEM = 169;
    static final int BLOCK_GROUP_ITEM = 192;
    static final int DEVICE_EXTENT = 204;
    static final int DEVICE_ITEM = 216;
    static final int CHUNK_ITEM = 228;

    static final long EXTENT_TREE = 2;
    static final long CHUNK_TREE = 3;
    static final long DEVICE_TREE = 4;
    static final long ROOT_TREE = 1;
    static final long BLOCK_GROUP_TREE = 11;

    /** Object of all chunk items. */
    static final long FIRST_CHUNK = 256;

    static BtrfsKey read(ByteBuffer bytes, int at) {
        return new BtrfsKey(bytes.getLong(at), Byte.toUnsignedInt(bytes.get(at + 8)), bytes.getLong(at + 9));
    }

    @Override
    public int compareTo(BtrfsKey other) {
        int byObject = Long.compareUnsigned(object, other.object);
        if (byObject != 0) {
            return byObject;
        }
        return type != other.type ? Integer.compare(type, other.type) : Long.compareUnsigned(offset, other.offset);
    }
}
