package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.imgblstr.disk.filesystem.UnsureException;

/**
 * One attribute of an MFT record: its content when resident, else the runs of clusters that hold it. Source: Linux-NTFS project, "NTFS
 * Documentation", Attributes, Data Runs. A virtual cluster (VCN) counts from the start of the attribute's content.
 */
final class NtfsAttribute {
    static final int END = 0xFFFF_FFFF;
    static final int FILE_NAME = 0x30;
    static final int VOLUME_NAME = 0x60;
    static final int VOLUME_INFORMATION = 0x70;
    static final int DATA = 0x80;

    /** Both headers are longer; below, not even the length could be read. */
    static final int MIN_BYTES = 16;

    private static final int RESIDENT_BYTES = 0x18;
    private static final int NON_RESIDENT_BYTES = 0x40;
    private static final long HOLE = -1;

    private final ByteBuffer bytes;

    /** Takes the runs of an attribute in order. */
    @FunctionalInterface
    interface RunConsumer {
        /** {@code cluster}: first one on the volume, -1 for a hole; {@code count}: at least 1. */
        void accept(long cluster, long count) throws UnsureException;
    }

    private NtfsAttribute(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** {@code bytes}: the attribute, header to end, at least {@link #MIN_BYTES}. */
    static NtfsAttribute of(ByteBuffer bytes) throws UnsureException {
        NtfsAttribute attribute = new NtfsAttribute(bytes.order(ByteOrder.LITTLE_ENDIAN));
        int flag = bytes.get(8);
        require(flag == 0 || flag == 1, "neither resident nor non-resident");
        require(bytes.limit() >= (flag == 0 ? RESIDENT_BYTES : NON_RESIDENT_BYTES), "shorter than its header");
        return attribute;
    }

    int type() {
        return bytes.getInt(0);
    }

    boolean isUnnamed() {
        return bytes.get(9) == 0;
    }

    boolean isResident() {
        return bytes.get(8) == 0;
    }

    /** Whether it begins here, and its clusters hold its bytes as they are: neither compressed nor encrypted nor sparse. */
    boolean isPlainFromStart() {
        return !isResident() && isUnnamed() && firstVcn() == 0 && bytes.getShort(0xC) == 0;
    }

    /** The content of a resident attribute, little-endian. */
    ByteBuffer value() throws UnsureException {
        long length = Integer.toUnsignedLong(bytes.getInt(0x10));
        int offset = Short.toUnsignedInt(bytes.getShort(0x14));
        require(isResident() && offset + length <= bytes.limit(), "content outside of it");
        return bytes.slice(offset, (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** First virtual cluster that this part of a non-resident attribute maps. */
    long firstVcn() {
        return bytes.getLong(0x10);
    }

    /** Virtual cluster behind the last one. */
    long endVcn() {
        return bytes.getLong(0x18) + 1;
    }

    long dataBytes() {
        return bytes.getLong(0x30);
    }

    /** What lies behind was never written. */
    long initialisedBytes() {
        return bytes.getLong(0x38);
    }

    /** Decodes the runs; throws unless they map exactly the virtual clusters that the header says and lie within {@code boot}. */
    void forEachRun(NtfsBootSector boot, RunConsumer consumer) throws UnsureException {
        require(!isResident(), "resident where it must not be");
        require(firstVcn() >= 0 && endVcn() >= firstVcn(), "a negative number of clusters");
        int at = Short.toUnsignedInt(bytes.getShort(0x20));
        long vcn = firstVcn();
        long cluster = 0;
        require(at >= NON_RESIDENT_BYTES && at < bytes.limit(), "runs outside of it");
        while (at < bytes.limit() && bytes.get(at) != 0) {
            int lengthBytes = bytes.get(at) & 0xF;
            int offsetBytes = bytes.get(at) >> 4 & 0xF;
            boolean isSound = lengthBytes >= 1
                    && lengthBytes <= 8
                    && offsetBytes <= 8
                    && at + lengthBytes + offsetBytes < bytes.limit();
            require(isSound, "malformed runs");
            long count = signed(at + 1, lengthBytes);
            require(count > 0 && count <= endVcn() - vcn, "runs longer than it");
            if (offsetBytes == 0) {
                consumer.accept(HOLE, count);
            } else {
                cluster += signed(at + 1 + lengthBytes, offsetBytes);
                require(
                        boot.isCluster(cluster) && count <= boot.clusterCount() - cluster,
                        count + " clusters from " + cluster + " on, outside the volume");
                consumer.accept(cluster, count);
            }
            vcn += count;
            at += 1 + lengthBytes + offsetBytes;
        }
        require(at < bytes.limit() && vcn == endVcn(), "runs shorter than it");
    }

    private long signed(int at, int length) {
        long value = bytes.get(at + length - 1);
        for (int i = length - 2; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(bytes.get(at + i));
        }
        return value;
    }

    private static void require(boolean holds, String otherwise) throws UnsureException {
        if (!holds) {
            throw new UnsureException("NTFS: an attribute is damaged: " + otherwise);
        }
    }
}
