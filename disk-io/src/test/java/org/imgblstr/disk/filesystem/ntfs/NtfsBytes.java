package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.imgblstr.disk.filesystem.FsTools;

/** Volumes that mkfs.ntfs has made, and what stands in them, for tests that change it. */
final class NtfsBytes {
    static final int RECORD_BYTES = 1024;

    private NtfsBytes() {}

    /** Little-endian, from a byte on. */
    static ByteBuffer little(byte[] content, int at) {
        return ByteBuffer.wrap(content, at, content.length - at).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A record of the MFT. */
    static ByteBuffer record(byte[] content, int number) {
        long mft = little(content, 0).getLong(0x30) * 4096;
        return little(content, (int) mft + number * RECORD_BYTES);
    }

    /** Where a record has the first attribute of a type. */
    static int attribute(ByteBuffer record, int type) {
        int at = record.getShort(0x14);
        while (record.getInt(at) != type) {
            at += record.getInt(at + 4);
        }
        return at;
    }

    /** The record of a file. */
    static ByteBuffer named(byte[] content, String name) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String wide = new String(name.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
        for (int number = 24; number < 100; number++) {
            ByteBuffer record = record(content, number);
            int at = record.arrayOffset();
            if (record.getInt(0) == 0x454C_4946
                    && text.substring(at, at + RECORD_BYTES).contains(wide)) {
                return record;
            }
        }
        throw new AssertionError("no file " + name);
    }

    /** A volume with nothing in it. */
    static Path make(Path folder, int mebibytes, int clusterBytes, int sectorBytes) throws Exception {
        Path volume = FsTools.sparse(folder, "ntfs" + System.nanoTime(), (long) mebibytes << 20);
        String[] sizes = {"-c", Integer.toString(clusterBytes), "-s", Integer.toString(sectorBytes)};
        FsTools.run("sh", "-c", "mkfs.ntfs -F -q -Q -L 'My Label' " + String.join(" ", sizes) + " " + volume);
        return volume;
    }
}
