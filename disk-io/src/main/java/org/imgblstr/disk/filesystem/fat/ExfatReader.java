package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * exFAT: its allocation bitmap, found through the root directory. Believed only when the bitmap is whole and marks itself, the up-case
 * table, and all clusters of all directories and files, for which the directories are walked. Source: Microsoft, "exFAT file system specification", sections 3, 4, 6 and 7.
 */
public final class ExfatReader implements FileSystemReader {
    private static final int ENTRY_BYTES = 32;
    private static final int TYPE_END = 0x00;
    private static final int TYPE_BITMAP = 0x81;
    private static final int TYPE_UPCASE = 0x82;
    private static final int TYPE_LABEL = 0x83;
    private static final int TYPE_FILE = 0x85;
    private static final int TYPE_STREAM = 0xC0;
    private static final int MAX_LABEL_CHARS = 11;

    /** Entries that are in use and belong to the one before; those may have clusters. */
    private static final int SECONDARY = 0xC0;

    private static final int HAS_CLUSTERS = 1;
    private static final int IS_CONTIGUOUS = 2;
    private static final int ATTRIBUTE_DIRECTORY = 0x10;

    /** Longest root directory that the specification allows; also ends loops in its chain. */
    private static final long MAX_DIRECTORY_BYTES = 256L << 20;

    /** Two bytes for each UTF-16 unit. */
    private static final long MAX_UPCASE_BYTES = 128 << 10;

    /** Directories that are known are bits, in pages of 2^16 clusters: at most 64 MiB, for directories all over 2^29 clusters. */
    private static final int KNOWN_SHIFT = 16;

    private static final int MAX_KNOWN_PAGES = 1 << 13;

    /** Directories that wait to be read: those beside the ones that are on the way from the root. Some 40 MiB. */
    private static final int MAX_WAITING = 1 << 20;

