package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * The directories of a FAT, walked to see where files begin: a file whose first cluster is free in the FAT can still be read. Source:
 * Microsoft, "FAT32 File System Specification", 1.03, section "FAT Directory Structure". One reading of one volume.
 */
final class FatDirectories {
    private static final int ENTRY_BYTES = 32;
    private static final int ATTRIBUTES = 11;
    private static final int LABEL = 0x08;
    private static final int DIRECTORY = 0x10;
    private static final byte DELETED = (byte) 0xE5;

    /** Gives the cluster behind another one in its chain; no cluster at its end. */
    @FunctionalInterface
    interface Chains {
        int next(int cluster) throws UnsureException, DeviceException;
    }

    private final BlockSource volume;
    private final FatBootSector boot;
    private final BitSet used;
    private final Chains chains;
    private final BitSet seen = new BitSet();

    /** First clusters of directories to be read: bits, because each entry of each directory may name one. */
    private final BitSet directories = new BitSet();

    /** {@code used}: clusters whose entry in the FAT is not zero. */
    FatDirectories(BlockSource volume, FatBootSector boot, BitSet used, Chains chains) {
        this.volume = volume;
        this.boot = boot;
        this.used = used;
        this.chains = chains;
    }

    /** Throws when a file or directory begins in a cluster that is free, or that does not exist. */
    void requireUsed() throws UnsureException, DeviceException {
        if (boot.isFat32()) {
            directories.set((int) boot.rootCluster());
        } else {
            long offset = boot.rootOffset();
            readEntries(VolumeBytes.little(volume, offset, boot.dataOffset() - offset, "FAT root directory"));
        }
        int next = directories.nextSetBit(0);
        while (next >= 0) {
            directories.clear(next);
            readDirectory(next);
            int behind = directories.nextSetBit(next);
            next = behind >= 0 ? behind : directories.nextSetBit(0);
        }
    }

    private void readDirectory(int first) throws UnsureException, DeviceException {
        int cluster = first;
        boolean isMore = true;
        while (isMore && boot.isCluster(cluster) && !seen.get(cluster)) {
            seen.set(cluster);
            long offset = boot.dataOffset() + (cluster - 2L) * boot.clusterBytes();
            isMore = readEntries(VolumeBytes.little(volume, offset, boot.clusterBytes(), "FAT directory"));
            cluster = chains.next(cluster);
        }
    }

    /** False behind the last entry. */
    private boolean readEntries(ByteBuffer entries) throws UnsureException {
        for (int at = 0; at + ENTRY_BYTES <= entries.limit(); at += ENTRY_BYTES) {
            byte first = entries.get(at);
            if (first == 0) {
                return false;
            }
            // Long names are marked as labels, too. Entries that begin with a dot lead back.
            if (first != DELETED && first != '.' && (entries.get(at + ATTRIBUTES) & LABEL) == 0) {
                onFile(entries, at);
            }
        }
        return true;
    }

    private void onFile(ByteBuffer entries, int at) throws UnsureException {
        boolean isDirectory = (entries.get(at + ATTRIBUTES) & DIRECTORY) != 0;
        int high = boot.isFat32() ? Short.toUnsignedInt(entries.getShort(at + 20)) : 0;
        int cluster = high << Short.SIZE | Short.toUnsignedInt(entries.getShort(at + 26));
        boolean hasContent = isDirectory || entries.getInt(at + 28) != 0;
        if (cluster == 0 || !hasContent) {
            return;
        }
        FatBootSector.require(
                boot.isCluster(cluster) && used.get(cluster),
                "a file begins in the free cluster " + cluster + ": run fsck.fat");
        if (isDirectory && !seen.get(cluster)) {
            directories.set(cluster);
        }
    }
}
