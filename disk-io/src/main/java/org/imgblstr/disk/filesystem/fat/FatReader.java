package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * FAT12, FAT16 and FAT32: every cluster whose entry is not zero. Believed only when the copies of the FAT are the same and the chains are
 * sound: no link to a free cluster, none to one that has another link, no file that begins in a free one. Source: Microsoft, "FAT32 File System Specification", 1.03.
 */
public final class FatReader implements FileSystemReader {
    /** By this name the reader knows it. */
    public static final String NAME = "vfat";

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        try {
            FatBootSector boot = FatBootSector.readUnchecked(volume);
            return boot.isFat() ? Optional.of(new Identity(NAME, boot.label())) : Optional.empty();
        } catch (UnsureException tooShort) {
            return Optional.empty();
        }
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        FatBootSector boot = FatBootSector.readUnchecked(volume);
        boot.check(volume.sizeBytes());
        return new Walk(volume, boot).map();
    }

    /** One reading of one volume. The two bit sets need at most 2^28 bits each, and a bit for each cluster there is room for. */
    private static final class Walk {
        /** A multiple of 3 entries of 12 bits, of 16 and of 32 bits, and of every sector size. */
        private static final int CHUNK_BYTES = 3 * 4096 * 32;

        private static final int BAD_CLUSTER = 0x0FFF_FFF7;

        private final BlockSource volume;
        private final FatBootSector boot;
        private final int endCluster;
        private final BitSet used = new BitSet();
        private final BitSet linked = new BitSet();
        private ByteBuffer lastChunk;
        private long lastChunkOffset = -1;

        Walk(BlockSource volume, FatBootSector boot) {
            this.volume = volume;
            this.boot = boot;
            this.endCluster = (int) boot.clusterCount() + 2;
        }

        UsedMap map() throws UnsureException, DeviceException {
            FatBootSector.require(boot.isMirrored() || boot.fatCount() == 1, "its FATs are not mirrored");
            long fatBytes = boot.fatSectors() * boot.sectorBytes();
            long entriesEnd = ((long) endCluster * boot.entryBits() + 7) / Byte.SIZE;
            for (long at = 0; at < fatBytes; at += CHUNK_BYTES) {
                ByteBuffer chunk = readFat(0, at, fatBytes);
                FatBootSector.require(
                        boot.fatCount() == 1 || readFat(1, at, fatBytes).equals(chunk), "its two FATs differ");
                if (at < entriesEnd) {
                    readEntries((int) (at * Byte.SIZE / boot.entryBits()), chunk);
                }
            }
            linked.andNot(used);
            FatBootSector.require(linked.isEmpty(), "a file continues in a free cluster");
            FatBootSector.require(
                    !boot.isFat32() || used.get((int) boot.rootCluster()), "its root directory is marked free");
            new FatDirectories(volume, boot, used, this::next).requireUsed();
            return mapOfClusters();
        }

        private int next(int cluster) throws UnsureException, DeviceException {
            int perChunk = CHUNK_BYTES * Byte.SIZE / boot.entryBits();
            long at = (long) (cluster / perChunk) * CHUNK_BYTES;
            if (at != lastChunkOffset) {
                lastChunk = readFat(0, at, boot.fatSectors() * boot.sectorBytes());
                lastChunkOffset = at;
            }
            return entry(lastChunk, cluster % perChunk);
        }

        private ByteBuffer readFat(int number, long at, long fatBytes) throws UnsureException, DeviceException {
            long length = Math.min(CHUNK_BYTES, fatBytes - at);
            return VolumeBytes.little(volume, boot.fatOffset(number) + at, length, "FAT");
        }

        private void readEntries(int firstCluster, ByteBuffer chunk) throws UnsureException {
            int count = (int) Math.min(chunk.capacity() * 8L / boot.entryBits(), endCluster - firstCluster);
            for (int i = 0; i < count; i++) {
                int entry = entry(chunk, i);
                if (firstCluster + i < 2) {
                    checkReserved(firstCluster + i, entry);
                } else if (entry != 0) {
                    use(firstCluster + i, entry);
                }
            }
        }

        /** An entry, with the special values of all three types brought to those of FAT32. */
        private int entry(ByteBuffer chunk, int index) {
            return switch (boot.entryBits()) {
                case 12 -> widened((chunk.getShort(index * 3 / 2) >>> (index % 2 * 4)) & 0xFFF, 0xFF7);
                case 16 -> widened(Short.toUnsignedInt(chunk.getShort(index * 2)), 0xFFF7);
                default -> chunk.getInt(index * 4) & 0x0FFF_FFFF;
            };
        }

        private static int widened(int entry, int firstSpecial) {
            return entry < firstSpecial ? entry : entry | 0x0FFF_FFF0;
        }

        /** Entry 0 repeats the media byte; the two high bits of entry 1 say "clean" and "no errors" except on FAT12. */
        private void checkReserved(int index, int entry) throws UnsureException {
            FatBootSector.require(
                    index != 0 || (entry & 0xFF) == boot.media(),
                    "its first FAT does not begin with the media byte of the boot sector");
            if (index == 1 && boot.entryBits() != 12) {
                int clean = boot.isFat32() ? 0x0C00_0000 : 0xC000;
                FatBootSector.require((entry & clean) == clean, "not cleanly unmounted, or with errors: run fsck.fat");
            }
        }

        private void use(int cluster, int entry) throws UnsureException {
            used.set(cluster);
            if (entry >= BAD_CLUSTER) {
                return;
            }
            FatBootSector.require(
                    boot.isCluster(entry),
                    "cluster " + cluster + " continues at cluster " + entry + ", which does not exist");
            FatBootSector.require(!linked.get(entry), "two files continue at cluster " + entry);
            linked.set(entry);
        }

        private UsedMap mapOfClusters() {
            UsedMapBuilder map = new UsedMapBuilder(volume.sizeBytes());
            long clusterBytes = boot.clusterBytes();
            long dataEnd = boot.dataOffset() + boot.clusterCount() * clusterBytes;
            map.use(0, boot.dataOffset()).use(dataEnd, volume.sizeBytes() - dataEnd);
            for (int from = used.nextSetBit(2); from >= 0; ) {
                int to = used.nextClearBit(from);
                map.use(boot.dataOffset() + (from - 2) * clusterBytes, (to - from) * clusterBytes);
                from = used.nextSetBit(to);
            }
            return map.build();
        }
    }
}