    private static final int PIECE_BYTES = 64 * 1024;
    private static final long END_OF_CHAIN = 0xFFFF_FFFFL;

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        if (!ExfatBootSector.isExfat(volume)) {
            return Optional.empty();
        }
        try {
            Walk walk = new Walk(volume, ExfatBootSector.read(volume));
            walk.readRoot();
            return Optional.of(new Identity("exfat", walk.label));
        } catch (UnsureException damaged) {
            return Optional.of(new Identity("exfat", ""));
        }
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        return new Walk(volume, ExfatBootSector.read(volume)).map();
    }

    /** What an entry of a directory says of its clusters; contiguous ones have no chain in the FAT. */
    private record Extent(long firstCluster, long bytes, boolean isContiguous) {}

    /** Takes the pieces of a chain of clusters; false ends it. */
    @FunctionalInterface
    private interface PieceConsumer {
        boolean accept(ByteBuffer piece) throws UnsureException, DeviceException;
    }

    /** Takes the clusters of a file, and how many bytes of each belong to it; false ends it. */
    @FunctionalInterface
    private interface ClusterConsumer {
        boolean accept(long cluster, long bytes) throws UnsureException, DeviceException;
    }

    /** One reading of one volume. */
    private static final class Walk {
        private final BlockSource volume;
        private final ExfatBootSector boot;
        private final UsedMapBuilder used;
        private final UsedMapBuilder needed;
        private String label = "";
        private Extent bitmap;
        private Extent upcase;
        private long nextCluster = 2;
        private final Deque<Extent> directories = new ArrayDeque<>();
        private final Map<Long, BitSet> knownDirectories = new HashMap<>();
        private boolean isOfDirectory;
        private long clustersNeeded;
        private long fatPageOffset = -1;
        private ByteBuffer fatPage;

        Walk(BlockSource volume, ExfatBootSector boot) {
            this.volume = volume;
            this.boot = boot;
            this.used = new UsedMapBuilder(volume.sizeBytes());
            this.needed = new UsedMapBuilder(volume.sizeBytes());
        }

        UsedMap map() throws UnsureException, DeviceException {
            long clustersEnd = boot.clusterOffset(boot.clusterCount() + 2);
            used.use(0, boot.clusterOffset(2)).use(clustersEnd, volume.sizeBytes() - clustersEnd);
            readRoot();
            ExfatBootSector.require(
                    bitmap != null && upcase != null, "its root directory lacks the bitmap or the up-case table");
            ExfatBootSector.require(bitmap.bytes() >= (boot.clusterCount() + 7) / 8, "its bitmap is too short");
            forEachPiece(bitmap, this::useBits);
            ExfatBootSector.require(nextCluster >= boot.clusterCount() + 2, "its bitmap is too short");
            ExfatBootSector.require(upcase.bytes() <= MAX_UPCASE_BYTES, "its up-case table is too long");
            forEachPiece(upcase, piece -> true);
            directories.push(root());
            while (!directories.isEmpty()) {
                isOfDirectory = false;
                forEachPiece(directories.pop(), this::readFiles);
            }
            return checked();
        }

        private UsedMap checked() throws UnsureException {
            UsedMap map = used.build();
            ExfatBootSector.require(
                    map.covers(needed.build()),
                    "files, directories or its own structures are marked free: run fsck.exfat");
            return map;
        }

        void readRoot() throws UnsureException, DeviceException {
            forEachPiece(root(), this::readRootEntries);
        }

        private Extent root() throws UnsureException {
            isNewDirectory(boot.rootCluster());
            return new Extent(boot.rootCluster(), MAX_DIRECTORY_BYTES, false);
        }

        private boolean readRootEntries(ByteBuffer piece) throws UnsureException {
            for (int at = 0; at + ENTRY_BYTES <= piece.limit(); at += ENTRY_BYTES) {
                switch (Byte.toUnsignedInt(piece.get(at))) {
                    case TYPE_END -> {
                        return false;
                    }
                    case TYPE_BITMAP -> {
                        ExfatBootSector.require(bitmap == null, "it has two bitmaps: transactional exFAT is unknown");
                        bitmap = extentAt(piece, at);
                    }
                    case TYPE_UPCASE -> {
                        ExfatBootSector.require(upcase == null, "it has two up-case tables");
                        upcase = extentAt(piece, at);
                    }
                    case TYPE_LABEL -> label = labelAt(piece, at);
                    default -> {
                        // Files and directories: they are those of any directory.
                    }
                }
            }
            return true;
        }

        /** Notes what files have, and which directories there are; false behind the last entry. */
        private boolean readFiles(ByteBuffer piece) throws UnsureException, DeviceException {
            for (int at = 0; at + ENTRY_BYTES <= piece.limit(); at += ENTRY_BYTES) {
                int type = Byte.toUnsignedInt(piece.get(at));
                if (type == TYPE_END) {
                    return false;
                }
                if (type == TYPE_FILE) {
                    isOfDirectory = (piece.getShort(at + 4) & ATTRIBUTE_DIRECTORY) != 0;
                } else if ((type & SECONDARY) == SECONDARY && (piece.get(at + 1) & HAS_CLUSTERS) != 0) {
                    onFile(extentAt(piece, at), type == TYPE_STREAM && isOfDirectory);
                }
            }
            return true;
        }

        private void onFile(Extent extent, boolean isDirectory) throws UnsureException, DeviceException {
            long most = isDirectory ? MAX_DIRECTORY_BYTES : boot.clusterCount() * boot.clusterBytes();
            ExfatBootSector.require(
                    extent.bytes() >= 0 && extent.bytes() <= most, "a file of " + extent.bytes() + " bytes");
            if (extent.bytes() == 0) {
                return;
            }
            if (!isDirectory && extent.isContiguous()) {
                long count = (extent.bytes() + boot.clusterBytes() - 1) / boot.clusterBytes();
                long last = extent.firstCluster() + count - 1;
                ExfatBootSector.require(
                        boot.isCluster(extent.firstCluster()) && boot.isCluster(last),
                        "a file leads to cluster " + last);
                needed.use(boot.clusterOffset(extent.firstCluster()), count * boot.clusterBytes());
            } else if (!isDirectory) {
                forEachCluster(extent, (cluster, bytes) -> true);
            } else if (isNewDirectory(extent.firstCluster())) {
                ExfatBootSector.require(
                        directories.size() < MAX_WAITING, "it has too many directories beside each other");
                directories.push(extent);
            }
        }

        /** Notes where a directory begins; false when that is known. */
        private boolean isNewDirectory(long cluster) throws UnsureException {
            BitSet page = knownDirectories.computeIfAbsent(cluster >>> KNOWN_SHIFT, first -> new BitSet());
            ExfatBootSector.require(knownDirectories.size() <= MAX_KNOWN_PAGES, "its directories are too far apart");
            int bit = (int) cluster & (1 << KNOWN_SHIFT) - 1;
            boolean isNew = !page.get(bit);
            page.set(bit);
            return isNew;
        }

        private static Extent extentAt(ByteBuffer piece, int at) {
            boolean isContiguous =
                    Byte.toUnsignedInt(piece.get(at)) >= SECONDARY && (piece.get(at + 1) & IS_CONTIGUOUS) != 0;
            return new Extent(Integer.toUnsignedLong(piece.getInt(at + 20)), piece.getLong(at + 24), isContiguous);
        }

        private static String labelAt(ByteBuffer piece, int at) {
            int chars = Math.min(Byte.toUnsignedInt(piece.get(at + 1)), MAX_LABEL_CHARS);
            byte[] text = new byte[2 * chars];
            piece.get(at + 2, text);
            return new String(text, StandardCharsets.UTF_16LE);
        }

        private boolean useBits(ByteBuffer piece) {
            BitSet bits = BitSet.valueOf(piece);
            int count = (int) Math.min(piece.limit() * 8L, boot.clusterCount() + 2 - nextCluster);
            for (int from = bits.nextSetBit(0); from >= 0 && from < count; ) {
                int to = Math.min(bits.nextClearBit(from), count);
                used.use(boot.clusterOffset(nextCluster + from), (long) (to - from) * boot.clusterBytes());
                from = bits.nextSetBit(to);
            }
            nextCluster += count;
            return nextCluster < boot.clusterCount() + 2;
        }

        /** Reads a chain to the end of its extent or of the chain, and notes its clusters as needed. */
        private void forEachPiece(Extent extent, PieceConsumer consumer) throws UnsureException, DeviceException {
            forEachCluster(extent, (cluster, bytes) -> {
                for (long at = 0; at < bytes; at += PIECE_BYTES) {
                    long length = Math.min(PIECE_BYTES, bytes - at);
                    long offset = boot.clusterOffset(cluster) + at;
                    if (!consumer.accept(VolumeBytes.little(volume, offset, length, "exFAT cluster"))) {
                        return false;
                    }
                }
                return true;
            });
        }

        private void forEachCluster(Extent extent, ClusterConsumer consumer) throws UnsureException, DeviceException {
            long left = extent.bytes();
            long cluster = extent.firstCluster();
            while (left > 0 && cluster != END_OF_CHAIN) {
                ExfatBootSector.require(boot.isCluster(cluster), "a chain of clusters leads to cluster " + cluster);
                // Of a sound volume no cluster is needed twice, but the root directory is read twice.
                ExfatBootSector.require(++clustersNeeded <= 2 * boot.clusterCount(), "files share clusters");
                needed.use(boot.clusterOffset(cluster), boot.clusterBytes());
                long inCluster = Math.min(left, boot.clusterBytes());
                if (!consumer.accept(cluster, inCluster)) {
                    return;
                }
                left -= inCluster;
                cluster = left == 0 || extent.isContiguous() ? cluster + 1 : next(cluster);
            }
        }

        private long next(long cluster) throws UnsureException, DeviceException {
            long offset = boot.fatEntryOffset(cluster);
            long page = offset - offset % PIECE_BYTES;
            if (page != fatPageOffset) {
                long length = Math.min(PIECE_BYTES, volume.sizeBytes() - page);
                fatPage = VolumeBytes.little(volume, page, length, "exFAT FAT");
                fatPageOffset = page;
            }
            return Integer.toUnsignedLong(fatPage.getInt((int) (offset - page)));
        }
    }
}
