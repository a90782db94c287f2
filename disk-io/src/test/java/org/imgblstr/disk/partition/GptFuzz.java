package org.imgblstr.disk.partition;

import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/** GUID partition tables and their backups, patched, with checksums that hold or do not. Rules: {@link TableRun}. */
public final class GptFuzz {
    private static final int SECTORS = 6144;
    private static final int PRIMARY = 512;
    private static final int BACKUP = (SECTORS - 1) * 512;
    private static final PatchedBytes DISK = new PatchedBytes(
            gptDisk(512, SECTORS, gptEntry(1, 40, 60, "a"), gptEntry(2, 61, 100, "b")),
            TableRun.sectors(512, 0, 1, 2, 3, SECTORS - 33, SECTORS - 32, SECTORS - 1, 40, 61));

    private GptFuzz() {}

    /** Flags: bit 0 puts the checksums of the table right, bit 1 those of the backup; then the changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int flags = in.u8();
        try {
            DISK.patch(in);
            if ((flags & 1) != 0) {
                reseal(PRIMARY);
            }
            if ((flags & 2) != 0) {
                reseal(BACKUP);
            }
            TableRun.of(DISK.content(), 512);
        } finally {
            DISK.undo();
        }
    }

    /** Entries first, wherever the header says that they are, because the header has their checksum. */
    private static void reseal(int header) {
        ByteBuffer bytes = ByteBuffer.wrap(DISK.content()).order(ByteOrder.LITTLE_ENDIAN);
        long entries = bytes.getLong(header + 72) * 512;
        long length =
                Integer.toUnsignedLong(bytes.getInt(header + 80)) * Integer.toUnsignedLong(bytes.getInt(header + 84));
        if (entries >= 0 && length >= 0 && length <= bytes.capacity() && entries <= bytes.capacity() - length) {
            putInt(header + 88, TableImages.crc(DISK.content(), (int) entries, (int) length));
        }
        int headerBytes = bytes.getInt(header + 12);
        if (headerBytes >= 20 && headerBytes <= 512) {
            putInt(header + 16, 0);
            putInt(header + 16, TableImages.crc(DISK.content(), header, headerBytes));
        }
    }

    private static void putInt(int at, int value) {
        DISK.put(
                at,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }

    /** Inputs that change nothing. */
    public static List<byte[]> seeds() {
        return DISK.seeds(64, (byte) 3);
    }
}
