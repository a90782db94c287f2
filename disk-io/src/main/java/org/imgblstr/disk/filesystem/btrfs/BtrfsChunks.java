package org.imgblstr.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.disk.filesystem.UnsureException;

/** Where logical addresses are on the device: chunks stored once or, with the profile DUP, twice. For one thread. */
final class BtrfsChunks {
    /** Chunks of 1 GiB are usual; of the smallest usual size, 8 MiB, this many hold 2 TiB. Some 200 bytes each. */
    private static final int MAX_CHUNKS = 1 << 18;

    private static final int HEADER_BYTES = 48;
    private static final int STRIPE_BYTES = 32;
    private static final long TYPES = 0x1 | 0x2 | 0x4;
    private static final long PROFILE_SINGLE = 0;
    private static final long PROFILE_DUP = 0x20;

    /**
     * A range of logical addresses.
     *
     * @param flags what it holds, and the profile
     * @param places where it begins on the device, one for each copy
     */
    record Chunk(long logical, long length, long flags, List<Long> places) {
        boolean contains(long address, long bytes) {
            return address >= logical && bytes <= length && address - logical <= length - bytes;
        }
    }

    private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
    private final BtrfsSuperblock superblock;

    BtrfsChunks(BtrfsSuperblock superblock) {
        this.superblock = superblock;
    }

    /** The chunks that the superblock itself lists. */
    static BtrfsChunks ofSuperblock(BtrfsSuperblock superblock) throws UnsureException {
        BtrfsChunks chunks = new BtrfsChunks(superblock);
        ByteBuffer array = superblock.systemChunks();
        int at = 0;
        while (at < array.limit()) {
            require(array.limit() - at >= BtrfsKey.BYTES + HEADER_BYTES, "the superblock's list is cut off");
            BtrfsKey key = BtrfsKey.read(array, at);
            require(key.type() == BtrfsKey.CHUNK_ITEM, "the superblock lists something else");
            at += BtrfsKey.BYTES;
            ByteBuffer rest = array.slice(at, array.limit() - at).order(array.order());
            chunks.add(key.offset(), rest);
            at += itemBytes(rest);
        }
        return chunks;
    }

    private static int itemBytes(ByteBuffer item) {
        return HEADER_BYTES + stripesOf(item) * STRIPE_BYTES;
    }

    private static int stripesOf(ByteBuffer item) {
        return Short.toUnsignedInt(item.getShort(44));
    }

    /** Adds a chunk from its item, which may be longer. */
    void add(long logical, ByteBuffer item) throws UnsureException {
        require(item.limit() >= HEADER_BYTES && item.limit() >= itemBytes(item), "an item is cut off");
        long length = item.getLong(0);
        long flags = item.getLong(24);
        long profile = flags & ~TYPES;
        require(profile == PROFILE_SINGLE || profile == PROFILE_DUP, "unknown profile 0x" + Long.toHexString(profile));
        require(stripesOf(item) == (profile == PROFILE_DUP ? 2 : 1), stripesOf(item) + " copies");
        boolean isSound = logical >= 0
                && length > 0
                && logical <= Long.MAX_VALUE - length
                && length % superblock.sectorBytes() == 0
                && logical % superblock.sectorBytes() == 0;
        require(isSound, length + " bytes at logical " + logical);
        List<Long> places = new ArrayList<>();
        for (int stripe = 0; stripe < stripesOf(item); stripe++) {
            int at = HEADER_BYTES + stripe * STRIPE_BYTES;
            long place = item.getLong(at + 8);
            require(item.getLong(at) == superblock.deviceNumber(), "it is on another device");
            boolean isInside =
                    place >= 0 && length <= superblock.deviceBytes() && place <= superblock.deviceBytes() - length;
            require(isInside, length + " bytes at " + place + " of the device");
            places.add(place);
        }
        insert(new Chunk(logical, length, flags, List.copyOf(places)));
    }

    private void insert(Chunk chunk) throws UnsureException {
        Map.Entry<Long, Chunk> before = chunks.floorEntry(chunk.logical() + chunk.length() - 1);
        boolean overlaps = before != null && before.getKey() + before.getValue().length() > chunk.logical();
        require(!overlaps, "two overlap at logical " + chunk.logical());
        require(chunks.size() < MAX_CHUNKS, "too many");
        chunks.put(chunk.logical(), chunk);
    }

    /** The chunk that holds a whole range; throws when there is none. */
    Chunk find(long logical, long bytes) throws UnsureException {
        Map.Entry<Long, Chunk> entry = chunks.floorEntry(logical);
        require(
                entry != null && bytes > 0 && entry.getValue().contains(logical, bytes),
                "none holds " + bytes + " bytes at logical " + logical);
        return entry.getValue();
    }

    Collection<Chunk> all() {
        return chunks.values();
    }

    /** Throws unless all of {@code others} are among these. */
    void requireAll(BtrfsChunks others) throws UnsureException {
        for (Chunk chunk : others.all()) {
            require(chunk.equals(chunks.get(chunk.logical())), "the superblock's list differs from the tree");
        }
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("Btrfs chunks: " + otherwise);
        }
    }
}
