package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;

/**
 * exFAT: its allocation bitmap, found through the root directory. Believed only when the bitmap is whole and marks itself, the root
 * directory and the up-case table. Source: Microsoft, "exFAT file system specification", sections 3, 4, 6 and 7.
 */
public final class ExfatReader implements FileSystemReader {
    private static final int ENTRY_BYTES = 32;
    private static final int TYPE_END = 0x00;
    private static final int TYPE_BITMAP = 0x81;
    private static final int TYPE_UPCASE = 0x82;
    private static final int TYPE_LABEL = 0x83;
    private static final int MAX_LABEL_CHARS = 11;

    /** Longest root directory that the specification allows; also ends loops in its chain. */
    private static final long MAX_DIRECTORY_BYTES = 256L << 20;

    /** Two bytes for each UTF-16 unit. */
    private static final long MAX_UPCASE_BYTES = 128 << 10;

    private static final int PIECE_BYTES = 64 * 1024;

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

    /** A file that only the root directory names: first cluster and length. */
    private record Extent(long firstCluster, long bytes) {}

    /** Takes the pieces of a chain of clusters; false ends it. */
    @FunctionalInterface
    private interface PieceConsumer {
        boolean accept(ByteBuffer piece) throws UnsureException;
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
            return checked();
        }

        private UsedMap checked() throws UnsureException {
            UsedMap map = used.build();
            UsedMap metadata = needed.build();
            long first = metadata.nextUsed(0);
            while (first < metadata.sizeBytes()) {
                long end = metadata.nextFree(first);
                ExfatBootSector.require(map.nextFree(first) >= end, "its own structures are marked free");
                first = metadata.nextUsed(end);
            }
            return map;
        }

        void readRoot() throws UnsureException, DeviceException {
            forEachPiece(new Extent(boot.rootCluster(), MAX_DIRECTORY_BYTES), this::readEntries);
        }

        private boolean readEntries(ByteBuffer piece) throws UnsureException {
            for (int at = 0; at + ENTRY_BYTES <= piece.limit(); at += ENTRY_BYTES) {
                int type = Byte.toUnsignedInt(piece.get(at));
                switch (type) {
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
                        // Files and directories: the bitmap covers them.
                    }
                }
            }
            return true;
        }

        private static Extent extentAt(ByteBuffer piece, int at) {
            return new Extent(Integer.toUnsignedLong(piece.getInt(at + 20)), piece.getLong(at + 24));
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
            long left = extent.bytes();
            long cluster = extent.firstCluster();
            while (left > 0) {
                ExfatBootSector.require(boot.isCluster(cluster), "a chain of clusters leads to cluster " + cluster);
                needed.use(boot.clusterOffset(cluster), boot.clusterBytes());
                long inCluster = Math.min(left, boot.clusterBytes());
                for (long at = 0; at < inCluster; at += PIECE_BYTES) {
                    long length = Math.min(PIECE_BYTES, inCluster - at);
                    if (!consumer.accept(
                            VolumeBytes.little(volume, boot.clusterOffset(cluster) + at, length, "exFAT cluster"))) {
                        return;
                    }
                }
                left -= inCluster;
                cluster = next(cluster);
                if (cluster == 0xFFFF_FFFFL) {
                    return;
                }
            }
        }

        private long next(long cluster) throws UnsureException, DeviceException {
            ByteBuffer entry = VolumeBytes.little(volume, boot.fatEntryOffset(cluster), Integer.BYTES, "exFAT FAT");
            return Integer.toUnsignedLong(entry.getInt(0));
        }
    }
}
