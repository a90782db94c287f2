package org.imgblstr.disk.filesystem.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Puts files into a fresh exFAT volume and deletes some of them, with clusters all over the volume: few systems that run tests can mount
 * exFAT. Source: Microsoft, "exFAT file system specification", sections 6 and 7.
 */
public final class ExfatWriter {
    private static final int ENTRY_BYTES = 32;
    private static final int SET_ENTRIES = 3;
    private static final int END_OF_CHAIN = -1;

    private final ByteBuffer volume;
    private final Random random;
    private final long fatOffset;
    private final long heapOffset;
    private final int clusterBytes;
    private final int clusterCount;
    private final long bitmapOffset;
    private int rootCluster;
    private int rootAt;
    private int clustersUsed;

    public ExfatWriter(byte[] content, long seed) {
        volume = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        random = new Random(seed);
        int sectorShift = content[108];
        clusterBytes = 1 << (sectorShift + content[109]);
        fatOffset = (long) volume.getInt(80) << sectorShift;
        heapOffset = (long) volume.getInt(88) << sectorShift;
        clusterCount = volume.getInt(92);
        rootCluster = volume.getInt(96);
        while (entryType() != 0x81) {
            rootAt += ENTRY_BYTES;
        }
        bitmapOffset = offsetOf(volume.getInt((int) offsetOf(rootCluster) + rootAt + 20));
        while (entryType() != 0) {
            rootAt += ENTRY_BYTES;
        }
        for (int cluster = 2; cluster < clusterCount + 2; cluster++) {
            clustersUsed += isUsed(cluster) ? 1 : 0;
        }
    }

    /** Makes {@code count} files of up to {@code mostClusters} clusters; two in five are deleted again. */
    public void age(int count, int mostClusters) {
        for (int i = 0; i < count; i++) {
            List<Integer> clusters = new ArrayList<>();
            int wanted = random.nextInt(mostClusters + 1);
            while (clusters.size() < wanted) {
                clusters.add(allocate());
            }
            boolean isDeleted = random.nextInt(5) < 2;
            addEntries("F" + i, clusters, isDeleted);
            if (isDeleted) {
                clusters.forEach(cluster -> mark(cluster, false));
            }
        }
    }

    /** Makes a file of two clusters, its second one marked free; {@code isContiguous}: it has no chain in the FAT. */
    void addFileWithFreeCluster(boolean isContiguous) {
        int first = allocatePair();
        addEntries("HIDDEN", List.of(first, first + 1), false);
        if (isContiguous) {
            volume.put((int) offsetOf(rootCluster) + rootAt - 2 * ENTRY_BYTES + 1, (byte) 3);
            link(first, 0);
            link(first + 1, 0);
        }
        mark(first + 1, false);
    }

    /** Makes a directory in a directory, with a file in it; the cluster of the inner directory or of its file is marked free. */
    void addDirectoriesWithFreeCluster(boolean isFile) {
        int outer = allocate();
        int inner = allocate();
        int file = allocate();
        addEntries("OUTER", List.of(outer), false);
        volume.put((int) offsetOf(rootCluster) + rootAt - SET_ENTRIES * ENTRY_BYTES + 4, (byte) 0x10);
        putDirectory(outer, inner, (byte) 0x10);
        putDirectory(inner, file, (byte) 0x20);
        mark(isFile ? file : inner, false);
    }

    private void putDirectory(int directory, int child, byte attribute) {
        link(child, END_OF_CHAIN);
        volume.put((int) offsetOf(directory), new byte[clusterBytes]);
        ByteBuffer set = entries("CHILD", List.of(child)).put(4, attribute);
        volume.put((int) offsetOf(directory), set, 0, set.capacity());
    }

    private int allocatePair() {
        int first = allocate();
        while (first > clusterCount || isUsed(first + 1)) {
            first = allocate();
        }
        mark(first + 1, true);
        return first;
    }

    public int clustersUsed() {
        return clustersUsed;
    }

    int clusterBytes() {
        return clusterBytes;
    }

    private int allocate() {
        int cluster = 2 + random.nextInt(clusterCount);
        while (isUsed(cluster)) {
            cluster = cluster == clusterCount + 1 ? 2 : cluster + 1;
        }
        mark(cluster, true);
        return cluster;
    }

    private void addEntries(String name, List<Integer> clusters, boolean isDeleted) {
        for (int i = 0; i < clusters.size(); i++) {
            link(clusters.get(i), i + 1 < clusters.size() ? clusters.get(i + 1) : END_OF_CHAIN);
        }
        ByteBuffer set = entries(name, clusters);
        for (int i = 0; i < SET_ENTRIES; i++) {
            growRoot();
            byte[] entry = new byte[ENTRY_BYTES];
            set.get(i * ENTRY_BYTES, entry);
            entry[0] = (byte) (isDeleted ? entry[0] & 0x7F : entry[0]);
            volume.put((int) offsetOf(rootCluster) + rootAt, entry);
            rootAt += ENTRY_BYTES;
        }
    }

    private ByteBuffer entries(String name, List<Integer> clusters) {
        ByteBuffer set = ByteBuffer.allocate(SET_ENTRIES * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long bytes = (long) clusters.size() * clusterBytes;
        set.put(0, (byte) 0x85).put(1, (byte) 2).putShort(4, (short) 0x20);
        set.putInt(8, 0x5A21_0000).putInt(12, 0x5A21_0000).putInt(16, 0x5A21_0000);
        set.put(32, (byte) 0xC0).put(33, (byte) 1).put(35, (byte) name.length());
        set.putLong(40, bytes)
                .putInt(52, clusters.isEmpty() ? 0 : clusters.get(0))
                .putLong(56, bytes);
        set.put(64, (byte) 0xC1);
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            set.putShort(66 + 2 * i, (short) name.charAt(i));
            hash = rotate16(rotate16(hash) + name.charAt(i) & 0xFFFF);
        }
        set.putShort(36, (short) hash);
        int sum = 0;
        for (int i = 0; i < set.capacity(); i++) {
            sum = i == 2 || i == 3 ? sum : rotate16(sum) + Byte.toUnsignedInt(set.get(i)) & 0xFFFF;
        }
        return set.putShort(2, (short) sum);
    }

    private static int rotate16(int value) {
        return (value << 15 | value >>> 1) & 0xFFFF;
    }

    private void growRoot() {
        if (rootAt == clusterBytes) {
            int next = allocate();
            link(rootCluster, next);
            link(next, END_OF_CHAIN);
            rootCluster = next;
            rootAt = 0;
            volume.put((int) offsetOf(next), new byte[clusterBytes]);
        }
    }

    private int entryType() {
        return Byte.toUnsignedInt(volume.get((int) offsetOf(rootCluster) + rootAt));
    }

    private void link(int cluster, int next) {
        volume.putInt((int) fatOffset + cluster * Integer.BYTES, next);
    }

    private long offsetOf(int cluster) {
        return heapOffset + (long) (cluster - 2) * clusterBytes;
    }

    private boolean isUsed(int cluster) {
        return (volume.get((int) bitmapOffset + (cluster - 2) / 8) >> (cluster - 2) % 8 & 1) != 0;
    }

    private void mark(int cluster, boolean used) {
        int at = (int) bitmapOffset + (cluster - 2) / 8;
        int bit = 1 << (cluster - 2) % 8;
        volume.put(at, (byte) (used ? volume.get(at) | bit : volume.get(at) & ~bit));
        clustersUsed += used ? 1 : -1;
    }
}
